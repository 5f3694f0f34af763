# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Journals to fold: whole rollouts, told as events, with whatever a test wants to change about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import PHASES, Event

Say = tuple[str, dict[str, Any]]


class Journal:
    """Appends events with the numbers and times that a ledger would give them: one a second from 1000 on."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def say(self, rollout: str, *said: Say) -> Journal:
        for type_, data in said:
            seq = len(self.events) + 1
            self.events.append(
                Event(seq, 1000.0 + seq, "storefront", rollout, type_, 1, {"name": "alice", "host": "control"}, data)
            )
        return self

    def opened(
        self, rollout: str, release: str, color: str = "green", previous: str | None = None, **more: Any
    ) -> Journal:
        live = "blue" if color == "green" else "green"
        data = {"release": release, "from": previous, "color": color, "live_color": live, "plan": None, **more}
        return self.say(rollout, ("rollout.opened", data))

    def phases(self, rollout: str, names: Sequence[str] = PHASES) -> Journal:
        for name in names:
            self.say(rollout, ("phase.intended", {"phase": name}), ("phase.done", {"phase": name}))
        return self

    def closed(self, rollout: str, outcome: str = "succeeded") -> Journal:
        return self.say(rollout, ("rollout.closed", {"outcome": outcome}))

    def released(self, rollout: str, release: str, color: str, previous: str | None) -> Journal:
        """A rollout of *release* to *color* from its first event to its last."""
        return self.opened(rollout, release, color, previous).phases(rollout).closed(rollout)


@pytest.fixture(scope="session")
def journal() -> Callable[[], Journal]:
    """A maker of empty journals (session-wide, so that property tests may use it)."""
    return Journal
