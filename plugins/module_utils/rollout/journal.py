# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal's events: what one line says, and how a line is written and read.

An event is one JSON object on one line: readable by a person, greppable, and either there or not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

SCHEMA = 1

#: The phases of a rollout that moves everybody in one step, in their order.
PHASES = ("install", "verify", "shift", "drain", "bake", "close")

#: What a phase can be. A plan that has one of them more than once numbers them: "shift-1", "watch-1", "shift-2".
#: Those of a campaign are stages, each a rollout or a router of its own.
KINDS = ("install", "refresh", "verify", "shift", "watch", "drain", "bake", "close", "stage")
PHASE = re.compile(rf"({'|'.join(KINDS)})(-[1-9][0-9]*)?")

#: What people may ask of a rollout in progress, from anywhere.
ACTIONS = ("pause", "resume", "promote", "abort")

#: What may be said, and the data that it needs.
TYPES: Mapping[str, tuple[str, ...]] = {
    "rollout.opened": ("release", "from", "color", "live_color", "plan"),
    "phase.intended": ("phase",),
    "phase.done": ("phase",),
    "phase.failed": ("phase", "error"),
    "rollback.intended": ("reason",),
    "rollback.done": (),
    "rollout.closed": ("outcome",),
    "ledger.carried": ("state",),
    "rollout.asked": ("action", "reason"),
    "note": ("message",),
}

#: A line of the journal. ``str.splitlines`` would end one at U+2028 or U+0085 too, which JSON does not escape.
LINE = re.compile(r"[^\n]*\n|[^\n]+")

#: How a rollout can end.
OUTCOMES = ("succeeded", "rolled_back", "failed", "abandoned")


def kind(phase: str) -> str:
    """What *phase* is, without its number: ``shift`` for ``shift-2``."""
    return phase.partition("-")[0]


def in_place(opened: Mapping[str, Any]) -> bool:
    """Whether a rollout replaces a release where its users are: *opened* is the data of its ``rollout.opened``."""
    color, previous = opened.get("color"), opened.get("from")
    return color is not None and color == opened.get("live_color") and previous not in (None, opened.get("release"))


@dataclass(frozen=True)
class Event:
    """One line of the journal. ``at`` is in epoch seconds, ``seq`` counts from 1 without a gap."""

    seq: int
    at: float
    service: str
    rollout: str
    type: str
    fence: int
    who: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise ValueError(f"journal: expected one of the event types {', '.join(TYPES)}, but found {self.type!r}")
        missing = [key for key in TYPES[self.type] if key not in self.data]
        if missing:
            raise ValueError(f"journal: a {self.type} event needs {', '.join(missing)} in its data")
        if "phase" in self.data and not PHASE.fullmatch(str(self.data["phase"])):
            raise ValueError(f"journal: expected a phase of {', '.join(KINDS)}, but found {self.data['phase']!r}")
        if self.type == "rollout.asked" and self.data["action"] not in ACTIONS:
            raise ValueError(f"journal: expected an action of {', '.join(ACTIONS)}, but found {self.data['action']!r}")
        if "outcome" in self.data and self.data["outcome"] not in OUTCOMES:
            raise ValueError(
                f"journal: expected an outcome of {', '.join(OUTCOMES)}, but found {self.data['outcome']!r}"
            )

    def intends(self, phase: str) -> Event:
        """The intent of *phase* that follows this event at once, by the same writer."""
        return replace(self, seq=self.seq + 1, type="phase.intended", data={"phase": phase})

    def as_dict(self) -> dict[str, Any]:
        """The event as JSON carries it, with its time once more for people (``time``, UTC)."""
        time = datetime.fromtimestamp(self.at, tz=timezone.utc).isoformat(timespec="microseconds")
        return {
            "seq": self.seq,
            "time": time.replace("+00:00", "Z"),
            "type": self.type,
            "rollout": self.rollout,
            "service": self.service,
            "data": dict(self.data),
            "fence": self.fence,
            "who": dict(self.who),
            "at": self.at,
            "schema": SCHEMA,
        }

    def line(self) -> str:
        """The event as a line of the journal, with its line end."""
        return json.dumps(self.as_dict(), separators=(", ", ": "), ensure_ascii=False) + "\n"

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Event:
        """The inverse of :meth:`as_dict`. Raises ValueError for what is no event of this schema."""
        if value.get("schema") != SCHEMA:
            raise ValueError(f"journal: expected schema {SCHEMA}, but found {value.get('schema')!r}")
        try:
            return cls(
                seq=int(value["seq"]),
                at=float(value["at"]),
                service=str(value["service"]),
                rollout=str(value["rollout"]),
                type=str(value["type"]),
                fence=int(value["fence"]),
                who=dict(value.get("who") or {}),
                data=dict(value.get("data") or {}),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"journal: an event lacks {error}") from error


@dataclass(frozen=True)
class Reading:
    """A journal as read: its events, and the torn last line where a writer died in the middle of it."""

    events: tuple[Event, ...]
    torn: str = ""


def parse(text: str, name: str = "journal") -> Reading:
    """The events of a journal's text.

    An incomplete *last* line (no line end, or not JSON) is what a crash leaves: it was never
    acknowledged to anybody, so it is given back as ``torn`` and no event. Damage anywhere else means
    that the file was altered: ValueError with the line's number.
    """
    events: list[Event] = []
    lines = LINE.findall(text)
    for number, line in enumerate(lines, start=1):
        last = number == len(lines)
        if last and not line.endswith("\n"):
            return Reading(tuple(events), torn=line)
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise ValueError(f"expected a JSON object, but found {type(value).__name__}")
            event = Event.from_dict(value)
        except ValueError as error:
            if last and isinstance(error, json.JSONDecodeError):
                return Reading(tuple(events), torn=line)
            raise ValueError(
                f"{name}, line {number}: {error}. The journal was altered by hand or by a failing disk:"
                " restore it from a backup, or move it aside to begin a new one"
            ) from error
        if events and event.seq != events[-1].seq + 1:
            raise ValueError(
                f"{name}, line {number}: expected event {events[-1].seq + 1}, but found {event.seq}:"
                " lines are missing or doubled. Restore the journal from a backup"
            )
        events.append(event)
    return Reading(tuple(events))
