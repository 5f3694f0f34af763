# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances' groups as they are declared: what is wanted of each color, and that AWS's words lead back to ours."""

from __future__ import annotations

from copy import deepcopy

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute import declared as declaration
from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute import group as groups
from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute import policy, role, template
from ansible_collections.seamless.delivery.plugins.module_utils.aws.plan import resolve, same
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, StackError

STACK = {"seamless:stack": "shop"}
OTHERS = [
    Address("subnet", "shop-private-a"),
    Address("subnet", "shop-public-a"),
    Address("security group", "shop-app"),
    Address("target group", "shop-blue"),
    Address("target group", "shop-green"),
    Address("load balancer", "shop"),
]
OWN = {"blue": "arn:blue", "green": "arn:green"}


def given(**options):
    asked = {"image": "ami-1", "instance_types": ["t3.small"], "size": {"min": 2, "max": 6}, **options}
    validated = ArgumentSpecValidator(declaration.ARGUMENTS).validate(deepcopy(asked))
    assert not validated.error_messages
    return validated.validated_parameters


def wanted(there=None, others=OTHERS, **options):
    stack = declaration.Stack("shop", others, STACK, True, there or {})
    return {str(one.address): one for one in declaration.wanted(stack, given(**options))}


def known(ids="id-1"):
    """Every reference led to something."""
    kinds = ("vpc", "role", "instance profile", "launch template", "autoscaling group")
    addresses = [*OTHERS, *(Address(kind, name) for kind in kinds for name in ("shop", "shop-blue", "shop-green"))]
    parts = ("id", "arn", "name")
    return {
        address: {**dict.fromkeys(parts, f"{address.name}-{ids}"), "suffix": _suffix(address)} for address in addresses
    }


def _suffix(address):
    return f"app/{address.name}/1" if address.kind == "load balancer" else f"targetgroup/{address.name}/2"


# -- which color has which sizes -------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "sizes"),
    [
        pytest.param({}, {"blue": {"min": 2, "max": 6}, "green": {}}, id="nothing is there: blue begins"),
        pytest.param({"blue": 6, "green": 0}, {"blue": {"min": 2, "max": 6}, "green": {}}, id="blue is live"),
        pytest.param({"blue": 0, "green": 6}, {"blue": {}, "green": {"min": 2, "max": 6}}, id="green is live"),
        pytest.param({"blue": 0, "green": 0}, {"blue": {}, "green": {}}, id="both were parked"),
        pytest.param({"green": 6}, {"blue": {}, "green": {"min": 2, "max": 6}}, id="blue was lost"),
        pytest.param({"green": 0}, {"blue": {"min": 2, "max": 6}, "green": {}}, id="blue was lost, green is parked"),
    ],
)
def test_sizes_are_compared_where_there_is_capacity(there, sizes):
    found = wanted(there)
    for color, its in sizes.items():
        one = found[f"autoscaling group shop-{color}"]
        assert {key: one.properties[key] for key in ("min", "max") if key in one.properties} == its
        assert ("warm_pool" in one.properties) is bool(its)
        assert one.once["desired"] == (2 if its else 0)


def test_a_least_that_a_schedule_sets_is_given_once():
    found = wanted(schedules=[{"name": "day", "recurrence": "0 8 * * *", "min": 4}])["autoscaling group shop-blue"]
    assert "min" not in found.properties
    assert (found.once["min"], found.properties["max"]) == (2, 6)


def test_the_desired_capacity_is_never_compared():
    found = wanted(size={"min": 1, "max": 5, "desired": 3})["autoscaling group shop-blue"]
    assert "desired" not in found.properties
    assert found.once["desired"] == 3


# -- what they build on ----------------------------------------------------------------------


def test_an_own_profile_needs_no_role():
    found = wanted(instance_profile="arn:aws:iam::1:instance-profile/own")
    assert {one.split(" shop")[0] for one in found} == {"launch template", "autoscaling group"}


def test_public_addresses_need_public_subnets():
    subnets = [
        next(iter(wanted(public_address=public)["autoscaling group shop-blue"].properties["subnets"])).to.name
        for public in (False, True)
    ]
    assert subnets == ["shop-private-a", "shop-public-a"]


@pytest.mark.parametrize(
    ("missing", "option"),
    [("subnet", "subnets"), ("security group", "security_groups"), ("target group", "target_groups")],
)
def test_what_is_missing_is_named_by_the_option_that_would_do_instead(missing, option):
    with pytest.raises(StackError, match=f"^{option}: "):
        wanted(others=[one for one in OTHERS if one.kind != missing])


