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

STAGING = Footprint("staging", "inventories/staging", {kind: {"a": "A", "b": "B"} for kind in KINDS})


@pytest.mark.parametrize("kind", KINDS)
def test_what_two_environments_have_in_common_is_named(kind):
    production = Footprint("production", "inventories/production", {kind: {"b": "B", "c": "C"}})
    (problem,) = shared(production, STAGING)
    assert problem.path == "service_environment"
    assert problem.found == f"{kind} that staging (inventories/staging) has as well: B"
    assert "production shares with staging" in problem.expected


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
