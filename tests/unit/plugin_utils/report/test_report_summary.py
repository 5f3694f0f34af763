# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal summary: short, within its width, and unable to drive the terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.plugin_utils.report.document import build
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.summary import render_summary
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.words import columns

STORIES = ["success", "scratched", "failed_early", "rolled_back", "unchanged", "unproven"]


@pytest.mark.parametrize("width", [20, 40, 80, 300])
@pytest.mark.parametrize("story", STORIES)
def test_short_and_within_the_width(rollouts, story, width):
    lines = render_summary(build(*getattr(rollouts, story)(), environment="lab"), width)
    assert len(lines) <= 16
    assert all(columns(line) <= max(40, min(width, 100)) for line in lines)
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize("story", STORIES)
def test_colors_change_nothing_but_the_color(rollouts, story):
    document = build(*getattr(rollouts, story)())
    colored = render_summary(document, 90, color=True)
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in colored] == render_summary(document, 90)
    assert "\x1b[" in colored[0]


def test_success(rollouts):
    lines = render_summary(build(*rollouts.success(), environment="lab"), 80)
    assert lines[0] == " ✔ storefront 1.0.0 → 2.0.0  (succeeded)"
    assert lines[1].strip() == "12,464 requests, 0 failed, users moved in 8.2 ms."
    assert [line.split()[0] for line in lines[2:7]] == ["install", "verify", "shift", "drain", "bake"]
    assert lines[-1].split(" · ")[0].strip() == "lab"
    assert "×" not in "".join(lines)


def test_failures_are_crosses(rollouts):
    assert sum(line.count("×") for line in render_summary(build(*rollouts.scratched()), 80)) >= 2


def test_failed_before_traffic_says_what_and_where(rollouts):
    text = "\n".join(render_summary(build(*rollouts.failed_early()), 100))
    assert "was never touched" in text
    assert "database not reachable" in text
    assert "app3 (and 1 more): " in text


def test_one_failing_host_without_more(rollouts):
    error = {"message": "boom", "hosts": {"app3": "disk full"}}
    text = "\n".join(
        render_summary(build(rollouts.Journal().phase("install", 1, 2, error=error).close(3, "failed")), 80)
    )
    assert "app3: disk full" in text


def test_rolled_back_and_failed_without_details_say_why(rollouts):
    assert any("canary judge" in line for line in render_summary(build(*rollouts.rolled_back())))
    assert any("no lease" in line for line in render_summary(build(rollouts.Journal().close(1, "failed", "no lease"))))
    assert len(render_summary(build(rollouts.Journal().close(1, "failed")))) == 4


def test_gaps_are_said(rollouts):
    events, analysis = rollouts.success()
    gap = next(line for line in render_summary(build(events, analysis | {"first_to_ms": None})) if "not known:" in line)
    assert "no answer from the new" in gap
    broken_off = rollouts.Journal().add(1, "phase.intended", phase="shift").events
    text = "\n".join(render_summary(build(broken_off), 90))
    assert "(+3 more in the report)" in text
    assert "no outcome" in text


def test_many_phases_leave_out_the_first(rollouts):
    journal = rollouts.Journal()
    for step in range(20):
        journal.phase(f"step{step}", step, step + 1)
    lines = render_summary(build(journal.close(30, "succeeded"), rollouts.analysis()), 80)
    assert len(lines) == 16
    assert not any("step0 " in line for line in lines)
    assert any("step19" in line for line in lines)


def test_silent_seconds_are_blank_and_unknown_rates_are_not_shown(rollouts):
    events, analysis = rollouts.success()
    for row in analysis["by_second"][20:30]:
        row.update(sent=0, releases={})
    line = next(line for line in render_summary(build(events, analysis), 80) if "requests  " in line)
    assert " " * 5 in line.strip()[10:60]
    document = build(events, analysis)
    document["probe"]["rate"] = None
    assert not any("/s" in line for line in render_summary(document, 80))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), width=st.integers(1, 140))
def test_no_evidence_can_drive_the_terminal(rollouts, text, width):
    journal = rollouts.Journal(release=text, reason=text, **{"from": text + "0"})
    events = journal.phase(text, 1, 2, error={"message": text, "hosts": {text: text}}).close(3, "failed", text)
    for event in events:
        event["service"] = text
    lines = render_summary(build(events, environment=text), width)
    assert len(lines) <= 16
    for line in lines:
        assert columns(line) <= max(40, min(width, 100))
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line)