def test_own_target_groups_take_the_place_of_the_stacks():
    found = wanted(target_groups=OWN)
    assert found["autoscaling group shop-green"].properties["target_groups"] == {"arn:green"}


# -- to AWS and back -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"user_data": "#!/bin/sh\necho ä", "metadata_hops": 2, "public_address": True},
        {"volume": {"iops": 4000, "throughput": 250, "kms_key": "k"}, "detailed_monitoring": False},
        {"instance_profile": "own"},
        {"instance_profile": "arn:aws:iam::1:instance-profile/own"},
    ],
)
def test_a_launch_template_comes_back_as_it_was_declared(options):
    properties = resolve(wanted(**options)["launch template shop-blue"].properties, known())
    assert same(properties, template.in_words(template.data(properties)))


def test_user_data_that_is_no_text_stays_as_it_is():
    assert template.in_words({"UserData": "H4sIAA=="})["user_data"] == "H4sIAA=="


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"instance_types": ["a", "b"], "spot": {"share": 70, "on_demand_base": 1}},
        {"warm_pool": {"max_prepared": 3, "reuse": True}, "maintenance": {"min_healthy": 50, "max_healthy": 100}},
        {"hooks": [{"name": "b", "transition": "launching"}, {"name": "a", "transition": "terminating"}]},
        {"health_check": {"type": "EC2"}, "group_metrics": False},
    ],
)
def test_a_group_comes_back_as_it_was_declared(options):
    one = wanted(**options)["autoscaling group shop-blue"]
    properties = resolve({**one.once, **one.properties}, known())
    told = {
        **groups.parameters(properties, properties.keys()),
        **groups.instances(properties["template"], "3", properties["mixed"]),
        "TargetGroupARNs": list(properties["target_groups"]),
        "EnabledMetrics": ["all"] if properties["group_metrics"] else [],
        "WarmPoolConfiguration": groups.warm_pool(properties["warm_pool"]) if properties["warm_pool"] else None,
        "Tags": groups.tags("shop-blue", properties["tags"], properties["has"]),
    }
    found = groups.in_words(told, [groups.hook(hook) for hook in reversed(properties["hooks"])])
    assert same(properties, found)
    assert found["version"] == "3"


def test_a_warm_pool_that_is_going_is_none():
    assert (
        groups.in_words({"HealthCheckType": "EC2", "WarmPoolConfiguration": {"Status": "PendingDelete"}}, [])[
            "warm_pool"
        ]
        is False
    )


STEPS = [{"lower_bound": 20, "scaling_adjustment": 3}, {"upper_bound": 20, "scaling_adjustment": 1}]
CUSTOM = {"namespace": "N", "name": "Waiting", "dimensions": {"Color": "{color}", "App": "shop"}, "period": 10}


@pytest.mark.parametrize("name", ["blue", "green"])
@pytest.mark.parametrize(
    "declared",
    [
        {"target": 50},
        {"target": 50, "scale_in": False, "metric": "network_out"},
        {"target": 50, "metric": "requests"},
        {"target": 50, "metric": "requests", "resource_label": "app/own/1/targetgroup/own-{color}/2"},
        {"target": 50, "custom_metric": CUSTOM},
        {"type": "step", "alarm": {"threshold": 70}, "step_adjustments": STEPS},
        {"type": "step", "alarm": {"threshold": 7, "when": "below"}, "step_adjustments": STEPS, "metric": "requests"},
        {"type": "step", "alarm": {"threshold": 7, "periods": 3}, "step_adjustments": STEPS, "custom_metric": CUSTOM},
        {"type": "predictive", "target": 50, "metric": "network_in"},
        {"type": "predictive", "target": 50, "mode": "forecast_only", "buffer": 600},
    ],
)
def test_a_policy_comes_back_as_it_was_declared(name, declared):
    one = wanted(policies=[{"name": "p", **declared}])[f"scaling policy shop-{name}/p"]
    properties = resolve(one.properties, known())
    told = {**policy.parameters(properties, ["shop-blue", "shop-green"]), "AutoScalingGroupName": properties["group"]}
    alarms = {}
    if properties["type"] == "step":
        alarms["a"] = policy.alarm("a", properties, "arn")
        told["Alarms"] = [{"AlarmName": "a"}]
    found = policy.in_words(told, alarms)
    assert same(properties, found)
    assert same(found, properties)


