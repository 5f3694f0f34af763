# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The loop of a watch: count, judge, listen, decide, show; until the step goes on or users go back.

All that touches the world is handed in (:class:`Means`), so that a test can be the world.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Reading
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.watching import (
    HOLD,
    PROMOTE,
    Ask,
    Move,
    Seen,
    Watched,
    next_move,
)

from .progress import Glance, Progress


@dataclass(frozen=True)
class Finding:
    """What a jury makes of all that was counted so far.

    ``word``, ``decided`` and ``why`` are the verdict's; ``requests`` are the new release's answers in this step;
    ``colors`` has requests and errors by release; ``evidence`` goes from 0 to 1 (its threshold); ``lost`` says why
    nothing can be counted any more, or is empty; ``notes`` are what people should know meanwhile; ``detail`` gives the
    whole verdict, ``history`` how it came about.
    """

    word: str
    decided: bool
    why: str
    requests: int
    colors: Mapping[str, Mapping[str, Any]]
    evidence: float = 0.0
    lost: str = ""
    notes: Sequence[str] = ()
    detail: Callable[[], Mapping[str, Any]] = dict
    history: Callable[[], Sequence[Mapping[str, Any]]] = tuple


class Jury(Protocol):
    """Who finds whether the new release is well."""

    def observe(self, at: float, reading: Reading) -> Finding:
        """Take one more reading, of that moment (epoch seconds), into account."""


class Clock(Protocol):
    """Epoch seconds, and waiting."""

    def time(self) -> float:
        """Epoch seconds."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


@dataclass(frozen=True)
class Means:
    """What a watch does with the world.

    ``count`` asks the metric source; ``keep`` records a reading; ``ask`` prolongs the lease and returns what people
    asked of the rollout so far; ``checks`` name what does not hold of the step's own gates; ``alive`` tells those
    who hold the way back that somebody watches; ``trouble`` says what else ends the step, or nothing; ``show``
    prints a line.
    """

    count: Callable[[], Reading]
    keep: Callable[[float, Reading], None]
    ask: Callable[[], Sequence[Ask]]
    checks: Callable[[], Sequence[str]]
    alive: Callable[[], None]
    trouble: Callable[[], str]
    show: Callable[[str], None]


@dataclass(frozen=True)
class Pace:
    """Seconds between two looks at what is counted, at what people ask and the step's gates, and at the progress."""

    poll: float = 0.5
    listen: float = 3.0
    progress: float = 5.0


def watch(
    step: Watched, percent: int, began: float, jury: Jury, means: Means, clock: Clock, pace: Pace
) -> tuple[Move, Finding]:
    """Watch a step that *began* then (epoch seconds) until it is decided; how it goes on, and what was found."""
    progress = Progress(means.show, pace.progress)
    asked: Sequence[Ask] = ()
    unmet: Sequence[str] = ()
    ready_since: float | None = None
    due = clock.time()
    # First a look at what is counted: where everything fails already, nothing else is worth a moment.
    listened = due - pace.listen
    while True:
        means.alive()
        reading = means.count()
        now = clock.time()
        means.keep(now, reading)
        found = jury.observe(now, reading)
        if now - listened >= pace.listen and not (found.decided and found.word == "regressed"):
            asked, unmet, listened = means.ask(), means.checks(), now
        trouble = means.trouble()
        move = next_move(step, _seen(now, began, found, asked, unmet, trouble, ready_since))
        if move.action == PROMOTE and listened != now:
            # Before anybody is moved further: the gates as they are now, and what people have asked meanwhile.
            asked, unmet, listened = means.ask(), means.checks(), now
            move = next_move(step, _seen(now, began, found, asked, unmet, trouble, ready_since))
        if move.action != HOLD:
            return move, found
        ready_since = (ready_since or now) if move.ready else None
        progress.look(now, _glance(now - began, percent, move, found))
        due = max(due + pace.poll, now)
        clock.sleep(max(0.0, due - clock.time()))


def _seen(
    now: float,
    began: float,
    found: Finding,
    asked: Sequence[Ask],
    unmet: Sequence[str],
    trouble: str,
    ready_since: float | None,
) -> Seen:
    return Seen(
        now=now,
        began=began,
        word=found.word,
        decided=found.decided,
        why=found.why,
        requests=found.requests,
        asked=asked,
        unmet=unmet,
        lost=found.lost,
        trouble=trouble,
        ready_since=ready_since,
    )


def _glance(elapsed: float, percent: int, move: Move, found: Finding) -> Glance:
    return Glance(
        elapsed, percent, move.state, move.left, found.colors, found.evidence, found.word, move.why, found.notes
    )
