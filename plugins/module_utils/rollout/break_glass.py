# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a change that was made without the ledger comes into the journal once the ledger is back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .history import History
from .split import Split


def events_of_notes(notes: Mapping[str, Sequence[Mapping[str, Any]]], history: History) -> list[dict[str, Any]]:
    """The events that explain the load balancers' *notes* (by host; each with ``at``, ``who``, ``reason``,
    ``before`` and ``after``, that of a guard also with ``rollout`` and ``deadline``), in the order in which they are to
    be appended.

    Every note becomes a ``note`` event. Where the last of them left all users on a color that the journal
    does not call live, they also close the rollout that was open, or open and close one of their own.
    """
    flat = sorted(
        ({**note, "host": host} for host, noted in notes.items() for note in noted), key=lambda note: note["at"]
    )
    if not flat:
        return []
    last = flat[-1]
    current, target = history.current, Split.parse(last["after"]).live()
    rollout = current.id if current else f"break-glass-{int(last['at'])}"
    said = [
        {
            "rollout": rollout,
            "event": "note",
            "data": {"message": f"{note['host']}: {_how(note)}: {note['reason']}", "note": note},
        }
        for note in flat
    ]
    if current is not None and target == current.back_to[0]:
        # A run that died may have said already that users are back; then the end alone is missing.
        return said + _back(rollout, last["reason"])[2 if current.rolled_back else 0 :]
    if current is None and target is not None and target != history.live_color:
        return [_opened(rollout, history, target), *said, *_back(rollout, last["reason"])]
    return said


def _how(note: Mapping[str, Any]) -> str:
    # Only a guard knows by when it was to be told.
    return "its guard took users back" if "deadline" in note else "users were moved without the ledger"


def _opened(rollout: str, history: History, target: str) -> dict[str, Any]:
    return {
        "rollout": rollout,
        "event": "rollout.opened",
        "data": {
            "kind": "rollback",
            "release": history.installed.get(target),
            "from": history.live_release,
            "color": target,
            "live_color": history.live_color,
            "plan": None,
        },
    }


def _back(rollout: str, reason: str) -> list[dict[str, Any]]:
    return [
        {"rollout": rollout, "event": "rollback.intended", "data": {"reason": reason}},
        {"rollout": rollout, "event": "rollback.done", "data": {"break_glass": True}},
        {"rollout": rollout, "event": "rollout.closed", "data": {"outcome": "rolled_back", "reason": reason}},
    ]
