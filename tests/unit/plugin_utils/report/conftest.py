# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Realistic evidence: journals and probe analyses of whole rollouts, made without any clock."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest

START = 1_772_366_400.25  # 2026-03-01 12:00:00 UTC
OLD, NEW = "1.0.0-0a1b2c3d", "2.0.0-1a2b3c4d"


class Journal:
    """Appends events as the ledger does, each at `START` + the given seconds."""

    def __init__(self, **opened):
        self.events = []
        data = {
            "release": NEW,
            "from": OLD,
            "color": "green",
            "live_color": "blue",
            "strategy": "blue_green",
            "plan": {"steps": [{"blue": 0, "green": 100}]},
            "reason": "weekly release",
        }
        self.add(0, "rollout.opened", **(data | opened))

    def add(self, after, kind, **data):
        self.events.append(
            {
                "schema": 1,
                "seq": len(self.events) + 1,
                "at": START + after,
                "rollout": "storefront-20260301T120000Z",
                "service": "storefront",
                "type": kind,
                "fence": 7,
                "who": {"name": "maria", "host": "deploy1", "pid": 4711},
                "data": data,
            }
        )
        return self

    def phase(self, name, start, end, result=None, error=None):
        self.add(start, "phase.intended", phase=name)
        if error:
            return self.add(end, "phase.failed", phase=name, error=error)
        return self.add(end, "phase.done", phase=name, seconds=end - start, result=result or {})

    def shift(self, start, at, before=0, after=100, name="shift"):
        split = [{"blue": 100 - green, "green": green} for green in (before, after)]
        hosts = {"lb1": START + at + 0.0002, "lb2": START + at + 0.0009}
        result = {"committed_at": hosts, "at": START + at, "skew_ms": 0.7, "before": split[0], "after": split[1]}
        return self.phase(name, start, at + 0.4, result)

    def close(self, after, outcome, reason=None):
        return self.add(after, "rollout.closed", outcome=outcome, reason=reason).events


def analysis(seconds=52, moves=(), errors=None, rate=240, **more):
    """A probe's analysis; `moves` [(after, green percent)], `errors` {after: (reason, count)}."""
    dice = random.Random(7)
    rows, errors = [], errors or {}
    for after in range(-4, seconds - 4):
        green = ([0] + [share for at, share in moves if at <= after])[-1]
        failed = errors.get(after, ("", 0))[1]
        sent = rate + dice.randint(-3, 3)
        answered = sent - failed
        new = round(answered * green / 100)
        releases = {name: found for name, found in ((OLD, answered - new), (NEW, new)) if found}
        base = 4.1 + dice.random() * 0.5
        tail = base * 3 + dice.random() * 6 + (22 if any(at <= after < at + 2 for at, _share in moves) else 0)
        tail += 900 if failed else 0
        rows.append(
            {"second": int(START) + after, "sent": sent, "failed": failed, "slow": 1 if failed else 0, "wrong": 0}
            | {"releases": releases, "p50_ms": round(base, 2), "p99_ms": round(tail, 2)}
        )
    reasons = {}
    for reason, found in errors.values():
        reasons[reason] = reasons.get(reason, 0) + found
    quantiles = {"p50": 4.3, "p95": 9.1, "p99": 17.4, "max": 41.0}
    worse = {"p50": 4.6, "p95": 14.8, "p99": 31.0, "max": 88.2} if moves else None
    found = {
        "sent": sum(row["sent"] for row in rows),
        "failed": sum(row["failed"] for row in rows),
        "slow": sum(row["slow"] for row in rows),
        "wrong_release": 0,
        "errors": reasons,
        "by_second": rows,
        "latency": {"before": quantiles, "during": worse, "after": quantiles if moves else None},
        "last_from_ms": 8.2 if moves else None,
        "first_to_ms": 4.9 if moves else None,
        "long_lived": {"opened": 8, "broken": 0},
        "late_ms": {"p50": 0.1, "max": 3.2},
    }
    return found | more


def success():
    """Blue to green without a scratch."""
    journal = Journal()
    journal.phase("install", 0.4, 12.1).phase("verify", 12.2, 15.6).shift(15.8, 18.0)
    journal.phase("drain", 18.5, 24.9, {"sessions_left": 0, "closed": 0, "seconds": 6.4}).phase("bake", 25, 45)
    return journal.close(45.2, "succeeded"), analysis(moves=[(18, 100)])


