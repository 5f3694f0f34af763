# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence that is not there is said: each way of lacking it, and none invented."""

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.report.document import build


def said(events, analysis):
    return " ".join(build(events, analysis)["missing"])


def test_whole_evidence_has_no_gaps(rollouts):
    for story in (
        rollouts.success,
        rollouts.scratched,
        rollouts.failed_early,
        rollouts.rolled_back,
        rollouts.unchanged,
    ):
        assert build(*story())["missing"] == []


def test_no_probe(rollouts):
    assert said(*rollouts.unproven()) == "No probe ran: what users saw was not measured."


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"sent": 0}, "The probe sent no request"),
        ({"by_second": []}, "no counts by second"),
        ({"first_to_ms": None}, "no answer from the new release"),
        ({"unreadable": 2}, "2 lines of the probe's record could not be read"),
        (
            {"latency": {"before": {"p50": 1, "p95": 1, "p99": 1, "max": None}}},
            "No latency was measured during and after the move",
        ),
        ({"latency": {"before": {"p50": None}, "during": None}}, "measured before and during and after"),
    ],
)
def test_gaps_of_the_probe(rollouts, change, gap):
    events, analysis = rollouts.success()
    assert gap in said(events, analysis | change)


def test_a_probe_that_missed_the_move_says_so(rollouts):
    events, analysis = rollouts.success()
    late = [row for row in analysis["by_second"] if row["second"] > rollouts.START + 19]
    early = [row for row in analysis["by_second"] if row["second"] < rollouts.START + 10]
    for rows in (late, early):
        assert "not running at the moment" in said(events, analysis | {"by_second": rows})


def test_no_old_answer_after_the_move_is_no_gap(rollouts):
    events, analysis = rollouts.success()
    assert said(events, analysis | {"last_from_ms": None}) == ""


def test_silent_seconds_are_counted(rollouts):
    events, analysis = rollouts.success()
    rows = analysis["by_second"][:5] + analysis["by_second"][9:]
    assert "sent nothing in 4 seconds of 52 (7.69 %)" in said(events, analysis | {"by_second": rows})


def test_gaps_of_the_journal(rollouts):
    probe = rollouts.success()[1]
    broken_off = rollouts.Journal().phase("install", 1, 2).add(3, "phase.intended", phase="shift").events
    text = said(broken_off, probe)
    assert "no closing event" in text
    assert "no outcome for: shift" in text
    assert "the routers alone can say" in text
    silent = rollouts.Journal().phase("shift", 1, 2).close(3, "succeeded")
    assert "does not say when the traffic moved" in said(silent, probe)
    assert "how the traffic was split" in said(silent, probe)
