# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the judge saw, in the report's shape: nothing made up, and what is lacking said."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path

import jsonschema
import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.report.document import build
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.watched import Unreadable

SCHEMA = json.loads((Path(__file__).resolve().parents[4] / "docs" / "report.schema.json").read_text(encoding="utf-8"))


def document(events, analysis, watched):
    found = build(events, analysis, watched=watched)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(found, allow_nan=False)))
    return found


def changed(records, phase, **change):
    """The records with one of them changed; the fixture's own stay as they are."""
    return copy.deepcopy(records) | {phase: copy.deepcopy(records[phase]) | change}


@pytest.mark.parametrize("story", ["canary", "regressed"])
def test_every_story_fits_the_schema_and_lacks_nothing(rollouts, story):
    found = document(*getattr(rollouts, story)())
    assert found["schema_version"] == "1.2"
    assert found["missing"] == []


def test_the_schema_would_catch_a_wrong_watch(rollouts):
    found = document(*rollouts.canary())
    found["watches"][0]["history"][3]["canary"]["mean"] = 1.5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SCHEMA)


def test_watches_are_in_the_order_of_their_phases(rollouts):
    events, analysis, records = rollouts.canary()
    found = document(events, analysis, dict(reversed(records.items())))["watches"]
    assert [(watch["phase"], watch["percent"], watch["jury"]) for watch in found] == [
        ("watch-1", 5, "canary"), ("watch-2", 25, "canary"), ("bake", 100, "ceiling"),
    ]  # fmt: skip
    assert found[0]["verdict"]["canary"]["requests"] == 500  # 30 s without the warm-up
    assert found[0]["verdict"]["gaps"] == {"lb2": "it was not asked"}
    assert (found[2]["verdict"], found[2]["lines"], found[2]["history"]) == (None, [], [])


def test_a_window_is_in_the_report_once(rollouts):
    events, analysis, records = rollouts.canary()
    assert len(records["watch-2"]["history"]) == 60  # its own, and those of the step before
    found = document(events, analysis, records)["watches"]
    assert [{point["split"] for point in watch["history"]} for watch in found] == [{0}, {1}, set()]
    assert [len(watch["history"]) for watch in found] == [30, 30, 0]


def test_the_last_step_alone_tells_of_slow_answers_and_of_those_before(rollouts):
    events, analysis, records = rollouts.canary()
    first, second, bake = document(events, analysis, records)["watches"]
    assert (first["slower"], bake["slower"], second["slower"]["edge"]) == (None, None, 0.25)
    assert [point["split"] for point in second["slower"]["points"]] == [0] * 30 + [1] * 30
    assert second["slower"]["points"][0]["canary"]["slower"] == 2
    del records["watch-2"]
    assert document(events, analysis, records)["watches"][0]["slower"]["edge"] == 0.25
    unmeasured = copy.deepcopy(records)
    for point in unmeasured["watch-1"]["history"]:
        point["canary"]["slower"] = point["baseline"]["slower"] = None
    assert document(events, analysis, unmeasured)["watches"][0]["slower"] is None


def test_a_later_step_tells_what_an_earlier_ones_lost_record_would(rollouts):
    events, analysis, records = rollouts.canary()
    del records["watch-1"]
    found = document(events, analysis, records)
    assert len(found["watches"][0]["history"]) == 60
    assert found["missing"] == ["What was compared in watch 1 cannot be shown: no record of it was found."]


def test_an_unfinished_watch_has_no_record_to_miss(rollouts):
    events = rollouts.Journal().add(1, "phase.intended", phase="watch-1").events
    gaps = document(events, None, {})["missing"]
    assert not any("was compared" in gap for gap in gaps)
    assert "The journal has no outcome for: watch 1." in gaps
    events = rollouts.Journal().phase("watch-1", 1, 9).events
    assert any("was compared in watch 1" in gap for gap in document(events, None, {})["missing"])


