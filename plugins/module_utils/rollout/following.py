# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rollout as somebody follows it from elsewhere: its journal, a line for each event, and what its run is at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

_Data = Mapping[str, Any]


class Follower:
    """Tells what is new; ask it again and again, until it is ``over``."""

    def __init__(self) -> None:
        self._seen = 0
        self._doing = ""
        #: Whether the rollout that was followed has ended.
        self.over = False

    def news(self, events: Iterable[Mapping[str, Any]], doing: str) -> list[str]:
        """Lines for what *events* (of one rollout, oldest first) say that was not told yet, and for *doing*."""
        lines = []
        for event in events:
            if event["seq"] <= self._seen:
                continue
            self._seen = event["seq"]
            lines.append(f"  {moment(event['at'])}  {told(event)}")
            self.over = event["type"] == "rollout.closed"
        if doing and doing != self._doing and not self.over:
            lines.append(f"            {doing}")
        self._doing = doing
        return lines


def told(event: Mapping[str, Any]) -> str:
    """What one event of a journal says to people."""
    data: _Data = event["data"]
    if event["type"] == "rollout.opened":
        return f"{data['release']} is on its way to {data['color']}, sent by {_name(event['who'])}"
    if event["type"] == "rollout.asked":
        return asked({**data, "who": event["who"]})
    tell = _SENTENCES.get(event["type"])
    return tell(data) if tell else str(event["type"])


def asked(ask: Mapping[str, Any]) -> str:
    """What a person asked of a rollout."""
    return f"{_name(ask.get('who') or {})} asked to {ask['action']}: {ask['reason']}"


def moment(at: float) -> str:
    """A moment (epoch seconds) of today, in UTC."""
    return datetime.fromtimestamp(at, tz=timezone.utc).strftime("%H:%M:%S")


def _done(data: _Data) -> str:
    why = (data.get("result") or {}).get("why")
    return f"{data['phase']} is done{f': {why}' if why else ''}"


_SENTENCES: Mapping[str, Callable[[_Data], str]] = {
    "phase.intended": lambda data: f"{data['phase']} begins",
    "phase.done": _done,
    "phase.failed": lambda data: f"{data['phase']} failed: {data['error'].get('message') or 'without a message'}",
    "rollback.intended": lambda data: f"users go back: {data['reason']}",
    "rollback.done": lambda _data: "users are back",
    "rollout.closed": lambda data: f"it is over: {data['outcome'].replace('_', ' ')}",
    "note": lambda data: str(data["message"]),
}


def _name(who: Mapping[str, Any]) -> str:
    return f"{who.get('name') or 'somebody'} on {who.get('host') or 'an unknown host'}"
