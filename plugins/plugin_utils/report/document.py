# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the report document (docs/report.schema.json) from the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import gaps, journal, probe_evidence, traffic
from .journal import Event, data
from .watches import watches
from .words import clean

SCHEMA_VERSION = "1.2"


def build(
    events: Iterable[Event],
    analysis: Mapping[str, Any] | None = None,
    *,
    rollout: str | None = None,
    environment: str | None = None,
    watched: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The report of `rollout` (default: the one opened last) out of journal events and the probe's analysis.

    `analysis` is None when no probe ran; the report then says so. `watched` has the records of watched phases, as
    watched.read gives them. Instants are epoch seconds, durations seconds
    unless a name ends in `_ms`. Raises journal.ReportError when the evidence cannot be read.
    """
    chosen = journal.select(events, rollout)
    opening = next(event for event in chosen if event["type"] == "rollout.opened")
    # A note may precede the opening; the time series of the traffic starts with the opening.
    since = chosen[chosen.index(opening) :]
    closing = next((event for event in reversed(since) if event["type"] == "rollout.closed"), None)
    opened = data(opening)
    document = {
        "schema_version": SCHEMA_VERSION,
        "service": clean(opening.get("service") or "unnamed service"),
        "environment": _text(environment or opened.get("environment")),
        "rollout": clean(opening["rollout"]),
        "kind": "rollback" if opened.get("kind") == "rollback" else "release",
        "release": _release(opened.get("release")) or "unnamed release",
        "from": _release(opened.get("from")),
        "color": _color(opened.get("color")),
        "live_color": _color(opened.get("live_color")),
        "outcome": _outcome(closing),
        "traffic": _traffic(since),
        "strategy": _strategy(opened.get("strategy")),
        "opened_because": _text(opened.get("reason")),
        "closed_because": _closing_reason(since, closing),
        "who": _who(opening.get("who")),
        "started": opening["at"],
        "finished": closing["at"] if closing else None,
        "seconds": round(closing["at"] - opening["at"], 6) if closing else None,
        "phases": journal.phases(since),
        "split": traffic.series(since),
        "commit": traffic.commit(since),
        "probe": None if analysis is None else probe_evidence.evidence(analysis),
        "long_lived": probe_evidence.long_lived(analysis),
        "notes": journal.notes(chosen),
    }
    for phase in document["phases"]:
        phase["name"] = clean(phase["name"])
    document["watches"], unseen = watches(watched or {}, document["phases"])
    document["missing"] = [*gaps.missing(document), *unseen]
    return document


def _text(found: object) -> str | None:
    return clean(found) if found not in (None, "") else None


def _release(found: object) -> str | None:
    """A release id, also out of a whole release declaration."""
    return _text((found.get("id") or found.get("version")) if isinstance(found, Mapping) else found)


def _strategy(found: object) -> str | None:
    return _text(found.get("type") if isinstance(found, Mapping) else found)


def _color(found: object) -> str | None:
    return str(found) if found in traffic.COLORS else None


def _who(found: object) -> dict[str, Any]:
    known = found if isinstance(found, Mapping) else {}
    pid = known.get("pid")
    return {key: _text(known.get(key)) for key in ("name", "host")} | {"pid": pid if isinstance(pid, int) else None}


def _outcome(closing: Event | None) -> str:
    if closing is None:
        return "open"
    found = data(closing).get("outcome")
    if found not in journal.OUTCOMES:
        raise journal.ReportError(
            f"Journal event {closing['seq']} (rollout.closed): expected an outcome of "
            f"{', '.join(journal.OUTCOMES)}; found {found!r}."
        )
    return str(found)


def _traffic(events: list[Event]) -> str:
    """'untouched' (no intent to move it), 'moved' (at least once), or 'uncertain' (an intent and no success)."""
    if traffic.was_moved(events):
        return "moved"
    return "uncertain" if traffic.was_touched(events) else "untouched"


def _closing_reason(events: list[Event], closing: Event | None) -> str | None:
    """Why it ended as it did: the closing's own words, else those of the rollback."""
    stated = _text(data(closing).get("reason")) if closing else None
    if stated:
        return stated
    rollbacks = [_text(data(event).get("reason")) for event in events if event["type"] == "rollback.intended"]
    return rollbacks[-1] if rollbacks else None
