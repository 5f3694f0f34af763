# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an inventory's variables say that its environment stands on at AWS."""

from __future__ import annotations

from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.aws_holds import aws_holds, stack_of

ENVIRONMENT = {"account": "111122223333", "region": "eu-west-1"}
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def holds(stack: dict[str, Any], **variables: Any) -> dict[str, list[str]]:
    found = aws_holds(ENVIRONMENT, stack, {"stack": stack, **variables})
    return {kind: sorted(names.values()) for kind, names in found.items() if names}


def test_names_networks_and_resources():
    stack = {
        "name": "shop",
        "network": {"cidr": "10.1.0.0/16"},
        "database": {"kms_key": KEY},
        "compute": {"subnets": ["subnet-0123456789abcdef0"], "image": "ami-0123456789abcdef0"},
        "dns": {"zone": "example.com"},
        "cdn": {"origins": [{"bucket": "shop-assets.s3.eu-west-1.amazonaws.com"}]},
    }
    assert holds(stack) == {
        "accounts": ["111122223333"],
        "stacks": ["shop"],
        "networks": ["10.1.0.0/16"],
        "resources": sorted([KEY, "example.com", "subnet-0123456789abcdef0", "shop-assets.s3.eu-west-1.amazonaws.com"]),
    }


def test_a_stack_is_declared_by_variables_of_its_own():
    assert stack_of({"aws_stack_name": "shop", "aws_stack_cache": {}, "service": 1}) == {"name": "shop", "cache": {}}


def test_a_network_without_a_range_has_the_modules_own():
    assert holds({"network": {}})["networks"] == ["10.0.0.0/16"]
    assert "networks" not in holds({"network": {"vpc": "vpc-0123456789abcdef0"}})
    assert "networks" not in holds({"network": {"cidr": "{{ nobody_knows }}"}})


def test_a_stack_is_one_of_its_account():
    assert aws_holds(ENVIRONMENT, {"name": "shop"}, {})["stacks"] == {"111122223333/shop": "shop"}


def test_policies_of_aws_are_everybodys():
    assert "resources" not in holds({}, policy="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    assert holds({}, role="arn:aws:iam::111122223333:role/ci")["resources"] == ["arn:aws:iam::111122223333:role/ci"]


def test_secrets_are_told_apart_by_where_they_are_looked_up():
    same = "{{ lookup('amazon.aws.ssm_parameter', '/shop/token', region='eu-west-1') }}"
    vault = '{{ lookup("community.hashi_vault.vault_kv2_get", "shop/token") }}'
    own = "{{ lookup('amazon.aws.ssm_parameter', '/shop/' ~ service_environment ~ '/token') }}"
    assert holds({}, secrets=[same, {"deep": vault}, own])["secrets"] == ["/shop/token", "shop/token"]
    assert "secrets" not in holds({}, other="{{ lookup('ansible.builtin.env', 'HOME') }}")


def test_an_inventory_without_aws_holds_nothing():
    assert not any(aws_holds({}, {}, {"service": {"name": "shop"}}).values())
