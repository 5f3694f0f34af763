# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the lab keeps its own few files: the lock, and the engine that it started."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .console import say


def state_dir() -> Path:
    """The folder, made when missing: ``/var/lib`` for root, the user's own state folder otherwise."""
    if os.geteuid() == 0:
        path = Path("/var/lib/seamless-lab")
    else:
        path = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "seamless-lab"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def machine_lock() -> Iterator[None]:
    """Let one command at a time change engine, image and hosts, over all labs of this user.

    The kernel frees the lock when this process dies, however it dies.
    """
    with open(state_dir() / "lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another lab command is at work on this machine; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
