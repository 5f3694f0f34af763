# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A playbook in a process of its own, which does not outlive the run that started it.

The kernel kills it when the process that started it, a worker of Ansible, is gone (prctl(2), PR_SET_PDEATHSIG; Linux
alone); the worker kills it when the run that the worker belongs to is gone. It then is a controller that died: its
rollout can be gone on with, or goes back, as after any other death.
"""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO

_TICK = 0.5  # seconds between two looks at whether the run is there
_PR_SET_PDEATHSIG = 1
# Where AWX's callback writes events: with it, those of the playbook would be among those of the job that started it.
_OF_AWX = "AWX_ISOLATED_DATA_DIR"


class Ended(Exception):
    """The playbook was killed before its end; the message says why."""


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What the playbook finds in its environment: what this run has, but its output is lines for people."""
    left_out = (_OF_AWX, "ANSIBLE_CALLBACK_PLUGINS") if _OF_AWX in given else ()
    kept = {name: value for name, value in given.items() if name not in left_out}
    return {**kept, "ANSIBLE_STDOUT_CALLBACK": "seamless.delivery.story", "PYTHONUNBUFFERED": "1"}


def play(
    arguments: Sequence[str], say: Callable[[str], None], meanwhile: Callable[[], None], doom: Callable[[], str | None]
) -> tuple[int, list[str]]:
    """Run ``ansible-playbook`` of this interpreter with the *arguments*; its exit status, and its last lines.

    *say* gets each line as it comes. *meanwhile* is called about twice a second, and may take its time. *doom* is asked
    by another thread, so that nothing keeps it waiting: why the playbook has to end now. That ends it, as the end of
    this run does, or whatever *meanwhile* raises (:class:`Ended`, for the first two).
    """
    parent = os.getppid()
    process = subprocess.Popen(
        [sys.executable, "-m", "ansible", "playbook", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(os.environ),
        preexec_fn=_with_this_process(os.getpid()),
    )
    why: list[str] = []

    def watch() -> None:
        while process.poll() is None:
            if reason := "the run that started it is gone" if os.getppid() != parent else doom():
                why.append(reason)
                process.kill()
                return
            time.sleep(_TICK)

    lines = _Lines(process.stdout, say)
    threading.Thread(target=watch, daemon=True).start()
    try:
        while not lines.ended and not why:
            lines.take(_TICK)
            meanwhile()
        status = process.wait()
    finally:
        process.kill()  # nothing, where it has ended
        process.wait()
        process.stdout.close()
    if why:
        raise Ended(why[0])
    return status, lines.last


def _with_this_process(starter: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # before the fork: nothing is to be loaded after it

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != starter:  # it died before it could be told of
            os._exit(1)

    return tie


class _Lines:
    """The lines of a pipe, as they come; ``last`` are the newest of them."""

    KEPT = 60

    def __init__(self, pipe: IO[bytes], say: Callable[[str], None]) -> None:
        self._pipe, self._say, self._rest = pipe, say, b""
        self._ready = selectors.DefaultSelector()
        self._ready.register(pipe, selectors.EVENT_READ)
        self.last: list[str] = []
        self.ended = False

    def take(self, seconds: float) -> None:
        """Pass on what there is, and wait for it for so many *seconds* at most."""
        if not self._ready.select(seconds):
            return
        found = os.read(self._pipe.fileno(), 65536)
        self.ended = not found
        *whole, self._rest = (self._rest + found).split(b"\n")
        if self.ended and self._rest:
            whole.append(self._rest)
        for line in whole:
            text = line.decode("utf-8", "replace").rstrip()
            self.last = [*self.last, text][-self.KEPT :]
            self._say(text)
