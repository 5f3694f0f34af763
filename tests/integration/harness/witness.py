# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a machine was like while something was measured on it: whether processes got the processor when they wanted it.

Three witnesses: the kernel's pressure stall information (share of the time in which something waited for a processor),
the time that a hypervisor gave to others, and a process that wants to wake every 10 ms and says how late it was.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

#: Shares of the time, and seconds: a machine that is above one of them starves what runs on it.
PRESSURE = 0.7
STOLEN = 0.1
LATE = 0.3

_SLEEPER = """
import json, select, sys, time
late, began = 0.0, time.monotonic()
while not select.select([sys.stdin], [], [], 0.01)[0]:
    late, began = max(late, time.monotonic() - began - 0.01), time.monotonic()
print(json.dumps(late))
"""


@dataclass(frozen=True)
class Machine:
    """``pressure`` and ``stolen`` are shares of the time; ``late`` is how late a process woke at worst, in seconds."""

    pressure: float
    stolen: float
    late: float

    @property
    def starved(self) -> bool:
        """Whether what was measured meanwhile says more of the machine than of what ran on it."""
        return self.pressure > PRESSURE or self.stolen > STOLEN or self.late > LATE

    def __str__(self) -> str:
        return (
            f"something waited for a processor {self.pressure:.0%} of the time, a hypervisor took {self.stolen:.0%} of"
            f" it, and a process woke {self.late * 1000:.0f} ms late (starved: above {PRESSURE:.0%}, {STOLEN:.0%} or"
            f" {LATE * 1000:.0f} ms)"
        )


class Witness:
    """Watches the machine while a ``with`` block runs; afterwards ``machine`` says what it was like."""

    machine: Machine

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(
            [sys.executable, "-c", _SLEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._before = (time.monotonic(), _waited(), *_stolen())
        return self

    def __exit__(self, *_error: object) -> None:
        now = (time.monotonic(), _waited(), *_stolen())
        said, _errors = self._child.communicate("\n", timeout=60)
        seconds, waited, stolen, ticks = (after - before for before, after in zip(self._before, now, strict=True))
        self.machine = Machine(waited / max(seconds, 1e-9), stolen / max(ticks, 1), json.loads(said))


def _waited() -> float:
    """Seconds since boot in which something waited for a processor; 0 where the kernel does not count them."""
    try:
        some = Path("/proc/pressure/cpu").read_text(encoding="ascii").splitlines()[0]
    except OSError:
        return 0.0
    return int(some.rpartition("total=")[2]) / 1e6


def _stolen() -> tuple[int, int]:
    """What a hypervisor took, and all time, in ticks since boot (proc_stat(5))."""
    ticks = [int(tick) for tick in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    return ticks[7], sum(ticks)
