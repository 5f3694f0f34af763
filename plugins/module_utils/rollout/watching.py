# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What comes next while a step is watched: a pure function of what is declared and what was seen.

The order of values decides: whoever asks to go back is heard first, then the judge, then whoever asks to wait or to
go on, and the clock last. A step never goes on by itself without a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Ask = Mapping[str, Any]

#: What can come next.
HOLD, PROMOTE, ABORT = "hold", "promote", "abort"


@dataclass(frozen=True)
class Watched:
    """What is declared of a step. Times in seconds; ``approval`` is how long a person may take, None: none is needed.

    ``inconclusive`` is ``back`` or ``ask``: what becomes of a step that has no verdict after ``most``.
    ``pause_limit`` is the longest that a person may hold it.
    """

    least: float
    most: float
    requests: int = 0
    approval: float | None = None
    inconclusive: str = "back"
    pause_limit: float = 3600.0

    @classmethod
    def parse(cls, step: Mapping[str, Any], strategy: Mapping[str, Any]) -> Watched:
        """The step of a checked declaration."""
        approvals = [gate["within"] for gate in step.get("gates", ()) if gate["type"] == "approval"]
        return cls(
            least=step["least"],
            most=step["most"],
            requests=step["requests"],
            approval=sum(approvals) if approvals else None,
            inconclusive=step.get("inconclusive") or strategy.get("inconclusive", "back"),
            pause_limit=strategy["pause_limit"],
        )


@dataclass(frozen=True)
class Seen:
    """What is known at ``now`` (epoch seconds) of a step that began at ``began``.

    ``word`` is the verdict's (``healthy``, ``regressed``, ``inconclusive``) and ``decided`` whether it is final;
    ``why`` says it in a sentence. ``requests`` are the new release's answers in this step. ``unmet`` are the checks
    that do not hold, in words. ``lost`` says why nothing can be counted any more, ``trouble`` what else went wrong;
    both are empty while all is well. ``ready_since`` is when everything but a person's approval held, or None.
    """

    now: float
    began: float
    word: str
    decided: bool
    why: str
    requests: int
    asked: Sequence[Ask] = ()
    unmet: Sequence[str] = ()
    lost: str = ""
    trouble: str = ""
    ready_since: float | None = None


@dataclass(frozen=True)
class Move:
    """``action`` is hold, promote or abort, ``why`` says so to people; ``state`` is what is waited for.

    ``state`` is ``watching``, ``paused``, ``approval`` or ``asking``; ``left`` how many seconds that may still last.
    ``ready`` is whether everything but a person's approval holds.
    """

    action: str
    why: str
    state: str = "watching"
    left: float = 0.0
    ready: bool = False


def next_move(step: Watched, seen: Seen) -> Move:
    """How the step goes on."""
    pauses = paused_spans(seen.asked, seen.began, seen.now)
    ask = last_word(seen.asked, seen.began)
    if ask is not None and ask["action"] == "abort":
        return Move(ABORT, f"{_by(ask)} asked to abort: {ask['reason']}")
    if seen.decided and seen.word == "regressed":
        return Move(ABORT, seen.why)
    if seen.trouble:
        return Move(ABORT, seen.trouble)
    if seen.lost:
        return Move(ABORT, f"nothing can be counted, and without evidence nobody is moved further: {seen.lost}")
    if ask is not None and ask["action"] == "promote":
        return Move(PROMOTE, f"{_by(ask)} asked to promote: {ask['reason']}")
    if ask is not None and ask["action"] == "pause":
        return _paused(step, seen, ask)
    return _by_the_clock(step, seen, seen.now - seen.began - sum(end - start for start, end in pauses))


def _paused(step: Watched, seen: Seen, ask: Ask) -> Move:
    left = max(ask["at"], seen.began) + step.pause_limit - seen.now
    if left <= 0:
        return Move(ABORT, f"paused for {step.pause_limit:g} s, which is the limit, and nobody went on ({_by(ask)})")
    return Move(HOLD, f"{_by(ask)} asked to pause: {ask['reason']}", "paused", left)


def _by_the_clock(step: Watched, seen: Seen, elapsed: float) -> Move:
    healthy = seen.decided and seen.word == "healthy"
    enough = elapsed >= step.least and seen.requests >= step.requests
    if healthy and enough and not seen.unmet:
        if step.approval is None:
            return Move(PROMOTE, seen.why, ready=True)
        left = (seen.now if seen.ready_since is None else seen.ready_since) + step.approval - seen.now
        if left <= 0:
            return Move(ABORT, f"nobody approved within {step.approval:g} s", ready=True)
        return Move(HOLD, "a person has to approve (promote.yml)", "approval", left, ready=True)
    left = step.most - elapsed
    if left > 0:
        return Move(HOLD, seen.why, left=left)
    missing = _missing(step, seen, healthy=healthy)
    if step.inconclusive == "back":
        return Move(ABORT, f"no verdict after {step.most:g} s, and inconclusive never promotes: {missing}")
    left += step.pause_limit
    if left <= 0:
        return Move(ABORT, f"no verdict after {step.most:g} s, nor a person's word {step.pause_limit:g} s later")
    return Move(HOLD, f"no verdict after {step.most:g} s: promote.yml or abort.yml? {missing}", "asking", left)


def _missing(step: Watched, seen: Seen, *, healthy: bool) -> str:
    if not healthy:
        return seen.why
    if seen.unmet:
        return "; ".join(seen.unmet)
    return f"{seen.requests} answers of the new release, and {step.requests} are needed"


def last_word(asked: Iterable[Ask], began: float) -> Ask | None:
    """What people want of the step that *began* then, or None: the newest of what they asked.

    An abort holds whenever it was asked, a pause until somebody resumes; a promotion is for the step at hand alone,
    so that one which was asked for in an earlier step moves nobody further in this one.
    """
    word: Ask | None = None
    for ask in asked:
        if ask["action"] == "abort":
            return ask
        if ask["action"] == "resume":
            word = None
        elif ask["action"] == "pause":
            word = ask
        elif ask["action"] == "promote":
            word = ask if ask["at"] >= began else None
    return word


def paused_spans(asked: Iterable[Ask], began: float, now: float) -> list[tuple[float, float]]:
    """From when to when (epoch seconds) the step that *began* then was paused; the last one may still go on."""
    spans: list[tuple[float, float]] = []
    since: float | None = None
    for ask in asked:
        at = max(ask["at"], began)
        if ask["action"] == "pause" and since is None:
            since = at
        elif ask["action"] != "pause" and since is not None:
            spans.append((since, at))
            since = None
    if since is not None:
        spans.append((since, max(now, since)))
    return spans


def _by(ask: Ask) -> str:
    who = ask.get("who") or {}
    return f"{who.get('name') or 'somebody'} on {who.get('host') or 'an unknown host'}"
