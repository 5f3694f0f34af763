# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person reads while the lab works: one short line a step, with its duration."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(message: str) -> None:
    """Print one line to stderr at once; stdout is kept for output that programs read."""
    print(f"lab: {message}", file=sys.stderr, flush=True)


class Step:
    """One step in progress; set ``done`` to say something other than the step's own name at its end."""

    def __init__(self, name: str) -> None:
        self.done = name


@contextmanager
def step(name: str, announce: bool = False) -> Iterator[Step]:
    """Time a step and say what it did. ``announce`` also says it beforehand: for what takes long."""
    if announce:
        say(f"{name} ...")
    started = time.monotonic()
    current = Step(name)
    yield current
    say(f"{current.done} ({time.monotonic() - started:.1f} s)")
