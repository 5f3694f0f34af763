# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A world for a watch: a clock that only moves when somebody waits, and what happens at which second of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


class World:
    """Time, from 1000 on; ``at`` maps a second (counted from the beginning) to what then happens."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.at: dict[int, Callable[[], Any]] = {}

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        before, self.now = self.now, self.now + max(seconds, 0.01)
        for second in sorted(self.at):
            if before < 1000 + second <= self.now:
                self.at[second]()


@pytest.fixture
def world() -> World:
    return World()
