# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.releases.capacity import (
    PARKED,
    Held,
    Sizes,
    Swap,
    description,
    group,
    started_from,
)

DESCRIBED = {
    "AutoScalingGroupName": "shop-green",
    "MinSize": 1,
    "MaxSize": 4,
    "DesiredCapacity": 2,
    "LaunchTemplate": {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "shop-green", "Version": "3"},
    "Instances": [
        {"InstanceId": "i-1", "LifecycleState": "InService", "LaunchTemplate": {"Version": "3"}},
        {"InstanceId": "i-2", "LifecycleState": "InService", "LaunchTemplate": {"Version": "2"}},
        {"InstanceId": "i-3", "LifecycleState": "Pending", "LaunchTemplate": {"Version": "3"}},
        {"InstanceId": "i-4", "LifecycleState": "InService"},
    ],
    "SuspendedProcesses": [{"ProcessName": "Terminate"}],
    "Tags": [{"Key": "seamless:held", "Value": "shop-1:Terminate"}, {"Key": "seamless:kept-until", "Value": "1000"}],
}
VERSIONS = [
    {"VersionNumber": 1, "DefaultVersion": True, "VersionDescription": "declared", "LaunchTemplateData": {}},
    {
        "VersionNumber": 3,
        "DefaultVersion": False,
        "VersionDescription": description("2.0.0-1a2b3c4d", "1"),
        "LaunchTemplateData": {"UserData": "eA=="},
    },
]


@pytest.mark.parametrize(
    ("mine", "other", "running", "wanted"),
    [
        (PARKED, Sizes(2, 6, 4), 0, Sizes(2, 6, 4)),
        (PARKED, Sizes(0, 6, 0), 0, Sizes(0, 6, 1)),  # never none, or nothing could be tried
        (PARKED, Sizes(3, 6, 2), 0, Sizes(3, 6, 3)),  # desired may be behind a least that was raised
        (Sizes(2, 6, 5), Sizes(2, 6, 4), 0, Sizes(2, 6, 5)),  # nobody loses what is there
        (Sizes(2, 6, 2), Sizes(2, 6, 4), 5, Sizes(2, 6, 5)),
        (Sizes(2, 9, 9), Sizes(2, 6, 4), 8, Sizes(2, 8, 8)),
        (Sizes(2, 6, 3), PARKED, 0, Sizes(2, 6, 3)),  # nobody to take over from
    ],
)
def test_a_group_that_takes_over_has_what_the_other_one_has(mine, other, running, wanted):
    assert mine.like(other, running) == wanted


def test_a_group_is_read():
    found = group(DESCRIBED, VERSIONS)
    assert (found.release, found.version, found.default, found.user_data) == ("2.0.0-1a2b3c4d", "3", "1", "eA==")
    assert found.serving() == {"i-1"}
    assert found.held == Held("shop-1", frozenset({"Terminate"}))
    shown = found.shown()
    assert (shown["active"], shown["whole"], shown["parked"], shown["kept_until"]) == (True, False, False, 1000)
    assert shown["problem"] == "started from another version: i-2, i-4"


def test_a_group_of_the_default_version_has_no_release():
    found = group({**DESCRIBED, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Default"}}, VERSIONS)
    assert (found.release, found.version) == ("", "1")


@pytest.mark.parametrize(("status", "told"), [({}, (True, False)), ({"Status": "PendingDelete"}, (False, True))])
def test_a_warm_pool_that_is_going_is_none(status, told):
    found = group({**DESCRIBED, "WarmPoolConfiguration": {"MinSize": 1, **status}}, VERSIONS)
    assert (bool(found.warm_pool), found.leaving) == told


def test_what_is_held_survives_its_tag():
    held = Held("shop-20261128T080000Z-2.0.0-1a2b3c4d", frozenset({"Terminate", "AZRebalance"}))
    assert held.tag() == "shop-20261128T080000Z-2.0.0-1a2b3c4d:AZRebalance Terminate"
    assert Held.parse(held.tag()) == held


def test_only_the_version_changes_of_several_instance_types():
    mixed = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "x", "Version": "1"},
            "Overrides": [{"InstanceType": "m7g.large"}],
        },
        "InstancesDistribution": {"OnDemandBaseCapacity": 1},
    }
    told = started_from("lt-1", "3", mixed)["MixedInstancesPolicy"]
    assert told["InstancesDistribution"] == mixed["InstancesDistribution"]
    assert told["LaunchTemplate"]["Overrides"] == mixed["LaunchTemplate"]["Overrides"]
    # Both a name and an id are refused by AWS.
    assert told["LaunchTemplate"]["LaunchTemplateSpecification"] == {"LaunchTemplateId": "lt-1", "Version": "3"}
    assert started_from("lt-1", "3", None) == {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "3"}}


def test_a_tag_says_between_which_versions_instances_are_replaced():
    swap = Swap("shop-20261128T080000Z-2.0.0-1a2b3c4d", "2", "3")
    assert swap.tag() == "shop-20261128T080000Z-2.0.0-1a2b3c4d:2:3:on"
    assert Swap.parse(swap.tag()) == swap
    back = replace(swap, back=True)
    assert back.tag().endswith(":2:3:back")
    assert Swap.parse(back.tag()) == back


def test_how_many_instances_have_which_release_is_told():
    tags = [*DESCRIBED["Tags"], {"Key": "seamless:refresh", "Value": "shop-2:2:3:on"}]
    found = group({**DESCRIBED, "Tags": tags}, VERSIONS)
    assert found.swap == Swap("shop-2", "2", "3")
    assert found.coming == {"i-3"}
    assert found.at("2") == {"i-2"}
    named = replace(found, others={"2": description("1.0.0-0a0a0a0a", "1")})
    assert named.releases() == {"version ?": 1, "1.0.0-0a0a0a0a": 1, "2.0.0-1a2b3c4d": 2}
    assert found.releases() == {"version ?": 1, "version 2": 1, "2.0.0-1a2b3c4d": 2}