def scratched():
    """It went through, and users noticed."""
    events, _clean = success()
    faults = {18: ("status 502", 31), 19: ("connection reset", 6)}
    return events, analysis(moves=[(18, 100)], errors=faults, long_lived={"opened": 8, "broken": 2})


def failed_early():
    """The new release never became ready."""
    error = {
        "message": "Expected http://10.111.0.23:8000/readyz to say ready for release 2.0.0-1a2b3c4d within 30 s; "
        "found status 503 (database not reachable). Look at the log lines of the hosts.",
        "hosts": {
            "app3": "12:00:31 storefront[812]: could not connect to server: Connection refused\n"
            "12:00:32 storefront[812]: not ready, retrying in 1 s",
            "app4": "12:00:31 storefront[799]: could not connect to server: Connection refused",
        },
    }
    journal = Journal().phase("install", 0.4, 12.1).phase("verify", 12.2, 42.6, error=error)
    return journal.close(43, "failed", "verify failed on app3, app4"), analysis(50)


def rolled_back():
    """A canary that went bad at 25 percent."""
    journal = Journal(strategy={"type": "canary"})
    journal.phase("install", 0.4, 9).phase("verify", 9.1, 12).shift(12.1, 14, 0, 5).phase("bake", 14.5, 24.5)
    journal.shift(24.6, 26, 5, 25)
    journal.phase("bake", 26.5, 33, error={"message": "verdict: regressed (5xx 4.1 % against 0.0 %)", "hosts": {}})
    journal.add(33.2, "rollback.intended", reason="the canary judge says regressed: 5xx 4.1 % against 0.0 %")
    journal.add(33.9, "rollback.done", seconds=0.7).phase("drain", 34, 38)
    journal.add(39, "note", text="error budget of the week: 81 % left")
    faults = {second: ("status 500", 3 + second % 3) for second in range(27, 34)}
    return journal.close(39.1, "rolled_back"), analysis(48, moves=[(14, 5), (26, 25), (34, 0)], errors=faults)


def unchanged():
    """The same release again."""
    return Journal(**{"from": NEW, "color": None}).close(0.3, "unchanged"), None


def unproven():
    """A rollout that nobody watched."""
    return success()[0], None


def arm(name, requests, errors, slower=None):
    """What a verdict says of one release; the bounds are about as wide as the judge's."""
    told = {"name": name, "requests": requests}
    for what, events in (("errors", errors), ("slower", slower)):
        told[what] = events
        if events is not None:
            rate = events / requests if requests else None
            low, high = ((rate or 0) / 2, min(1, 2 * (rate or 0) + 0.001)) if requests else (0.0, 1.0)
            told[f"{what}_rate"] = {"estimate": rate, "low": low, "high": high}
    return told