def test_a_phase_that_need_not_be_watched_misses_nothing(rollouts):
    assert document(*rollouts.success(), {})["missing"] == []


def test_a_record_of_another_rollout_is_nobodys(rollouts):
    events, analysis, records = rollouts.canary()
    assert len(document(events, analysis, records | {"watch-9": records["watch-1"]})["watches"]) == 3


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Unreadable("watch-1.watch.json is no whole JSON text"), "cannot be shown: watch-1.watch.json is no whole"),
        ([], "cannot be shown: expected an object, found list"),
        ({"word": "healthy"}, "expected when it began"),
        ({"began": 5, "word": "great\x1b[31m"}, "healthy, regressed, inconclusive, found 'great"),
    ],
)
def test_a_record_that_cannot_be_read_is_said(rollouts, found, said):
    events, analysis, records = rollouts.canary()
    built = document(events, analysis, records | {"watch-1": found})
    assert [watch["phase"] for watch in built["watches"]] == ["watch-2", "bake"]
    assert said in built["missing"][0]
    assert "\x1b" not in built["missing"][0]


def test_a_judge_without_windows_is_said_and_a_ceiling_needs_none(rollouts):
    events, analysis, records = rollouts.canary()
    records = changed(changed(records, "watch-1", history=[]), "watch-2", history=None)
    found = document(events, analysis, records)
    assert found["missing"] == ["No window was kept of watch 1, watch 2: rates and evidence cannot be drawn."]


def test_bare_records_are_no_error(rollouts):
    events, analysis, records = rollouts.canary()
    bare = {"began": 5, "word": "inconclusive", "colors": {"x": 1, "y": {"requests": True, "errors": -1}}}
    found = document(events, analysis, records | {"watch-1": bare})["watches"][0]
    assert (found["percent"], found["action"], found["requests"], found["seconds"]) == (None, None, None, None)
    assert found["colors"] == {"y": {"requests": None, "errors": None}}


def test_a_number_that_is_none_is_not_known(rollouts):
    events, analysis, records = rollouts.canary()
    record = copy.deepcopy(records["watch-1"])
    record["history"][9].update(regression=math.nan, promotion=-math.inf, canary=None)
    record["history"][10].update(ended=None)
    record["history"].append("x")
    record["verdict"].update(regression=math.inf, p_value=math.nan, canary={"requests": 5}, driver={"since": math.inf})
    record["verdict"]["baseline"]["errors_rate"] = None
    found = document(events, analysis, records | {"watch-1": record})["watches"][0]
    assert len(found["history"]) == 29
    point = found["history"][9]
    assert (point["regression"], point["promotion"], point["canary"]["mean"]) == (None, None, None)
    assert (found["verdict"]["regression"], found["verdict"]["p_value"]) == (None, None)
    assert (found["verdict"]["canary"], found["verdict"]["driver"]["since"]) == (None, None)
    assert found["verdict"]["baseline"]["errors_rate"] == {"estimate": None, "low": None, "high": None}


def test_texts_cannot_drive_a_terminal(rollouts):
    events, analysis, records = rollouts.regressed()
    record = copy.deepcopy(records["watch-1"])
    evil = "\x1b[31m\u202e"
    record.update(why=evil, jury=evil, colors={evil: {"requests": 1, "errors": 0}})
    record["verdict"].update(lines=[evil, 7], reason=evil, gaps={evil: evil}, holding_back=evil)
    record["verdict"]["canary"]["name"] = record["verdict"]["driver"]["route"] = evil
    found = json.dumps(document(events, analysis, {"watch-1": record}), ensure_ascii=False)
    assert "\\u001b" not in found
    assert "\u202e" not in found


def test_the_same_evidence_gives_the_same_document(rollouts):
    events, analysis, records = rollouts.canary()
    shuffled = copy.deepcopy(records)
    shuffled["watch-2"]["history"].reverse()
    assert document(events, analysis, records) == document(events[::-1], analysis, shuffled)