def test_a_forecast_counts_both_colors_and_the_values_of_five_minutes():
    queries = {}
    for detailed in (True, False):
        one = wanted(policies=[{"name": "p", "type": "predictive", "target": 50}], detailed_monitoring=detailed)
        properties = resolve(one["scaling policy shop-green/p"].properties, known())
        told = policy.parameters(properties, ["shop-blue", "shop-green"])["PredictiveScalingConfiguration"]
        specification = told["MetricSpecifications"][0]["CustomizedScalingMetricSpecification"]
        queries[detailed] = {one["Id"]: one["Expression"] for one in specification["MetricDataQueries"]}
    assert queries[True]["average"] == "load_sum / (capacity_sum * 5)"
    assert queries[False]["average"] == "load_sum / (capacity_sum * 1)"
    both = '(AutoScalingGroupName="shop-blue" OR AutoScalingGroupName="shop-green")'
    assert all(both in queries[True][one] for one in ("load_sum", "capacity_sum"))


# -- what instances may do -------------------------------------------------------------------


def test_instances_may_read_what_is_declared_and_be_reached_by_session_manager():
    secret = "arn:aws:secretsmanager:eu-central-1:1:secret:shop/db-AbCdEf"
    parameter = "arn:aws:ssm:eu-central-1:1:parameter/shop/*"
    sessions, *rest = role.permissions(["arn:aws-cn:s3:::releases/shop/*", secret, parameter])
    assert {action.partition(":")[0] for action in sessions["Action"]} == {"ssm", "ssmmessages"}
    assert not any("Parameter" in action for action in sessions["Action"])
    assert [one["Resource"] for one in rest] == [["arn:aws-cn:s3:::releases/shop/*"], [secret], [parameter]]


@pytest.mark.parametrize(
    "arn", ["*", "arn:aws:s3:::*", "arn:aws:s3:::*/*", "arn:aws:s3:::bucket", "arn:aws:iam::1:role/x", "releases/shop"]
)
def test_too_much_or_nothing_to_read_is_refused(arn):
    assert any("may_read" in wrong for wrong in declaration.check(given(may_read=[arn])))


# -- what cannot be --------------------------------------------------------------------------


def test_what_can_be_is_not_refused():
    assert declaration.check(given(spot={"share": 100}, policies=[{"name": "p", "target": 1}])) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": {"min": 0, "max": 0}}, "max of 1 or more"),
        ({"size": {"min": 2, "max": 6, "desired": 1}}, "size: expected"),
        ({"spot": {"share": 101}}, "spot.share: expected a percentage"),
        ({"spot": {"share": 10}, "warm_pool": {}}, "warm_pool: expected no spot share"),
        ({"volume": {"type": "io2"}}, "volume.iops: expected for io2"),
        ({"volume": {"type": "gp2", "throughput": 250}}, "volume.throughput: expected only for gp3"),
        ({"maintenance": {"min_healthy": 100, "max_healthy": 100}}, "maintenance: expected"),
        ({"maintenance": {"min_healthy": 0, "max_healthy": 101}}, "maintenance: expected"),
        ({"target_groups": {"blue": "arn"}}, "health_check.type: expected EC2"),
        ({"instance_profile": "own", "may_read": ["arn:aws:s3:::b/x"]}, "may_read: expected only without"),
        ({"hooks": [{"name": "h", "transition": "launching"}] * 2}, "hooks: expected each name once"),
        ({"policies": [{"name": "p", "type": "step"}]}, "policies.p: expected alarm and step_adjustments"),
        ({"policies": [{"name": "p", "type": "predictive"}]}, "policies.p.target: expected"),
        (
            {"policies": [{"name": "p", "type": "predictive", "target": 1}], "group_metrics": False},
            "policies.p: expected group_metrics",
        ),
        ({"schedules": [{"name": "s", "recurrence": "0 8 * * *"}]}, "schedules.s: expected min or desired"),
        ({"schedules": [{"name": "s", "recurrence": "daily", "min": 1}]}, "five fields of cron"),
        (
            {"schedules": [{"name": "s", "recurrence": "0 8 * * *", "min": 7}]},
            "schedules.s.min: expected at most size.max",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_named(options, said):
    wrong = declaration.check(given(**options))
    assert len(wrong) == 1
    assert said in wrong[0]


def test_what_is_required_is_asked_for_by_name():
    nothing = ArgumentSpecValidator(declaration.ARGUMENTS).validate({}).validated_parameters
    assert [wrong.partition(":")[0] for wrong in declaration.check(nothing)] == ["image", "instance_types", "size"]
