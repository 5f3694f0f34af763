# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict: green only with proof, and never a boast that the evidence does not carry."""

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.report.document import build
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.facts import particulars, tiles
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.verdict import verdict


def judged(events, analysis):
    return verdict(build(events, analysis))


@pytest.mark.parametrize(
    ("story", "tone", "badge", "title", "sentence"),
    [
        ("success", "good", "succeeded", "storefront 1.0.0 → 2.0.0",
         "12,464 requests, 0 failed, users moved in 8.2 ms."),
        ("scratched", "warn", "succeeded, with failures", "storefront 1.0.0 → 2.0.0",
         "12,464 requests, 37 failed, 2 long-lived connections broken, users moved in 8.2 ms."),
        ("unproven", "warn", "succeeded, unproven", "storefront 1.0.0 → 2.0.0",
         "No probe ran, so what users saw is not known."),
        ("rolled_back", "warn", "rolled back", "storefront stays on 1.0.0",
         "2.0.0 was taken back. 11,505 requests, 27 failed."),
        ("failed_early", "bad", "failed", "storefront stays on 1.0.0",
         "2.0.0 failed in verify: blue, the live color, was never touched. 11,985 requests, 0 failed."),
        ("unchanged", "calm", "unchanged", "storefront is already on 2.0.0", "Nothing to do, and nothing was done."),
    ],
)  # fmt: skip
def test_stories(rollouts, story, tone, badge, title, sentence):
    found = judged(*getattr(rollouts, story)())
    assert (found.tone, found.badge, found.title, found.sentence) == (tone, badge, title, sentence)


@pytest.mark.parametrize(
    "change", [{"failed": 1}, {"wrong_release": 1}, {"long_lived": {"opened": 3, "broken": 1}}, {"sent": 0}]
)
def test_anything_that_hurt_or_was_not_measured_is_not_green(rollouts, change):
    events, analysis = rollouts.success()
    assert judged(events, analysis).tone == "good"
    assert judged(events, analysis | change).tone == "warn"


def test_the_wrong_release_is_said(rollouts):
    events, analysis = rollouts.success()
    assert "3 answered by the wrong release" in judged(events, analysis | {"wrong_release": 3}).sentence
    assert "sent nothing" in judged(events, analysis | {"sent": 0}).sentence


@pytest.mark.parametrize(
    ("last", "first", "text"), [(8, 5, "8 ms"), (None, 5, "5 ms"), (-3, 2, "2 ms"), (8, None, None)]
)
def test_users_have_moved_with_the_later_of_both(rollouts, last, first, text):
    events, analysis = rollouts.success()
    sentence = judged(events, analysis | {"last_from_ms": last, "first_to_ms": first}).sentence
    assert sentence.endswith(f"users moved in {text}." if text else "0 failed.")


def test_a_failure_after_the_move_says_where_the_traffic_is(rollouts):
    events = rollouts.Journal().shift(1, 3).phase("drain", 4, 5, error="boom").close(6, "failed")
    found = judged(events, None)
    assert found.title.endswith("not finished")
    assert "after traffic had moved: traffic is at blue 0 %, green 100 %" in found.sentence


def test_a_failed_shift_claims_nothing_about_the_traffic(rollouts):
    events = rollouts.Journal().phase("shift", 1, 2, error="stale fence").close(3, "failed")
    assert "does not prove where the traffic is" in judged(events, None).sentence


def test_a_move_without_splits_is_unknown(rollouts):
    events = rollouts.Journal(live_color=None).phase("shift", 1, 2).phase("bake", 2, 3, error="x").close(3, "failed")
    assert "the split is not known" in judged(events, None).sentence


def test_an_abandoned_rollout_says_how_far_it_got(rollouts):
    found = judged(rollouts.Journal().phase("install", 1, 2).close(3, "abandoned"), None)
    assert (found.tone, found.badge, found.title) == ("warn", "abandoned", "storefront stays on 1.0.0")
    assert found.sentence.startswith("2.0.0 was abandoned in install: blue, the live color, was never touched.")


def test_a_first_release_replaces_nothing(rollouts):
    first = {"from": None, "live_color": None}
    events = rollouts.Journal(**first).close(1, "failed")
    found = judged(events, None)
    assert found.title == "storefront 2.0.0 is not live"
    assert "failed in the opening: no traffic was ever moved" in found.sentence
    assert judged(rollouts.Journal(**first).shift(1, 3).close(4, "succeeded"), None).title == "storefront 2.0.0"


