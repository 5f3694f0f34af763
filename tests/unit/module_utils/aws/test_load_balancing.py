# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load balancer as it is declared: what AWS would refuse is refused before."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing import declared
from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.mistakes import check
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, StackError

HTTP = {"port": 80, "protocol": "HTTP"}
HTTPS = {"port": 443, "protocol": "HTTPS"}
RULE = {"priority": 10, "paths": ["/a"]}
NETWORK = {"type": "network", "pools": {"protocol": "TCP", "health": {"protocol": "TCP"}}}
TCP = {"port": 5432, "protocol": "TCP"}


def declaration(**options):
    checked = ArgumentSpecValidator(declared.ARGUMENTS).validate({"listeners": [HTTP], **options})
    assert not checked.error_messages
    return checked.validated_parameters


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"listeners": []}, "listeners: expected at least one"),
        ({"listeners": [HTTP, HTTP]}, "listeners: expected each port once, but found 80 twice"),
        ({"listeners": [{**HTTP, "port": 0}]}, "listeners.port: expected 1 to 65535, but found 0"),
        ({"listeners": [{**HTTP, "port": 70000}]}, "listeners.port: expected 1 to 65535, but found 70000"),
        ({"listeners": [TCP]}, "listeners: port 5432: protocol: expected HTTP or HTTPS for type application, but"),
        ({**NETWORK, "listeners": [HTTP]}, "listeners: port 80: protocol: expected TCP or TLS for type network, but"),
        ({**NETWORK, "listeners": [{**TCP, "rules": [RULE]}]}, "listeners: port 5432: rules, to: expected neither"),
        ({**NETWORK, "listeners": [{**TCP, "to": "https"}]}, "listeners: port 5432: rules, to: expected neither"),
        ({"listeners": [{**HTTPS, "to": "https"}]}, "listeners: port 443: to: expected pools"),
        ({"listeners": [{**HTTPS, "rules": [{**RULE, "to": "https"}]}]}, "listeners: port 443: to: expected pools"),
        ({"listeners": [{**HTTPS, "certificate": "mine"}]}, "listeners: port 443: certificate: expected the ARN"),
        ({"listeners": [{**HTTP, "rules": [RULE, RULE]}]}, "listeners: port 80: rules.priority: expected each once"),
        (
            {"listeners": [{**HTTP, "rules": [{**RULE, "priority": 0}]}]},
            "listeners: port 80: rules.priority: expected 1",
        ),
        ({"listeners": [{**HTTP, "rules": [{"priority": 9}]}]}, "listeners: port 80: rules: expected paths or hosts"),
        (
            {"listeners": [{**HTTP, "rules": [{**RULE, "priority": 2}]}], "testers": {"from": ["10.0.0.0/8"]}},
            "listeners: port 80: rules.priority: expected above 2, for testers have the first ones",
        ),
        (
            {"listeners": [{**HTTP, "rules": [{**RULE, "to": "response", "status": 100}]}]},
            "listeners: port 80: rules.status: expected 200 to 599",
        ),
        ({"idle_timeout": 0}, "idle_timeout: expected 1 to 4000"),
        ({"pools": {"protocol": "TCP"}}, "pools.protocol: expected HTTP or HTTPS for type application"),
        ({"pools": {"port": 0}}, "pools.port: expected 1 to 65535"),
        ({"pools": {"deregistration_delay": 3601}}, "pools.deregistration_delay: expected 0 to 3600"),
        ({"pools": {"stickiness": 604801}}, "pools.stickiness: expected 0 to 604800"),
        ({"pools": {"slow_start": 901}}, "pools.slow_start: expected 0 to 900"),
        ({"pools": {"slow_start": 29}}, "pools.slow_start: expected 0, or 30 s or more"),
        ({"pools": {"health": {"interval": 301}}}, "pools.health.interval: expected 5 to 300"),
        ({"pools": {"health": {"timeout": 1}}}, "pools.health.timeout: expected 2 to 120"),
        ({"pools": {"health": {"timeout": 10}}}, "pools.health.timeout: expected below the interval"),
        ({"pools": {"health": {"healthy_threshold": 1}}}, "pools.health.healthy_threshold: expected 2 to 10"),
        ({"pools": {"health": {"unhealthy_threshold": 11}}}, "pools.health.unhealthy_threshold: expected 2 to 10"),
        ({"pools": {"health": {"path": "ready"}}}, "pools.health.path: expected one that begins with /"),
        ({"pools": {"health": {"protocol": "TCP"}}}, "pools.health.protocol: expected HTTP or HTTPS"),
    ],
)
def test_each_mistake_is_named(options, told):
    found = check(declaration(**options))
    assert len(found) == 1, found
    assert found[0].startswith(told)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {**NETWORK, "listeners": [TCP, {"port": 6543, "protocol": "TLS"}]},
        {"listeners": [{**HTTP, "to": "https"}, {**HTTPS, "certificate": "arn:aws:acm:us-east-1:1:certificate/1"}]},
        {"listeners": [{**HTTP, "rules": [RULE, {**RULE, "priority": 50000}]}], "idle_timeout": 4000},
        {"pools": {"slow_start": 30, "stickiness": 604800, "deregistration_delay": 0}},
    ],
)
def test_what_aws_takes_is_taken(options):
    assert check(declaration(**options)) == []


@pytest.mark.parametrize(("kind", "zones", "refused"), [("application", 1, True), ("network", 1, False)])
def test_an_application_load_balancer_needs_two_zones(kind, zones, refused):
    others = [Address("vpc", "shop"), Address("security group", "shop-load-balancer")]
    others += [Address("subnet", f"shop-public-{letter}") for letter in "ab"[:zones]]
    options = declaration(**(NETWORK | {"listeners": [TCP]} if kind == "network" else {}))
    made = declared.wanted("shop", options, others, True, declared.FIRST)
    if refused:
        with pytest.raises(StackError, match=r"subnets: expected 2 or more in different zones, but found 1"):
            list(made)
    else:
        assert list(made)
