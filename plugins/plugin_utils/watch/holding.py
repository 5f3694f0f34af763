# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""At one load balancer, while a step is watched: its way back stays armed, and is taken at once when told to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .signal import BACK, SILENCE, WATCHING, Signal
from .watcher import Clock

_POLL = 0.05


@dataclass(frozen=True)
class Holding:
    """``prolong`` arms the way back anew, ``last`` does so for what comes after the watch, ``back`` takes it.

    Each returns what the router's module does. ``every`` is how often it is prolonged, in seconds.
    """

    prolong: Callable[[], dict[str, Any]]
    last: Callable[[], dict[str, Any]]
    back: Callable[[], dict[str, Any]]
    every: float


def hold(holding: Holding, signal: Signal, clock: Clock) -> dict[str, Any]:
    """Hold until the watcher says otherwise; what the last write came to, ``failed`` with a reason where it did.

    A watcher that is silent is gone: nothing is prolonged for it, so that the load balancer goes back by itself.
    """
    began = clock.time()
    due = _tick(began, holding.every)
    while not signal.orphaned():
        now = clock.time()
        word = signal.heard()
        if word is None or (word.state == WATCHING and not word.fresh(signal.run, now)):
            if now - (word.at if word else began) > SILENCE:
                return {"changed": False, "failed": True, "msg": "nobody watches: the way back is not prolonged"}
        elif word.state == BACK:
            return holding.back()
        elif word.state != WATCHING:
            return holding.last()  # so that what follows has all of its time
        elif now >= due:
            answer = holding.prolong()
            if answer.get("failed"):
                return answer
            due = _tick(clock.time(), holding.every)
        clock.sleep(_POLL)
    return {"changed": False, "failed": True, "msg": "the run is gone: the way back is not prolonged"}


def _tick(now: float, every: float) -> float:
    """The next multiple of *every*: the same moment for all load balancers, however long each takes to answer.

    When nobody prolongs any more, all of them were prolonged last at one moment, and go back at one.
    """
    return (now // every + 1) * every
