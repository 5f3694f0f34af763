# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the caller is where the inventory says, and what production asks for: one thing missing, one thing named."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.aws.environment.caller import strayed
from ansible_collections.seamless.delivery.plugins.module_utils.aws.environment.production import looked_at, missing

DECLARED = {"account": "111122223333", "region": "eu-west-1", "production": True}
HERE = {"account": "111122223333", "region": "eu-west-1", "caller": "arn:aws:iam::111122223333:user/ci"}
APPROVED = {"steps": [{"percent": 5}, {"percent": 25, "gates": [{"type": "approval"}]}]}
STACK: dict[str, Any] = {
    "name": "shop",
    "network": {},
    "compute": {"size": {"min": 2, "max": 4}},
    "database": {"version": "16", "password": "hush-hush-hush"},
    "cache": {"auth_token": "hush-hush-hush-hush"},
    "ledger": {},
    "lock": {"table": "shop-ledger"},
    "backup": {"rules": [{"name": "daily"}]},
    "observability": {"subscriptions": [{"https": "https://on-call.example.com/hush"}]},
}


def found(**changes: Any) -> list[str]:
    """What is missing of STACK with changes by their way, as ``database__multi_az``."""
    stack = copy.deepcopy(STACK)
    for way, value in changes.items():
        *above, key = way.split("__")
        holder = stack
        for name in above:
            holder = holder.setdefault(name, {})
        holder[key] = value
    assert list(missing(DECLARED, looked_at(stack), APPROVED)) == list(missing(DECLARED, stack, APPROVED))
    return list(missing(DECLARED, stack, APPROVED))


def test_where_the_inventory_says_nothing_is_wrong():
    assert list(strayed(DECLARED, **HERE)) == []


@pytest.mark.parametrize(
    ("declared", "here", "told"),
    [
        ({}, {"account": "444455556666"}, "expected credentials of the account 111122223333, but found those of 4444"),
        ({}, {"region": "us-east-1"}, "expected the region eu-west-1, but found us-east-1"),
        ({}, {"region": None}, "expected the region eu-west-1, but found none"),
        ({"account": "1111"}, {}, "expected 12 digits, in quotes so that none is lost, but found '1111'"),
    ],
)
def test_another_place_is_told(declared, here, told):
    (problem,) = strayed({**DECLARED, **declared}, **{**HERE, **here})
    assert told in problem


def test_what_the_modules_have_by_default_is_enough_for_production():
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"deletion_protection": False}, "deletion_protection: production expects true, but found false"),
        ({"lock": None}, "lock.table: production expects a table for the lock"),
        ({"lock": {}}, "lock.table: production expects a table for the lock"),
        ({"network__zone_count": 1}, "network.zones: production expects two zones at least, but found 1"),
        ({"network__zones": ["eu-west-1a"]}, "network.zones: production expects two zones at least, but found 1"),
        ({"compute__size": {"min": 1, "max": 4}}, "compute.size.min: production expects 2 instances"),
        ({"compute": {}}, "compute.size.min: production expects 2 instances"),
        ({"database__multi_az": False}, "database.multi_az: production expects true, but found false"),
        ({"database__backup": {"retention": 6}}, "database.backup.retention: production expects 7 days at least"),
        ({"database__final_snapshot": False}, "database.final_snapshot: production expects true"),
        ({"database__engine": "aurora-postgresql"}, "database.replicas: production expects one at least"),
        ({"cache__multi_az": False}, "cache.multi_az: production expects true"),
        ({"cache__replicas": 0}, "cache.replicas: production expects one at least"),
        ({"ledger__point_in_time_recovery": False}, "ledger.point_in_time_recovery: production expects true"),
        ({"backup": None}, "backup.rules: production expects one rule at least, but found none"),
        ({"observability": {}}, "observability.subscriptions: production expects somebody who is told"),
        ({"observability__alarms": []}, "observability.alarms: production expects those for what the stack has"),
    ],
)
def test_each_thing_that_is_missing_is_named(changes, told):
    (problem,) = found(**changes)
    assert problem.startswith(told)


def test_what_is_not_there_needs_nothing():
    bare = {key: STACK[key] for key in ("backup", "lock", "observability")}
    assert list(missing(DECLARED, bare, APPROVED)) == []
    assert found(network={"vpc": "vpc-0123456789abcdef0"}) == []


def test_staging_is_not_asked_for_anything():
    assert list(missing({**DECLARED, "production": False}, {"deletion_protection": False}, {})) == []


def test_a_person_approves_in_the_strategy_or_elsewhere():
    (problem,) = missing(DECLARED, STACK, {"type": "blue_green"})
    assert problem.startswith("approval: expected a gate of the type approval")
    assert list(missing({**DECLARED, "approval": "AWX"}, STACK, {"type": "blue_green"})) == []


def test_what_is_looked_at_has_no_secret():
    assert "hush" in str(STACK)
    assert "hush" not in str(looked_at(STACK))
