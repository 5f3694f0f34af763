# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a rollout: each step with its hosts, its split, its gates and how long it may take.

What is printed is what is done: the same plan, by its digest, is checked again before traffic moves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """One phase of a rollout. ``longest`` is in seconds.

    ``found`` is the split that it begins with, ``split`` the one that holds from its end on.

    ``watch`` is what is declared of a step that is watched, None for everything else.
    ``member`` is the one host that a step of a rolling release deals with, None where it is a whole pool.
    ``require_healthy`` is the percentage of a pool's members that must be up before it gets users in this step.
    ``require_old`` is the same of the old release's, for as long as no user has been moved.
    ``way_back`` is whether the old release has the hosts for all users at its end, so that silence takes them back.
    ``before`` and ``after`` name the files of the user's own tasks, in their order.
    """

    phase: str
    does: str
    hosts: tuple[str, ...]
    split: Mapping[str, int]
    gates: tuple[str, ...]
    longest: float
    watch: Mapping[str, Any] | None = None
    found: Mapping[str, int] | None = None
    member: str | None = None
    require_healthy: float = 100
    require_old: float = 100
    way_back: bool = True
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Steps in their order. ``longest`` is the longest the whole may take, in seconds.

    ``promises`` say what the judge will and will not find, in sentences.
    """

    service: str
    release: str
    previous: str | None
    color: str
    live_color: str
    strategy: str
    steps: tuple[Step, ...]
    promises: tuple[str, ...] = ()

    @property
    def longest(self) -> float:
        """The sum of the steps' longest durations, in seconds."""
        return sum(step.longest for step in self.steps)

    @property
    def digest(self) -> str:
        """Twelve hex digits that stand for this very plan."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def as_dict(self) -> dict[str, Any]:
        """The plan for the journal and templates."""
        return {**asdict(self), "longest": self.longest, "digest": self.digest}

    def lines(self) -> list[str]:
        """The plan as an operator reads it."""
        head = [
            (
                f"plan {self.digest}: {self.service} {self.previous or 'nothing'} ({self.live_color})"
                f" -> {self.release} ({self.color}), {self.strategy}, at most {duration(self.longest)}"
            )
        ]
        for number, step in enumerate(self.steps, start=1):
            shares = " / ".join(f"{color} {share} %" for color, share in step.split.items())
            head.append(f"{number}. {step.phase}: {step.does}")
            head.append(f"   on {', '.join(step.hosts)}; then {shares}; at most {duration(step.longest)}")
            head.extend(f"   hook before: {name}" for name in step.before)
            head.extend(f"   gate: {gate}" for gate in step.gates)
            head.extend(f"   hook after: {name}" for name in step.after)
        return [*head, *self.promises]


def duration(seconds: float) -> str:
    """Seconds as an operator reads them: ``45 s``, ``3 min 19 s``, ``2 h 5 min``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
