# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environments share nothing."""

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.isolation import (
    KINDS,
    Footprint,
    environment_problem,
    shared,
)

IDENTITIES = dict.fromkeys(KINDS, ("a", "b", "c")) | {"networks": ("10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16")}
STAGING = Footprint(
    "staging", "inventories/staging", {kind: {a: "A", b: "B"} for kind, (a, b, _c) in IDENTITIES.items()}
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_two_environments_have_in_common_is_named(kind):
    _a, b, c = IDENTITIES[kind]
    production = Footprint("production", "inventories/production", {kind: {b: "B", c: "C"}})
    (problem,) = shared(production, STAGING)
    assert problem.path == "service_environment"
    assert problem.found == f"{kind} that staging (inventories/staging) has as well: B"
    assert "production shares with staging" in problem.expected


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_listed_as_shared_is_no_problem(kind):
    holds = {kind: {identity: identity for identity in IDENTITIES[kind]}}
    first, *others = IDENTITIES[kind]
    one, other = (Footprint(name, name, holds, frozenset([first])) for name in ("production", "staging"))
    (problem,) = shared(one, other)
    assert problem.found.endswith(f": {', '.join(others)}")
    assert list(shared(Footprint("production", "x", holds, frozenset(IDENTITIES[kind])), other)) == []


@pytest.mark.parametrize(
    ("kind", "mine", "theirs", "alike"),
    [
        ("networks", "10.1.0.0/16", "10.1.128.0/24", True),
        ("networks", "10.1.0.0/16", "10.2.0.0/16", False),
        ("networks", "10.1.0.0/16", "fd00::/56", False),
        ("stacks", "111122223333/shop", "111122223333/shop-staging", True),
        ("stacks", "111122223333/shop-staging", "111122223333/shop", True),
        ("stacks", "111122223333/shop", "111122223333/shopping", False),
        ("stacks", "111122223333/shop", "444455556666/shop", False),
    ],
)
def test_what_gets_into_each_others_way_is_not_apart(kind, mine, theirs, alike):
    one, other = Footprint("production", "x", {kind: {mine: mine}}), Footprint("staging", "y", {kind: {theirs: theirs}})
    assert bool(list(shared(one, other))) is alike


def test_nothing_in_common_is_no_problem():
    assert list(shared(Footprint("production", "x", {"hosts": {"c": "C"}}), STAGING)) == []


def test_inventories_of_one_environment_may_share_everything():
    assert list(shared(STAGING, STAGING)) == []


@pytest.mark.parametrize("name", [None, "", "Staging", 1, True])
def test_an_environment_has_a_name(name):
    problem = environment_problem(name)
    assert problem is not None
    assert problem.path == "service_environment"
    assert environment_problem("staging") is None
