# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drawings of the verdict: to scale, inside their plots, with words, and honest where little is known."""

from __future__ import annotations

import copy
import re

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.report import figures, html
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.document import build
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.figures_verdict import verdict
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.scales import Axis

TOP, BOTTOM = 28, 178
CANVASES = [figures.WIDE, figures.NARROW]


def drawn(rollouts, events, analysis, watched, canvas=figures.WIDE):
    return figures.figures(build(events, analysis, watched=watched), canvas)


def places(path):
    return [tuple(float(each) for each in place.split()) for place in re.findall(r"[\d.]+ [\d.]+", path)]


@pytest.mark.parametrize("canvas", CANVASES)
@pytest.mark.parametrize("story", ["canary", "regressed"])
def test_everything_is_drawn_inside_its_plot(rollouts, story, canvas):
    figure = drawn(rollouts, *getattr(rollouts, story)(), canvas)
    found = figure["verdict"]
    paths = [path for arm in found["rates"]["arms"] for path in arm["bands"] + arm["lines"]]
    paths += [path for line in found["evidence"]["lines"] for path in line["paths"]]
    corners = [place for path in paths for place in places(path)]
    corners += [(dot["x"], dot["y"]) for arm in found["rates"]["arms"] for dot in arm["dots"]]
    assert len(corners) > 50
    for x, y in corners:
        assert figure["left"] <= x <= figure["right"]
        assert TOP <= y <= BOTTOM
    for step in found["steps"]:
        assert figure["left"] <= step["x"] <= step["x"] + step["width"] <= figure["right"] + 0.2


def test_no_line_leads_from_one_step_to_the_next(rollouts):
    found = drawn(rollouts, *rollouts.canary())["verdict"]
    for arm in found["rates"]["arms"]:
        assert len(arm["bands"]) == len(arm["lines"]) == 2
        ends = [places(line)[-1][0] for line in arm["lines"]]
        starts = [places(line)[0][0] for line in arm["lines"]]
        assert ends[0] < starts[1]
    assert [len(line["paths"]) for line in found["evidence"]["lines"]] == [2, 2]


def test_steps_are_labelled_where_there_is_room(rollouts):
    steps = drawn(rollouts, *rollouts.canary())["verdict"]["steps"]
    assert [(step["label"], step["title"], step["word"]) for step in steps] == [
        ("5 %", "5 % healthy", "healthy"), ("25 %", "25 % healthy", "healthy"),
    ]  # fmt: skip
    events, analysis, records = rollouts.regressed()
    records["watch-1"]["percent"] = None
    assert drawn(rollouts, events, analysis, records)["verdict"]["steps"][0]["title"] == "regressed"
    document = build(*rollouts.canary()[:2], watched=rollouts.canary()[2])
    tight = verdict(document, Axis(document["started"], document["started"] + 9000, 0, 200))
    assert [step["label"] for step in tight["steps"]] == ["", ""]


