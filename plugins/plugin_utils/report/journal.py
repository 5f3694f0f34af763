# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a rollout's journal: which events belong to it, and what became of each phase."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .words import clean

Event = Mapping[str, Any]
SCHEMA = 1
OUTCOMES = ("succeeded", "rolled_back", "failed", "unchanged", "abandoned")


class ReportError(Exception):
    """The evidence handed in cannot be read; the message says what was expected, what was found and where."""


def number(value: object) -> float | None:
    """`value` when it is a finite number (a boolean is none), else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if abs(value) < float("inf") else None  # NaN compares false, too


def data(event: Event) -> Mapping[str, Any]:
    """The event's data; an empty mapping where it has none."""
    found = event.get("data")
    return found if isinstance(found, Mapping) else {}


def select(events: Iterable[Event], rollout: str | None = None) -> list[Event]:
    """The events of one rollout in the order of their sequence numbers: `rollout`, or the one opened last.

    Raises ReportError for an event that is not readable, and where the rollout was never opened.
    """
    known = [_checked(event, index) for index, event in enumerate(events)]
    known.sort(key=lambda event: event["seq"])
    opened = [event["rollout"] for event in known if event["type"] == "rollout.opened"]
    wanted = rollout or (opened[-1] if opened else None)
    if wanted not in opened:
        raise ReportError(
            f"Expected an event of type 'rollout.opened' {f'of rollout {wanted!r}' if wanted else ''} in the journal; "
            f"found {len(known)} event(s) and these opened rollouts: {', '.join(opened) or 'none'}. "
            "Pass all events of the rollout, from its opening on."
        )
    return [event for event in known if event["rollout"] == wanted]


def _checked(event: object, index: int) -> Event:
    where = f"Journal event {index}"
    if not isinstance(event, Mapping):
        raise ReportError(f"{where}: expected a dictionary, found {type(event).__name__}.")
    if event.get("schema") != SCHEMA:
        raise ReportError(
            f"{where}: expected schema {SCHEMA}, found {event.get('schema')!r}. "
            "A newer version of the collection wrote this journal: use that one to read it."
        )
    for key, good in (("seq", int), ("type", str), ("rollout", str), ("at", (int, float))):
        if not isinstance(event.get(key), good):
            raise ReportError(f"{where}: expected a value of the right type for {key!r}, found {event.get(key)!r}.")
    return event


def phases(events: Iterable[Event]) -> list[dict[str, Any]]:
    """One entry {name, started, seconds, outcome, error?} for each time that a phase was entered.

    `seconds` is None and `outcome` 'unfinished' where the journal has an intent and no outcome: the controller
    died there, or it is still at work. A rollback is shown as a phase of its own name.
    """
    entries: list[dict[str, Any]] = []
    waiting: dict[str, dict[str, Any]] = {}
    for event in events:
        kind, _dot, step = event["type"].partition(".")
        if kind not in ("phase", "rollback"):
            continue
        name = str(data(event).get("phase", "unnamed")) if kind == "phase" else "rollback"
        if step == "intended":
            waiting[name] = {"name": name, "started": event["at"], "seconds": None, "outcome": "unfinished"}
            entries.append(waiting[name])
        elif step in ("done", "failed"):
            entry = waiting.pop(name, None)
            if entry is None:  # an outcome without its intent is still evidence
                entry = {"name": name, "started": event["at"]}
                entries.append(entry)
            _settle(entry, event, step)
    return entries


def _settle(entry: dict[str, Any], event: Event, outcome: str) -> None:
    stated = number(data(event).get("seconds"))
    entry["seconds"] = round(event["at"] - entry["started"] if stated is None else stated, 6)
    entry["outcome"] = outcome
    if outcome == "failed":
        entry["error"] = _error(data(event).get("error"))


def _error(found: object) -> dict[str, Any]:
    """{message, hosts {name: text}}, whatever shape the failure was written down in."""
    if isinstance(found, Mapping):
        hosts = found.get("hosts")
        hosts = hosts if isinstance(hosts, Mapping) else {}
        return {
            "message": clean(found.get("message") or "no message was recorded"),
            "hosts": {clean(name): clean(text) for name, text in hosts.items()},
        }
    return {"message": clean(found or "no message was recorded"), "hosts": {}}


def notes(events: Iterable[Event]) -> list[dict[str, Any]]:
    """[{at, text}]: what people and tools noted, and each time another controller went on with the rollout."""
    found = []
    holder = None
    for event in events:
        who = person(event)
        asks = event["type"] == "rollout.asked"  # by anybody, who goes on with nothing
        if holder is not None and who is not None and who != holder and not asks:
            found.append({"at": event["at"], "text": f"Continued by {who}."})
        holder = holder if asks else who or holder
        if event["type"] == "note":
            found.append({"at": event["at"], "text": _note(data(event))})
        elif event["type"] == "rollout.asked":
            asked = f"asked to {data(event).get('action')}: {data(event).get('reason')}"
            found.append({"at": event["at"], "text": clean(f"{who or 'Somebody'} {asked}")})
    return found


def _note(content: Mapping[str, Any]) -> str:
    for key in ("text", "message", "note", "reason"):
        if isinstance(content.get(key), str):
            return clean(content[key])
    return clean(json.dumps(content, sort_keys=True, default=str))


def person(event: Event) -> str | None:
    """'name on host' of whoever wrote the event; None where nobody is named."""
    who = event.get("who")
    if not isinstance(who, Mapping) or not (who.get("name") or who.get("host")):
        return None
    return clean(f"{who.get('name') or 'somebody'} on {who.get('host') or 'an unnamed host'}")
