# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the one who watches tells those who hold the load balancers' way back: a small file on the controller.

All of them are processes of one task of one run. Whoever holds a load balancer goes on only while the watcher is
alive: a file that is no longer renewed means that nobody watches, and then nothing is prolonged any more.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

#: Seconds after which a watcher that has said nothing is taken to be gone.
SILENCE = 10.0

WATCHING, BACK, DONE = "watching", "back", "done"


@dataclass(frozen=True)
class Word:
    """``state`` is watching, back (users go back at once) or done; ``at`` in epoch seconds, ``run`` names the run."""

    state: str
    at: float
    run: str

    def fresh(self, run: str, now: float) -> bool:
        """Whether it was said by this *run*, and not long ago."""
        return self.run == run and now - self.at <= SILENCE


class Signal:
    """The file of one phase, in *directory*, of the run that *run* names: the number of its main process."""

    def __init__(self, directory: Path, phase: str, run: str) -> None:
        self.path = directory / f"{phase}.signal"
        self.run = run

    def orphaned(self) -> bool:
        """Whether the run is gone. Its tasks run in workers with sessions of their own, which no kill of it reaches."""
        return str(os.getppid()) != self.run

    def say(self, state: str) -> None:
        """Tell everybody; whoever reads sees the whole word or the one before it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        temporary.write_text(json.dumps(asdict(Word(state, time.time(), self.run))), encoding="utf-8")
        temporary.replace(self.path)

    def complain(self, host: str, why: str) -> None:
        """Tell the watcher that *host* cannot be held any more."""
        (self.path.parent / f"{self.path.name}.{self.run}.{host}").write_text(why, encoding="utf-8")

    def complaints(self) -> str:
        """What those who hold a load balancer complain of, or nothing."""
        prefix = f"{self.path.name}.{self.run}."
        found = sorted(self.path.parent.glob(f"{prefix}*"))
        return "; ".join(f"{path.name.removeprefix(prefix)}: {path.read_text(encoding='utf-8')}" for path in found)

    def heard(self) -> Word | None:
        """What was said last by this run, or None: nothing yet."""
        try:
            word = Word(**json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return word if word.run == self.run else None