def test_the_band_holds_the_mean_and_the_releases_have_their_colors(rollouts):
    found = drawn(rollouts, *rollouts.regressed())["verdict"]["rates"]
    assert [(arm["color"], arm["name"]) for arm in found["arms"]] == [("blue", "1.0.0"), ("green", "2.0.0")]
    for arm in found["arms"]:
        for band, line in zip(arm["bands"], arm["lines"], strict=True):
            edges = places(band)
            for (x, y), (_x, high), (_same, low) in zip(
                places(line), edges[: len(edges) // 2], edges[: len(edges) // 2 - 1 : -1], strict=True
            ):
                assert x == _x == _same
                assert high <= y <= low
    green = found["arms"][1]
    assert green["value"] == "5 %"
    assert "2.0.0 (green) 5 %, between 2.5 % and 10.1 %" in found["label"]


def test_slow_answers_are_drawn_as_errors_are_with_the_edge_that_tells_most(rollouts):
    events, analysis, records = rollouts.canary()
    figure = drawn(rollouts, events, analysis, records)
    found = figure["verdict"]["slower"]
    assert found["caption"] == "Share of answers that took longer than 0.25 s"
    assert "2.0.0 (green) 10 %, between 5 % and 20.1 %" in found["label"]
    old, new = found["arms"]
    assert [len(arm["lines"]) for arm in (old, new)] == [2, 2]
    assert new["y"] < old["y"]
    assert all(re.fullmatch(r"[\d,]+ of [\d,]+ took longer than 0.25 s", dot["title"]) for dot in new["dots"])
    page = html.render(build(events, analysis, watched=records))
    assert page.count("Share of answers that took longer than 0.25 s, at the end") == 2  # wide and narrow
    for point in records["watch-2"]["history"]:
        point["canary"]["slower"] = point["baseline"]["slower"] = None
    del records["watch-1"]
    assert drawn(rollouts, events, analysis, records)["verdict"]["slower"] is None


def test_the_axis_holds_what_is_known_at_last_and_no_line_runs_along_its_edge(rollouts):
    events, analysis, records = rollouts.canary()
    record = copy.deepcopy(records["watch-1"])
    for point in record["history"][:10]:
        if point["judged"]:
            point["canary"].update(mean=0.9, high=1.0, low=0.0)  # three requests say next to nothing
    found = drawn(rollouts, events, analysis, {"watch-1": record})["verdict"]["rates"]
    assert found["ticks"][2]["label"] == "0.8 %"
    green = found["arms"][1]
    assert places(green["bands"][0])[0][1] == TOP
    first = places(green["lines"][0])[0]
    assert first[1] > TOP
    assert first[0] > places(green["bands"][0])[0][0]


def test_a_dot_above_the_axis_is_marked_as_such(rollouts):
    events, analysis, records = rollouts.canary()
    record = copy.deepcopy(records["watch-1"])
    record["history"][20]["canary"].update(requests=20, errors=20)
    record["history"][21]["canary"].update(requests=0, errors=0)
    record["history"][22]["canary"].update(requests=None, errors=None)
    dots = drawn(rollouts, events, analysis, {"watch-1": record})["verdict"]["rates"]["arms"][1]["dots"]
    above = [dot for dot in dots if dot["above"]]
    assert above
    assert all(dot["y"] == TOP for dot in above)
    assert any(re.fullmatch(r"2\d of \d+ were errors", dot["title"]) for dot in above)
    assert any(not dot["above"] for dot in dots)


def test_the_time_before_the_first_judged_window_is_named_where_there_is_room(rollouts):
    events, analysis, records = rollouts.canary()
    assert drawn(rollouts, events, analysis, records)["verdict"]["rates"]["waiting"] is None  # 5 seconds
    record = copy.deepcopy(records["watch-1"])
    for point in record["history"][:20]:
        point["canary"].update(mean=None)
    figure = drawn(rollouts, events, analysis, {"watch-1": record})
    assert figure["verdict"]["steps"][0]["x"] < figure["verdict"]["rates"]["waiting"] < 300
    assert "not judged yet" in html.render(build(events, analysis, watched={"watch-1": record}))


def test_evidence_beyond_the_axis_says_how_much(rollouts):
    events, analysis, records = rollouts.canary()
    against, promotes = drawn(rollouts, events, analysis, records)["verdict"]["evidence"]["lines"]
    assert (against["beyond"], promotes["beyond"]) == ("", "1.6 \N{MULTIPLICATION SIGN}")
    assert promotes["y"] == TOP


def test_evidence_is_a_part_of_what_is_enough(rollouts):
    found = drawn(rollouts, *rollouts.regressed())["verdict"]["evidence"]
    against, promotes = found["lines"]
    assert (against["name"], promotes["name"]) == ("against", "for")
    assert against["part"] == pytest.approx((5 * 29 / 40 - 0.5) / 4.6)
    assert found["ticks"][1]["at"] == found["enough"]["y"] == 46.8
    assert promotes["y"] == BOTTOM  # far below nothing
    assert found["enough"]["text"] == "99 to 1"
    assert found["label"].startswith("Evidence, at the end: against 2.0.0 reached 68 % of what is enough; for 2.0.0 ")


def test_thresholds_that_differ_are_both_said(rollouts):
    events, analysis, records = rollouts.regressed()
    record = copy.deepcopy(records["watch-1"])
    record["history"][-1].update(promotion_threshold=3.0)
    found = drawn(rollouts, events, analysis, {"watch-1": record})["verdict"]["evidence"]
    assert found["enough"]["text"] == "99 to 1 against it, 20 to 1 for it"
    record["history"][-1].update(threshold=None)
    found = drawn(rollouts, events, analysis, {"watch-1": record})["verdict"]["evidence"]
    assert "? against it" in found["enough"]["text"]


def test_lines_that_end_close_together_keep_their_values_apart(rollouts):
    events, analysis, records = rollouts.canary()
    arms = drawn(rollouts, events, analysis, records)["verdict"]["rates"]["arms"]
    assert abs(arms[0]["text_y"] - arms[1]["text_y"]) >= 12.9
    record = copy.deepcopy(records["watch-1"])
    for point in record["history"]:
        for arm in ("canary", "baseline"):
            point[arm].update(mean=0.0 if point["judged"] else None)
    arms = drawn(rollouts, events, analysis, {"watch-1": record})["verdict"]["rates"]["arms"]
    assert sorted(arm["text_y"] for arm in arms) == [BOTTOM - 13, BOTTOM]


def test_what_was_not_kept_is_not_drawn(rollouts):
    events, analysis, records = rollouts.canary()
    assert drawn(rollouts, events, analysis, {"bake": records["bake"]})["verdict"] is None
    record = copy.deepcopy(records["watch-1"])
    for point in record["history"]:
        point.update(regression=None, promotion_threshold=None)
        point["canary"].update(mean=None)
    found = drawn(rollouts, events, analysis, {"watch-1": record})
    assert (found["verdict"]["rates"], found["verdict"]["evidence"]) == (None, None)
    assert "The verdict" in html.render(build(events, analysis, watched={"watch-1": record}))


def test_one_window_is_a_dot_without_a_band(rollouts):
    events, analysis, records = rollouts.canary()
    record = copy.deepcopy(records["watch-1"])
    record["history"] = record["history"][-1:]
    record["history"][0]["baseline"].update(low=None, high=None)
    found = drawn(rollouts, events, analysis, {"watch-1": record})["verdict"]["rates"]
    for arm in found["arms"]:
        assert arm["bands"] == [""]
        assert len(places(arm["lines"][0])) == 2
    assert "1.0.0 (blue) 0.26 %." in found["label"]


def test_a_long_watch_is_thinned_to_what_can_be_seen(rollouts):
    events, analysis, records = rollouts.canary()
    record = copy.deepcopy(records["watch-1"])
    first = record["history"][10]
    record["history"] = [
        copy.deepcopy(first) | {"began": first["began"] + step / 50, "ended": first["ended"] + step / 50}
        for step in range(1000)
    ]
    line = drawn(rollouts, events, analysis, {"watch-1": record})["verdict"]["rates"]["arms"][0]["lines"][0]
    assert len(places(line)) < 150
    assert places(line)[-1][0] == pytest.approx(places(line)[-2][0], abs=3)


@pytest.mark.parametrize("story", ["canary", "regressed"])
def test_every_drawing_on_the_page_has_words(rollouts, story):
    page = html.render(build(*getattr(rollouts, story)()[:2], watched=getattr(rollouts, story)()[2]))
    drawings = re.findall(r"<svg[^>]*>", page)
    assert all('aria-hidden="true"' in each or re.search(r'role="img" aria-label="[^"]+"', each) for each in drawings)
    assert len([each for each in drawings if "Error rates, at the end" in each]) == 2  # wide and narrow
    assert len([each for each in drawings if "Evidence, at the end" in each]) == 2
    assert 'aria-labelledby="judged"' in page
    assert "style=" not in page.split("</style>")[1]


def test_a_page_without_watches_has_no_verdict_section(rollouts):
    assert 'id="judged"' not in html.render(build(*rollouts.success()))


def test_phases_of_a_kind_share_a_lane(rollouts):
    figure = drawn(rollouts, *rollouts.canary())
    lanes = {lane["name"]: lane for lane in figure["gantt"]["lanes"]}
    assert list(lanes) == ["install", "verify", "shift", "watch", "drain", "bake"]
    assert [bar["label"] for bar in lanes["watch"]["bars"]] == ["1", "2"]
    assert lanes["watch"]["bars"][1]["title"] == "watch 2: done, 30 s"
    assert "watch 1 done, shift 2 done" in figure["gantt"]["label"]


def test_what_is_said_of_a_numbered_phase_reads_well(rollouts):
    events, analysis, records = rollouts.regressed()
    page = html.render(build(events, analysis, watched=records))
    assert ">Watch 1 failed</h2>" in page
    assert '<th scope="row">shift 1</th>' in page
    closed = html.render(build([event for event in events if event["type"] != "rollback.done"][:-1], analysis))
    assert "The journal ends after watch 1" in closed


def test_markup_in_a_record_stays_text(rollouts):
    evil = "</script><script>alert(1)</script><img src=x>"
    events, analysis, records = rollouts.regressed()
    record = copy.deepcopy(records["watch-1"])
    record.update(why=evil, colors={evil: {"requests": 1, "errors": 0}})
    record["verdict"].update(lines=[evil], canary=None)
    page = html.render(build(events, analysis, watched={"watch-1": record}))
    assert "<img" not in page
    assert page.count("<script") == 1
    assert "&lt;img src=x&gt;" in page


def test_no_dot_stands_for_windows_of_two_splits(rollouts):
    events, analysis, records = rollouts.canary()
    records = copy.deepcopy(records)
    for watch in ("watch-1", "watch-2"):
        for point in records[watch]["history"]:
            point["ended"] = rollouts.START + 40 + point["split"] / 1000  # two splits within one pixel
    dots = drawn(rollouts, events, analysis, records)["verdict"]["rates"]["arms"][1]["dots"]
    assert [dot["title"] for dot in dots] == ["2 of 600 were errors", "2 of 600 were errors"]