def test_an_open_journal_is_not_closed(rollouts):
    found = judged(rollouts.Journal().phase("install", 1, 2).events, None)
    assert (found.tone, found.badge) == ("warn", "not closed")
    assert "The journal ends after install" in found.sentence


def shown(events, analysis):
    return {tile["label"]: (tile["value"], tile["note"], tile["tone"]) for tile in tiles(build(events, analysis))}


def test_tiles_of_a_success(rollouts):
    found = shown(*rollouts.success())
    assert found["Failed"] == ("0", "of 12,464", "good")
    assert found["Users moved in"][:2] == ("8.2 ms", "2 load balancers 0.7 ms apart")
    assert found["p99 while moving"][:2] == ("31 ms", "17 ms before, 17 ms after")


def test_tiles_never_show_a_zero_that_was_not_counted(rollouts):
    found = shown(*rollouts.unproven())
    assert found["Failed"] == ("—", "not measured", "warn")
    assert found["Users moved in"][0] == "—"
    events, analysis = rollouts.success()
    assert shown(events, analysis | {"sent": 0, "failed": 0, "by_second": []})["Failed"][2] == "warn"


def test_tiles_of_other_stories(rollouts):
    assert shown(*rollouts.scratched())["Long-lived"][2] == "bad"
    assert shown(*rollouts.rolled_back())["Exposed at most"][0] == "25 %"
    assert shown(*rollouts.failed_early())["Users moved"][0] == "none"
    assert set(shown(*rollouts.unchanged())) == {"Duration"}
    colorless = rollouts.Journal(color=None, strategy=None).shift(1, 3)
    assert shown(colorless.events, None)["Exposed at most"][0] == "—"
    assert shown(colorless.events, None)["Duration"][:2] == ("—", "not closed")
    one_router = rollouts.Journal(strategy=None).phase("shift", 1, 2, {"at": 5}).close(3, "succeeded")
    assert shown(one_router, None)["Users moved in"][1] == "not measured"
    assert shown(one_router, None)["Duration"][1] == "from opening to closing"
    one_router_measured = rollouts.analysis(moves=[(2, 100)], latency={"after": {"p99": 5}}, long_lived=None)
    assert shown(one_router, one_router_measured)["Users moved in"][1] == "from commit to last old answer"
    assert shown(one_router, one_router_measured)["p99 after"] == ("5 ms", "99 % were faster", "")
    assert shown(one_router, rollouts.analysis(latency={"before": {"p50": 5}}))["p99 before"][0] == "—"


def test_particulars_tell_each_load_balancers_distance(rollouts):
    events, analysis = rollouts.success()
    rows = dict(particulars(build(events, analysis | {"late_ms": 2})))
    assert (rows["On lb1"], rows["On lb2"]) == ("0.2 ms after that instant", "0.9 ms after that instant")
    assert (rows["Started by"], rows["Probe woke late"]) == ("maria on deploy1 (process 4711)", "2 ms")
    early = rollouts.Journal().phase("shift", 1, 2, {"at": 5.0, "committed_at": {"lb1": 4.999}}).events
    assert dict(particulars(build(early)))["On lb1"] == "1 ms before that instant"


def test_particulars_leave_out_what_is_not_known(rollouts):
    events = rollouts.Journal(**{"from": None}).events
    events[0]["who"] = {"name": "joe"}
    rows = dict(particulars(build(events)))
    assert rows["Started by"] == "joe"
    assert rows["Replaces"] == "nothing: the first release"
    assert not {"Closed", "Traffic moved", "Probe woke late", "Environment"} & set(rows)


def test_a_rollback_of_its_own_tells_where_users_are(rollouts):
    events, analysis = rollouts.success()
    opening = next(event for event in events if event["type"] == "rollout.opened")
    opening["data"]["kind"] = "rollback"
    next(event for event in events if event["type"] == "rollout.closed")["data"]["outcome"] = "rolled_back"
    found = verdict(build(events, analysis))
    assert (found.tone, found.badge) == ("calm", "rolled back")
    assert "\N{RIGHTWARDS ARROW}" in found.title
    assert found.sentence.startswith("Users are on ")
