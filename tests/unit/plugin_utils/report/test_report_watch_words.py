# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found in each watched step, in words and as a table."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.report.document import build
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.summary import render_summary
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.watch_words import steps, terminal
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.words import columns


def built(events, analysis, watched, **change):
    return build(events, analysis, watched=copy.deepcopy(watched)) | change


def test_a_step_in_words(rollouts):
    first, second, bake = steps(built(*rollouts.canary()))
    assert (first["title"], first["word"], first["tone"], first["came"]) == ("Watch 1", "healthy", "good", "went on")
    assert first["lead"] == "5 % of users on 2.0.0 for 30 s, and 600 answers to them."
    assert first["sentences"] == [
        "Healthy: in no metric is 2.0.0 2 times as bad as 1.0.0",
        "Evidence of a regression: 0.6 to 1, 100 needed",
    ]
    assert second["title"] == "Watch 2"
    assert (bake["title"], bake["sentences"]) == ("Bake", ["8 of 8000 answers are errors"])


def test_both_releases_in_a_table(rollouts):
    first = steps(built(*rollouts.canary()))[0]
    assert first["judged"]
    assert first["edge"] == "0.25 s"
    new, old = first["rows"]
    assert (new["color"], new["name"], new["requests"], new["errors"], new["rate"]) == (
        "green", "2.0.0", "500", "1", "0.2 %",
    )  # fmt: skip
    assert (new["between"], new["slower"]) == ("0.1 to 0.5 %", "0.6 %")
    assert (old["color"], old["name"], old["requests"]) == ("blue", "1.0.0", "9,500")


def test_colors_follow_the_release(rollouts):
    rows = steps(built(*rollouts.canary(), color="blue", live_color="green"))[0]["rows"]
    assert [row["color"] for row in rows] == ["blue", "green"]


def test_where_nobody_compared_the_step_alone_is_shown(rollouts):
    bake = steps(built(*rollouts.canary()))[2]
    assert [(row["name"], row["requests"], row["rate"], row["between"]) for row in bake["rows"]] == [
        ("2.0.0", "8,000", "0.1 %", None)
    ]
    assert not bake["judged"]
    events, analysis, records = rollouts.canary()
    records["bake"]["colors"] = {"9.9": {"requests": 4, "errors": None}, rollouts.OLD: {"requests": 0, "errors": 0}}
    records["bake"]["colors"] |= {"8.8": {"requests": 4, "errors": 4}, rollouts.NEW: {"requests": 10, "errors": 1}}
    rows = steps(built(events, analysis, records))[2]["rows"]
    assert [(row["name"], row["color"], row["rate"]) for row in rows] == [
        ("2.0.0", "green", "10 %"), ("1.0.0", "blue", "\u2014"), ("8.8", "other", "100 %"),
    ]  # fmt: skip


def test_unknown_bounds_and_latency_are_dashes(rollouts):
    events, analysis, records = rollouts.canary()
    for arm in ("canary", "baseline"):
        records["watch-1"]["verdict"][arm].update(slower=None, errors_rate=None)
    step = steps(built(events, analysis, records))[0]
    assert step["edge"] is None
    assert [row["between"] for row in step["rows"]] == ["\u2014", "\u2014"]


@pytest.mark.parametrize(
    ("why", "first"),
    [
        ("maria on deploy1 asked to promote: it is fine", "Maria on deploy1 asked to promote: it is fine"),
        (
            "no verdict after 60 s: in no metric is 2.0.0-1a2b3c4d 2 times as bad as 1.0.0-0a1b2c3d",
            "No verdict after 60 s: in no metric is 2.0.0 2 times as bad as 1.0.0",
        ),
        ("in no metric is", "Healthy: in no metric is 2.0.0 2 times as bad as 1.0.0"),
        ("", "Healthy: in no metric is 2.0.0 2 times as bad as 1.0.0"),
    ],
)
def test_why_it_ended_is_said_once_and_first(rollouts, why, first):
    events, analysis, records = rollouts.canary()
    records["watch-1"]["why"] = why
    sentences = steps(built(events, analysis, records))[0]["sentences"]
    assert sentences[0] == first
    assert sum("in no metric" in sentence for sentence in sentences) == 1


def test_a_first_release_has_nobody_to_be_compared_with(rollouts):
    events, analysis, records = rollouts.canary()
    events[0]["data"]["from"] = None
    bake = steps(built(events, analysis, records))[2]
    assert [row["name"] for row in bake["rows"]] == ["2.0.0"]


def test_little_is_known_of_a_bare_step(rollouts):
    events, analysis, _records = rollouts.canary()
    step = steps(built(events, analysis, {"watch-1": {"began": 5, "word": "inconclusive"}}))[0]
    assert (step["lead"], step["tone"], step["came"]) == ("Users on 2.0.0.", "warn", "")
    assert (step["rows"], step["sentences"], step["edge"]) == ([], [], None)


def test_two_lines_for_the_terminal(rollouts):
    assert terminal(built(*rollouts.success(), {})) == []
    assert terminal(built(*rollouts.canary())) == [
        ("5 % healthy, 25 % healthy, bake healthy", "good"),
        ("errors 0.27 % of 1,100 with 2.0.0, 0.26 % of 20,900 with 1.0.0", ""),
    ]
    words, compared = terminal(built(*rollouts.regressed()))
    assert words == ("5 % regressed", "bad")
    assert compared[0].endswith("worse since 12:00:17 UTC")


def test_the_terminal_says_one_line_where_nothing_was_compared(rollouts):
    events, analysis, records = rollouts.canary()
    records["bake"]["word"] = "inconclusive"
    assert terminal(built(events, analysis, {"bake": records["bake"]})) == [("bake inconclusive", "warn")]


def test_many_steps_leave_out_the_first(rollouts):
    journal, record = rollouts.Journal(), rollouts.canary()[2]["watch-1"]
    names = [f"watch-{number}" for number in range(1, 8)]
    for after, name in enumerate(names):
        journal.phase(name, after, after + 1)
    watched = {name: record | {"percent": number, "began": 1000 + number} for number, name in enumerate(names, 1)}
    said = terminal(built(journal.events, None, watched))[0][0]
    assert said == "\u2026 4 % healthy, 5 % healthy, 6 % healthy, 7 % healthy"


@pytest.mark.parametrize("width", [20, 40, 80, 300])
@pytest.mark.parametrize("story", ["canary", "regressed"])
def test_the_summary_has_the_verdicts_and_keeps_its_size(rollouts, story, width):
    document = built(*getattr(rollouts, story)(), environment="lab")
    lines = render_summary(document, width)
    assert len(lines) <= 16
    assert all(columns(line) <= max(40, min(width, 100)) for line in lines)
    assert sum(line.startswith("   verdict ") for line in lines) == 1
    # Phases of a kind share a lane.
    assert sum(line.split()[0] in ("shift", "watch") for line in lines) == 2


def test_a_regression_is_red(rollouts):
    lines = render_summary(built(*rollouts.regressed()), 80, color=True)
    assert any("\x1b[31m5 % regressed\x1b[0m" in line for line in lines)
