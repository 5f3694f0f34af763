# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of a playbook: how it ended, what it said, how long it took."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_CHANGED = re.compile(r"\bchanged=(\d+)")
LONGEST = 300.0


@dataclass(frozen=True)
class Run:
    """``status`` is negative for the signal that ended it; ``started`` is epoch seconds."""

    status: int
    output: str
    started: float
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether it ended well."""
        return self.status == 0

    @property
    def killed(self) -> bool:
        """Whether SIGKILL ended it, as a test had ordered."""
        return self.status == -signal.SIGKILL

    @property
    def changed(self) -> int:
        """Changes over all hosts, as the recap counts them."""
        counts = _CHANGED.findall(self.output)
        assert counts, f"a recap was expected at the end of the output, but found:\n{self.output[-1000:]}"
        return sum(int(number) for number in counts)

    @property
    def told(self) -> str:
        """The output as one line, so that a message is found wherever it was wrapped."""
        return " ".join(self.output.split())


def start(argv: list[str], cwd: Path, environment: Mapping[str, str], log: Path) -> Started:
    """Start *argv* in a process group of its own, so that a kill meets this run and nobody else."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            argv, cwd=cwd, env=dict(environment), stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    return Started(process, log)


class Started:
    """A run that may still be going on."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log
        self._started = time.time()

    def said(self) -> str:
        """What it has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, words: str, seconds: float = 120) -> None:
        """Return when it has said *words*; fails where it ends, or *seconds* pass, without them."""
        self.wait_until(lambda: words in self.said(), repr(words), seconds)

    def wait_until(self, holds: Callable[[], bool], what: str, seconds: float = 120) -> None:
        """Return when *holds* does; fails where it ends, or *seconds* pass, without that (*what*, in words)."""
        until = time.monotonic() + seconds
        while not holds():
            ended = self._process.poll() is not None
            assert not ended, f"it ended without {what}:\n{self.said()[-3000:]}"
            assert time.monotonic() < until, f"no {what} within {seconds:g} s:\n{self.said()[-3000:]}"
            time.sleep(0.05)

    def alive(self) -> bool:
        """Whether it still goes on."""
        return self._process.poll() is None

    @contextmanager
    def held(self) -> Iterator[None]:
        """While the block runs, it stands still: it lives, and does nothing."""
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """While the block runs, nothing that it has started does anything either: as if no word of it arrived."""
        stopped: list[int] = []
        try:
            while new := [pid for pid in (self._process.pid, *_descendants(self._process.pid)) if pid not in stopped]:
                for pid in new:
                    stopped.append(pid)
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in reversed(stopped):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL to the whole group."""
        os.killpg(self._process.pid, signal.SIGKILL)

    def end(self, longest: float = LONGEST) -> Run:
        """Wait for its end; after *longest* seconds it is killed."""
        try:
            status = self._process.wait(longest)
        except subprocess.TimeoutExpired:
            self.kill()
            status = self._process.wait()
        return Run(status, self.said(), self._started, time.time() - self._started)


def _descendants(pid: int) -> list[int]:
    """Every process that *pid* has started, and those that these have: each before its children (proc(5))."""
    children: dict[int, list[int]] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
        children.setdefault(parent, []).append(int(file.parent.name))
    found = list(children.get(pid, ()))
    for one in found:
        found += children.get(one, ())
    return found
