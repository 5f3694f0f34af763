# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report document: what it says, and what it refuses to make up."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.report.document import build
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.journal import ReportError

SCHEMA = json.loads((Path(__file__).resolve().parents[4] / "docs" / "report.schema.json").read_text(encoding="utf-8"))
STORIES = ["success", "scratched", "failed_early", "rolled_back", "unchanged", "unproven"]


@pytest.mark.parametrize("story", STORIES)
def test_every_story_fits_the_schema_and_json(rollouts, story):
    document = build(*getattr(rollouts, story)(), environment="lab")
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(document, allow_nan=False)))
    assert set(document) == set(SCHEMA["required"])


def test_the_schema_would_catch_a_wrong_document(rollouts):
    document = build(*rollouts.success())
    document["probe"]["failed"] = None
    with pytest.raises(jsonschema.ValidationError, match="None is not of type"):
        jsonschema.validate(document, SCHEMA)


def test_success(rollouts):
    document = build(*rollouts.success(), environment="lab")
    assert (document["outcome"], document["traffic"], document["missing"]) == ("succeeded", "moved", [])
    assert (document["release"], document["from"], document["color"]) == (rollouts.NEW, rollouts.OLD, "green")
    assert document["who"] == {"name": "maria", "host": "deploy1", "pid": 4711}
    assert document["seconds"] == pytest.approx(45.2)
    assert [phase["name"] for phase in document["phases"]] == ["install", "verify", "shift", "drain", "bake"]
    assert [(point["blue"], point["green"]) for point in document["split"]] == [(100, 0), (0, 100)]
    assert document["split"][1]["at"] == document["commit"]["at"] == rollouts.START + 18
    assert document["commit"]["skew_ms"] == 0.7
    assert document["probe"]["rate"] == pytest.approx(240, abs=2)


def test_failure_before_traffic_names_the_hosts(rollouts):
    document = build(*rollouts.failed_early())
    assert (document["traffic"], document["commit"]) == ("untouched", None)
    assert document["phases"][-1]["outcome"] == "failed"
    assert set(document["phases"][-1]["error"]["hosts"]) == {"app3", "app4"}
    assert document["missing"] == []  # nothing moved, so nothing about a move is missing


def test_rollback_returns_the_traffic(rollouts):
    document = build(*rollouts.rolled_back())
    assert [point["green"] for point in document["split"]] == [0, 5, 25, 0]
    assert document["closed_because"].startswith("the canary judge says regressed")
    assert document["strategy"] == "canary"
    assert document["notes"][0]["text"].startswith("error budget")


def test_only_the_asked_for_rollout_is_reported(rollouts):
    first, _analysis = rollouts.success()
    second = [event | {"rollout": "later", "seq": event["seq"] + 100} for event in rollouts.failed_early()[0]]
    assert build([*second, *first])["rollout"] == "later"
    assert build([*second, *first], rollout=first[0]["rollout"])["outcome"] == "succeeded"


def test_same_evidence_same_document_whatever_its_order(rollouts):
    events, analysis = rollouts.success()
    shuffled = analysis | {"by_second": analysis["by_second"][::-1]}
    assert build(events, analysis) == build(events[::-1], shuffled)


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda events: events.clear(), r"'rollout.opened'.*found 0 event\(s\).*none"),
        (lambda events: events.pop(0), "opened rollouts: none"),
        (lambda events: events.insert(0, "x"), "event 0: expected a dictionary, found str"),
        (lambda events: events[1].update(schema=2), "event 1: expected schema 1, found 2.*newer version"),
        (lambda events: events[1].update(at="noon"), "'at', found 'noon'"),
        (lambda events: events[-1]["data"].update(outcome="great"), "succeeded, rolled_back.*found 'great'"),
    ],
)
def test_unreadable_journals_are_refused_with_the_place(rollouts, break_it, said):
    events, _analysis = rollouts.success()
    break_it(events)
    with pytest.raises(ReportError, match=said):
        build(events)


def test_an_unknown_rollout_is_refused(rollouts):
    with pytest.raises(ReportError, match=r"of rollout 'other'.*storefront-2026"):
        build(rollouts.success()[0], rollout="other")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"failed": None}, "failed: expected a count.*found None"),
        ({"sent": True}, "sent: expected a count.*found True"),
        ({"slow": -1}, "slow: expected a count.*found -1"),
        ({"long_lived": {"opened": 1}}, "long_lived.broken"),
        ({"by_second": [{"second": 5, "sent": 1}]}, r"by_second\[5\].failed"),
    ],
)
def test_a_count_that_is_not_there_is_not_zero(rollouts, change, said):
    events, analysis = rollouts.success()
    with pytest.raises(ReportError, match=said):
        build(events, analysis | change)


def test_releases_and_strategies_may_be_whole_declarations(rollouts):
    journal = rollouts.Journal(
        release={"version": "3.0"}, strategy={"type": "rolling"}, **{"from": {"id": "2.9-00000000"}}
    )
    document = build(journal.events)
    assert (document["release"], document["from"], document["strategy"]) == ("3.0", "2.9-00000000", "rolling")


def test_bare_evidence_is_not_an_error(rollouts):
    events = rollouts.Journal(release=None, color="red", live_color=None, strategy=None, reason="").events
    events[0].update(data=None, who=None, service=None)
    document = build(events)
    assert (document["service"], document["release"], document["color"]) == ("unnamed service", "unnamed release", None)
    assert document["split"] == []
    jsonschema.validate(document, SCHEMA)


def test_notes_before_the_opening_and_a_closing_without_reason(rollouts):
    journal = rollouts.Journal()
    early = journal.events[0] | {"seq": 0, "type": "note", "data": {"drill": True}}
    document = build([early, *journal.close(1, "failed")])
    assert document["notes"] == [{"at": early["at"], "text": '{"drill": true}'}]
    assert document["closed_because"] is None


@pytest.mark.parametrize(
    ("late", "kept"), [(3, 3), ({"max": 3.5, "note": "x"}, {"max": 3.5}), (None, None), ("x", None)]
)
def test_the_probes_own_lateness_is_kept_as_it_came(rollouts, late, kept):
    events, analysis = rollouts.success()
    assert build(events, analysis | {"late_ms": late})["probe"]["late_ms"] == kept