def record(number, percent, began, seconds, spans, bad=False):
    """What the watch of a step leaves: its history has the windows of `spans` [(began, seconds)], earlier steps first.

    Each second 20 answers of the new release, of which one in 20 seconds (`bad`: one a second) is an error, and 380
    of the old one with one error. The first 5 seconds are the warm-up.
    """
    history, new, old = [], [0, 0], [0, 0]
    for split, (start, length) in enumerate(spans):
        for second in range(length):
            failed = 1 if bad or second % 20 == 0 else 0
            judged = not (split == 0 and second < 5)
            if judged:
                new, old = [new[0] + 20, new[1] + failed], [old[0] + 380, old[1] + 1]
            rates = {}
            for key, window, so_far in (("canary", (20, failed), new), ("baseline", (380, 1), old)):
                bounds = arm("", *so_far)["errors_rate"]
                rates[key] = {"requests": window[0], "errors": window[1], "rate": window[1] / window[0]}
                rates[key] |= {"mean": bounds["estimate"], "low": bounds["low"], "high": bounds["high"]}
                slow = window[0] // (10 if key == "canary" else 20)
                bounds = arm("", so_far[0], 0, so_far[0] * slow // window[0])["slower_rate"]
                rates[key]["slower"] = {"slower": slow, "rate": slow / window[0], "mean": bounds["estimate"]}
                rates[key]["slower"] |= {"low": bounds["low"], "high": bounds["high"]}
            level = len(history) / 40
            history.append(
                {"began": START + start + second, "ended": START + start + second + 1, "split": split}
                | {"judged": judged, "threshold": 4.6, "promotion_threshold": 4.6}
                | {"regression": 5 * level - 0.5 if bad else -0.5, "promotion": -9 * level if bad else 5 * level}
                | rates
            )
    word, action = ("regressed", "abort") if bad else ("healthy", "promote")
    reason = f"{NEW} is worse than {OLD} (errors)" if bad else f"in no metric is {NEW} 2 times as bad as {OLD}"
    arms = {"canary": arm(NEW, *new, 3), "baseline": arm(OLD, *old, 40)}
    driver = {"metric": "errors", "edge": None, "route": "/", "since": START + began + 2, "odds_ratio": 9.5}
    lines = [f"{word}: {reason}"]
    lines += [f"{each['name']}: {each['requests']:,} requests, {each['errors']:,} errors" for each in arms.values()]
    lines.append("evidence of a regression: 0.6 to 1, 100 needed")
    return {
        "phase": f"watch-{number}", "percent": percent, "jury": "canary", "began": START + began, "action": action,
        "word": word, "why": lines[0], "requests": 20 * seconds, "seconds": seconds,
        "colors": {OLD: {"requests": 380 * seconds, "errors": seconds}, NEW: {"requests": 20 * seconds, "errors": 3}},
        "verdict": arms | {
            "word": word, "decided": True, "reason": reason, "edge": 0.25, "driver": driver if bad else None,
            "regression": history[-1]["regression"], "threshold": 4.6, "promotion": history[-1]["promotion"],
            "promotion_threshold": 4.6, "holding_back": "errors", "p_value": None, "service_down": False,
            "vanished": False, "gaps": {"lb2": "it was not asked"}, "lines": lines,
        },
        "history": history,
    }  # fmt: skip


def canary():
    """Two steps that held, then everybody; the bake was watched by its ceiling. (events, analysis, watched)."""
    journal = Journal(strategy={"type": "canary"})
    journal.phase("install", 0.4, 9).phase("verify", 9.1, 12).shift(12.1, 14, 0, 5, "shift-1")
    journal.phase("watch-1", 15, 45).shift(45.1, 47, 5, 25, "shift-2").phase("watch-2", 48, 78)
    journal.shift(78.1, 80, 25, 100, "shift-3").phase("drain", 81, 84).phase("bake", 84, 104)
    spans = [(15, 30), (48, 30)]
    baked = {"phase": "bake", "percent": 100, "jury": "ceiling", "began": START + 84, "seconds": 20.0}
    baked |= {"action": "promote", "word": "healthy", "why": "8 of 8000 answers are errors", "requests": 8000}
    baked |= {"colors": {NEW: {"requests": 8000, "errors": 8}}, "verdict": {}, "history": []}
    watched = {
        "watch-1": record(1, 5, 15, 30, spans[:1]),
        "watch-2": record(2, 25, 48, 30, spans),
        "bake": baked,
    }
    return journal.close(105, "succeeded"), analysis(112, moves=[(14, 5), (47, 25), (80, 100)]), watched


def regressed():
    """A canary that the judge took back in its first step. (events, analysis, watched)."""
    found = record(1, 5, 15, 30, [(15, 30)], bad=True)
    journal = Journal(strategy={"type": "canary"})
    journal.phase("install", 0.4, 9).phase("verify", 9.1, 12).shift(12.1, 14, 0, 5, "shift-1")
    journal.phase("watch-1", 15, 45, error={"message": f"{NEW} at 5 %: {found['why']}.", "hosts": {}})
    journal.add(45.1, "rollback.intended", reason=found["why"]).add(45.9, "rollback.done", seconds=0.8)
    return journal.close(46, "rolled_back"), analysis(54, moves=[(14, 5), (45, 0)]), {"watch-1": found}


@pytest.fixture(name="rollouts")
def _rollouts():
    found = (success, scratched, failed_early, rolled_back, unchanged, unproven, canary, regressed)
    return SimpleNamespace(
        Journal=Journal, analysis=analysis, START=START, OLD=OLD, NEW=NEW, **{f.__name__: f for f in found}
    )
