# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arming a router's host: the file that says when users go back, and the guard that has to have seen it.

Nothing is armed that nobody would act upon: the guard of this host answers first, with the same code, about the same
files, and with what it has just read; else the file is as it was, and the write that wanted it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import guard_code, guards
from .armed import Armed, ArmedFile, Revert, Standing, WentBack
from .base import Unguarded
from .guard_client import PATIENCE, GuardClient


class Arming:
    """What is armed for one service. *place* is what its router writes, *clock* as the router has it.

    Who writes holds the lock of the service's `HostState`.
    """

    def __init__(self, file: ArmedFile, guard: GuardClient, place: Mapping[str, str], clock: Any) -> None:
        self._file = file
        self._guard = guard
        self._place = place
        self._clock = clock

    def standing(self) -> Standing:
        """What is armed now, and when the guard last acted."""
        return self._file.read()

    def overtaken(self, fence: int) -> str | None:
        """That the guard is why *fence* is stale; None where it is not."""
        return self._file.overtaken(fence)

    def rehearse(self, patience: float = PATIENCE) -> None:
        """Raises Unguarded where `arm` would."""
        self._acknowledged({}, patience)

    def problem(self) -> str:
        """Why nobody would take users back here; "" where the guard is alive and as it must be."""
        try:
            self.rehearse(patience=0)
        except Unguarded as error:
            return str(error)
        return self._file.read().problem

    def arm(self, revert: Revert, at: float | None, fence: int) -> Armed:
        """Arm it, in place of what was armed before; the deadline is *at*, or now, and the seconds of *revert*.

        Returns once it is on disk and the guard has acknowledged it. Raises Unguarded or OutOfTime, and then nothing
        has changed.
        """
        now = self._clock.time()
        armed = Armed(revert.to, (now if at is None else at) + revert.after, now, fence, revert.rollout)
        guards.deadline_ahead(now, armed.deadline)
        before = self._file.read()
        self._file.arm(armed)
        try:
            self._acknowledged({"armed": armed.as_dict()}, PATIENCE)
        except Unguarded:
            self._file.restore(before)
            raise
        return armed

    def restore(self, standing: Standing) -> None:
        """As it was before an `arm` whose write changed nothing."""
        self._file.restore(standing)

    def settle(self, went_back: WentBack | None = None) -> None:
        """Nobody has to go back any more."""
        self._file.settle(went_back)

    def _acknowledged(self, more: Mapping[str, Any], patience: float) -> None:
        expected = {"code": guard_code.digest(), **self._place, **more}
        self._guard.acknowledged(self._file.service, expected, patience)
