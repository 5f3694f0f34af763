# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page: self-contained, harmless whatever the evidence says, and drawn to scale."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.report import figures, html, scales
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.document import build

STORIES = ["success", "scratched", "failed_early", "rolled_back", "unchanged", "unproven"]
EVIL = "</script></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}\u202e\x1b[31m"
VOID = {"meta", "link", "img", "br", "input", "hr"}


class Page(HTMLParser):
    """Collects what a browser would see; fails on tags that do not nest."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.text, self.scripts = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        (self.scripts if self.open and self.open[-1] == "script" else self.text).append(data)


@pytest.mark.parametrize("story", STORIES)
def test_the_page_fetches_nothing_and_runs_nothing(rollouts, story):
    text = html.render(build(*getattr(rollouts, story)(), environment="lab"))
    page = Page(text)
    style = re.search(r"<style>.*?\*/(.*?)</style>", text, re.DOTALL)[1]  # after the header and its address
    assert not re.search(r"(?i)https?:|@import|url\((?!#)|expression", style)
    for tag, attributes in page.tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert "style" not in attributes  # the policy would refuse it
        assert tag != "script" or attributes["type"] == "application/json"
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in ("href", "src") or value.startswith("./")


def test_the_policy_allows_this_style_sheet_alone(rollouts):
    text = html.render(build(*rollouts.success()))
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text


def test_markup_in_the_evidence_stays_text(rollouts):
    opened = {"release": EVIL, "from": EVIL + "old", "reason": EVIL, "strategy": EVIL}
    journal = rollouts.Journal(**opened)
    journal.phase(EVIL, 1, 2, error={"message": EVIL, "hosts": {EVIL: EVIL}}).shift(3, 5).add(6, "note", text=EVIL)
    journal.events[4]["data"]["result"]["committed_at"][EVIL] = rollouts.START + 5
    events = journal.close(9, "failed", EVIL)
    for event in events:
        event.update(service=EVIL, rollout=EVIL, who={"name": EVIL, "host": EVIL, "pid": EVIL})
    analysis = rollouts.analysis(moves=[(5, 100)], errors={6: (EVIL, 3)}, late_ms={EVIL: 1})
    for row in analysis["by_second"]:
        row["releases"] = {EVIL: 200, EVIL + "old": 40}
    page = Page(html.render(build(events, analysis, environment=EVIL)))
    tags = [tag for tag, _attributes in page.tags]
    assert tags.count("script") == 1
    assert "img" not in tags
    assert not any(name.startswith("on") for _tag, attributes in page.tags for name in attributes)
    assert "{{ 7*7 }}" in "".join(page.text)  # shown, not evaluated
    assert "\u202e" not in "".join(page.text)
    assert "\x1b" not in "".join(page.text)
    assert json.loads("".join(page.scripts))["phases"][0]["error"]["hosts"]


def test_the_document_is_embedded_whole(rollouts):
    document = build(*rollouts.rolled_back())
    assert json.loads("".join(Page(html.render(document)).scripts)) == document


def test_the_same_document_gives_the_same_page(rollouts):
    document = build(*rollouts.success())
    assert html.render(document) == html.render(document)


def test_every_drawing_has_words(rollouts):
    page = Page(html.render(build(*rollouts.rolled_back())))
    drawings = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert drawings
    for attributes in drawings:
        assert attributes.get("aria-hidden") == "true" or (attributes["role"] == "img" and attributes["aria-label"])
    assert "blue 75 %, green 25 %" in " ".join(attributes.get("aria-label", "") for attributes in drawings)


def test_errors_and_gaps_are_on_the_page(rollouts):
    text = "".join(Page(html.render(build(*rollouts.failed_early()))).text)
    assert "Connection refused" in text
    assert "database not reachable" in text
    assert "No probe ran" in "".join(Page(html.render(build(*rollouts.unproven()))).text)
    assert "connection reset" in "".join(Page(html.render(build(*rollouts.scratched()))).text)


def drawn(rollouts, events, analysis, canvas=figures.WIDE):
    return figures.figures(build(events, analysis), canvas)


def test_nothing_to_draw(rollouts):
    assert drawn(rollouts, *rollouts.unchanged()) is None


@pytest.mark.parametrize("canvas", [figures.WIDE, figures.NARROW])
@pytest.mark.parametrize("story", ["success", "scratched", "rolled_back", "failed_early"])
def test_everything_is_drawn_inside_its_plot(rollouts, story, canvas):
    found = drawn(rollouts, *getattr(rollouts, story)(), canvas)
    shapes = (
        [bar for lane in found["gantt"]["lanes"] for bar in lane["bars"]]
        + found["split"]["areas"]
        + found["requests"]["bars"]
    )
    for shape in shapes:
        assert found["left"] - 0.1 <= shape["x"] <= shape["x"] + shape["width"] <= found["right"] + 1
    for bar in found["requests"]["bars"]:
        assert all(0 <= part["y"] <= part["y"] + part["height"] <= 120.2 for part in bar["parts"])


def test_marks_tell_a_move_from_a_return(rollouts):
    assert [mark["kind"] for mark in drawn(rollouts, *rollouts.rolled_back())["marks"]] == ["shift", "shift", "back"]


def test_one_failure_of_many_can_be_seen(rollouts):
    analysis = rollouts.analysis(600, errors={300: ("reset", 1)}, rate=5000)
    chart = drawn(rollouts, rollouts.Journal().events, analysis)["requests"]
    failures = [part for bar in chart["bars"] for part in bar["parts"] if part["kind"] == "failed"]
    assert [part["height"] >= 2 for part in failures] == [True]
    assert chart["lanes"][0]["ticks"][0]["title"] == "1 failed"
    assert chart["seconds"] > 1  # ten minutes do not get a bar for each second


def test_a_second_in_which_all_failed_or_a_stranger_answered(rollouts):
    rows = [
        {"second": int(rollouts.START), "sent": 10, "failed": 10, "releases": {rollouts.OLD: 10}},
        {"second": int(rollouts.START) + 1, "sent": 10, "failed": 0, "releases": {"9.9": 10}, "p50_ms": 5},
        {"second": int(rollouts.START) + 3, "sent": 0, "failed": 0, "releases": None},
    ]
    found = drawn(
        rollouts, rollouts.Journal(color=None, live_color=None).events, rollouts.analysis() | {"by_second": rows}
    )
    kinds = [[part["kind"] for part in bar["parts"]] for bar in found["requests"]["bars"]]
    assert kinds == [["failed"], ["other"], []]
    assert [line["name"] for line in found["latency"]["lines"]] == ["p50"]
    assert found["split"] is None


def test_no_line_crosses_a_second_without_a_measurement(rollouts):
    events, analysis = rollouts.success()
    analysis["by_second"][10]["p50_ms"] = None
    lines = {line["name"]: line["path"] for line in drawn(rollouts, events, analysis)["latency"]["lines"]}
    assert (lines["p50"].count("M"), lines["p99"].count("M")) == (2, 1)


def test_lines_that_meet_keep_their_names_apart(rollouts):
    events, analysis = rollouts.success()
    for row in analysis["by_second"]:
        row["p99_ms"] = row["p50_ms"]
    p99, p50 = drawn(rollouts, events, analysis)["latency"]["lines"]
    assert p50["y"] - p99["y"] >= 13
    for row in analysis["by_second"]:
        row["p99_ms"] = row["p50_ms"] = None
    assert drawn(rollouts, events, analysis)["latency"] is None


def test_an_unfinished_phase_reaches_to_the_end_and_pages_without_latency_draw(rollouts):
    events = rollouts.Journal().add(1, "phase.intended", phase="install").add(30, "note", text="x").events
    found = drawn(rollouts, events, rollouts.analysis(latency=None))
    lane = found["gantt"]["lanes"][0]
    assert lane["bars"][0]["x"] + lane["bars"][0]["width"] == pytest.approx(found["right"], abs=0.2)
    assert (lane["total"], found["periods"]) == ("?", None)
    assert "no outcome" in html.render(build(events, rollouts.analysis(latency=None)))


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (240, 300), (1001, 2000), (0.07, 0.08), (950, 1000)])
def test_ceilings_are_round(value, top):
    assert scales.ceiling(value) == pytest.approx(top)


def test_latency_axes_hold_their_values():
    assert (scales.latency_axis([], 0, 9).low, scales.latency_axis([], 0, 9).high) == (1, 10)
    axis = scales.latency_axis([0, 2500], 0, 100)
    assert (axis.low, axis.high) == (0.1, 10000)
    assert [tick["label"] for tick in scales.latency_ticks(axis)] == [
        "0.1 ms",
        "1 ms",
        "10 ms",
        "100 ms",
        "1.0 s",
        "10 s",
    ]


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (20, ["0 s", "+5 s", "+10 s", "+15 s", "+20 s"]),
        (150, ["0 s", "+30 s", "+1 min", "+1 min 30 s", "+2 min", "+2 min 30 s"]),
        (7200, ["0 s", "+30 min", "+1 h", "+90 min", "+2 h"]),
        (86400 * 30, ["0 s", "+144 h", "+288 h", "+432 h", "+576 h", "+720 h"]),
    ],
)
def test_time_ticks_are_at_whole_steps(seconds, labels):
    ticks = scales.time_ticks(scales.Axis(1000, 1000 + seconds, 0, 500), 1000, 90)
    assert [tick["label"] for tick in ticks] == labels


def test_ticks_before_the_opening_are_negative():
    assert scales.time_ticks(scales.Axis(995, 1005, 0, 200), 1000, 90)[0]["label"] == "\u22125 s"
