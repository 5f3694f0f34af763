# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the records of watched phases into the report's shape: what was compared, what was found, and how it grew.

A record that says too little to be shown becomes a sentence instead. Evidence is the natural logarithm of an e-value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import kind

from .journal import number
from .watched import Unreadable
from .words import clean, phase_name

WORDS = ("healthy", "regressed", "inconclusive")
ACTIONS = ("promote", "abort", "hold")
EVIDENCE = ("regression", "threshold", "promotion", "promotion_threshold")
_ARMS = ("canary", "baseline")
_RATES = ("rate", "mean", "low", "high")
_SAID = ("decided", "reason", "edge", "p_value", "holding_back", "service_down", "vanished", "gaps")
_DRIVER = ("metric", "edge", "route", "since", "odds_ratio")
# Digits that a drawing or a sentence can show, and more; all of them would double the size of a report.
_DIGITS = 7


class _Lacks(Exception):
    """A record lacks something; the message is the part of a sentence after a colon."""


def watches(records: Mapping[str, Any], phases: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """The report's `watches` in the order of their phases, and sentences on what cannot be shown of others.

    *records* is by phase, as `watched.read` gives it; *phases* are the report's. A record of a phase that the
    journal does not know belongs to nobody and is left out; one that is missing is missed once its phase has ended.
    """
    outcomes = {phase["name"]: phase["outcome"] for phase in phases}
    shown, gaps = [], []
    for phase, outcome in outcomes.items():
        if phase not in records:
            if kind(phase) == "watch" and outcome != "unfinished":
                gaps.append(f"What was compared in {phase_name(phase)} cannot be shown: no record of it was found.")
            continue
        try:
            shown.append(_watch(phase, records[phase]))
        except _Lacks as why:
            gaps.append(f"What was compared in {phase_name(phase)} cannot be shown: {why}.")
    gaps += _undrawn(shown)
    return _latency_once(_each_point_once(shown)), gaps


def _undrawn(shown: list[dict[str, Any]]) -> list[str]:
    """The judge compares window by window: without any, there is a word and nothing to see it by."""
    names = [phase_name(watch["phase"]) for watch in shown if watch["jury"] == "canary" and not watch["history"]]
    return [f"No window was kept of {', '.join(names)}: rates and evidence cannot be drawn."] if names else []


def _each_point_once(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each step's record tells the steps before it once more: needed only where theirs is missing."""
    told: set[int] = set()
    for watch in shown:
        watch["history"] = [point for point in watch["history"] if point["split"] not in told]
        told |= {point["split"] for point in watch["history"]}
    return shown


def _latency_once(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each step's judge counts by an edge of its own, in the steps before it as well: the last one's are kept."""
    for watch in [watch for watch in shown if watch["slower"]][:-1]:
        watch["slower"] = None
    return shown


def _watch(phase: str, found: object) -> dict[str, Any]:
    if isinstance(found, Unreadable):
        raise _Lacks(clean(found.why))
    if not isinstance(found, Mapping):
        raise _Lacks(f"expected an object, found {type(found).__name__}")
    began = number(found.get("began"))
    if began is None or found.get("word") not in WORDS:
        raise _Lacks(f"expected when it began and one of {', '.join(WORDS)}, found {_short(found.get('word'))}")
    said = found.get("verdict")
    said = said if isinstance(said, Mapping) else {}
    return {
        "phase": phase,
        "percent": number(found.get("percent")),
        "jury": clean(found.get("jury") or "canary"),
        "began": began,
        "seconds": number(found.get("seconds")),
        "action": found.get("action") if found.get("action") in ACTIONS else None,
        "word": found["word"],
        "why": clean(found.get("why") or ""),
        "requests": _count(found.get("requests")),
        "colors": _colors(found.get("colors")),
        "verdict": _verdict(said) if said else None,
        "lines": [clean(line) for line in said.get("lines") or () if isinstance(line, str)],
        "history": _history(found.get("history"), "errors"),
        "slower": _slower(said, found.get("history")),
    }


def _short(found: object) -> str:
    return clean(repr(found))[:40]


def _count(found: object) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else None


def _plain(found: object) -> Any:
    """`found` as JSON may hold it: texts without control characters, no number that is none."""
    if isinstance(found, bool) or found is None:
        return found
    if isinstance(found, Mapping):
        return {clean(key): _plain(value) for key, value in found.items()}
    return clean(found) if isinstance(found, str) else _rounded(found)


def _rounded(found: object) -> float | None:
    value = number(found)
    return round(value, _DIGITS) if isinstance(value, float) else value


def _colors(found: object) -> dict[str, dict[str, int | None]]:
    """{release: {requests, errors}} of this step alone."""
    each = found.items() if isinstance(found, Mapping) else ()
    return {
        clean(release): {key: _count(counts.get(key)) for key in ("requests", "errors")}
        for release, counts in each
        if isinstance(counts, Mapping)
    }


def _verdict(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the judge said; `canary` and `baseline` are over all steps so far, without the warm-up."""
    driver = said.get("driver")
    return (
        {key: _plain(said.get(key)) for key in _SAID}
        | {key: _rounded(said.get(key)) for key in EVIDENCE}
        | {arm: _arm(said.get(arm)) for arm in _ARMS}
        | {"driver": {key: _plain(driver.get(key)) for key in _DRIVER} if isinstance(driver, Mapping) else None}
    )


def _arm(found: object) -> dict[str, Any] | None:
    """{name, requests, errors, slower, errors_rate, slower_rate}; None where it was not counted."""
    if not isinstance(found, Mapping) or _count(found.get("requests")) is None or _count(found.get("errors")) is None:
        return None
    return {
        "name": clean(found.get("name") or "unnamed"),
        "requests": found["requests"],
        "errors": found["errors"],
        "slower": _count(found.get("slower")),
        "errors_rate": _bounds(found.get("errors_rate")),
        "slower_rate": _bounds(found.get("slower_rate")),
    }


def _bounds(found: object) -> dict[str, float | None]:
    given = found if isinstance(found, Mapping) else {}
    return {key: _rounded(given.get(key)) for key in ("estimate", "low", "high")}


def _slower(said: Mapping[str, Any], found: object) -> dict[str, Any] | None:
    """{edge, points}: answers slower than the edge (seconds) that tells most; None where latency was not judged."""
    edge, points = number(said.get("edge")), _history(found, "slower")
    return None if edge is None or not points else {"edge": edge, "points": points}


def _history(found: object, key: str) -> list[dict[str, Any]]:
    """The points in the order of time; one that says neither when nor what is no point, and draws a gap."""
    points = [_point(point, key) for point in found if isinstance(point, Mapping)] if isinstance(found, list) else []
    return sorted((point for point in points if point), key=lambda point: point["ended"])


def _point(found: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """What was counted as *key* of both colors; with the errors goes the evidence, which is of all metrics."""
    began, ended = number(found.get("began")), number(found.get("ended"))
    if began is None or ended is None:
        return None
    told = {"began": round(began, 3), "ended": round(ended, 3), "split": _count(found.get("split")) or 0}
    arms = {arm: _counted(found.get(arm), key) for arm in _ARMS}
    if key == "slower":
        return told | arms if any(arms[arm]["slower"] is not None for arm in _ARMS) else None
    evidence = {each: _rounded(found.get(each)) for each in EVIDENCE}
    return told | {"judged": found.get("judged") is True} | arms | evidence


def _counted(found: object, key: str) -> dict[str, Any]:
    """{requests, *key*, rate, mean, low, high} of one color; each None where it is not known."""
    given = found if isinstance(found, Mapping) else {}
    rates = given.get("slower") if key == "slower" else given
    rates = rates if isinstance(rates, Mapping) else {}
    return {"requests": _count(given.get("requests")), key: _count(rates.get(key))} | {
        each: _rounded(rates.get(each)) for each in _RATES
    }
