# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The step of the role, run by ansible-playbook on this controller alone: it stops, says how to go on, and goes on."""

from __future__ import annotations

import json

import pytest

FREEZE = {"from": "2026-01-01", "to": "2099-12-31", "reason": "holidays"}
NEVER = {"from": "1990-01-01", "to": "1990-01-02", "reason": "long ago"}


@pytest.fixture(name="step")
def _step(played):
    """Runs the step with a calendar and options; the exit status, what was printed, and what is to be journaled."""

    def run(frozen, *options):
        service = {"name": "shop", "calendar": frozen and {"timezone": "UTC", "frozen": [frozen]}}
        role = {"name": "seamless.delivery.rollout", "tasks_from": "calendar", "public": True}
        tasks = [
            {"ansible.builtin.set_fact": {"__rollout_checked": {"service": service}}},
            {"ansible.builtin.include_role": role},
            {"ansible.builtin.debug": {"msg": "journal <{{ _rollout_calendar_overridden }}>"}},
        ]
        done = played(tasks, *options)
        return done.returncode, " ".join(done.stdout.split()), done.stderr

    return run


def because(reason):
    return "-e", json.dumps({"rollout_override_calendar": reason})


@pytest.mark.slow
def test_a_freeze_stops_a_rollout_and_says_how_to_go_on(step):
    status, said, errors = step(FREEZE)
    assert status == 2, errors
    assert (
        "shop: no rollout may start: frozen (holidays); not allowed again within a year. Nothing was changed." in said
    )
    assert "rollout_override_calendar" in said
    assert "journal <" not in said
    assert step(FREEZE, *because("  "))[0] == 2, "blanks are no reason"


@pytest.mark.slow
def test_a_reason_overrides_it_aloud_and_is_what_is_journaled(step):
    status, said, errors = step(FREEZE, *because("checkout is broken"))
    assert status == 0, errors
    told = "no rollout may start: frozen (holidays); not allowed again within a year, overridden: checkout is broken"
    assert f"calendar: {told}" in said
    assert f"journal <{told}>" in said


@pytest.mark.slow
def test_a_plan_is_shown_all_the_same(step):
    status, said, errors = step(FREEZE, "--check")
    assert status == 0, errors
    assert "calendar: no rollout may start: frozen (holidays)" in said


@pytest.mark.slow
@pytest.mark.parametrize("frozen", [None, NEVER])
def test_without_a_freeze_nothing_is_overridden(step, frozen):
    status, said, errors = step(frozen, *because("needless"))
    assert status == 0, errors
    assert "journal <>" in said
    assert "may start" not in said
