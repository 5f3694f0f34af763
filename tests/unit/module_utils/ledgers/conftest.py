# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ledger in a folder of its own, and what its tests say to it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.file import FileLedger


class Clock:
    """Counts the questions: time passes by a second each time it is read."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Callable[..., FileLedger]:
    """A ledger on this test's folder; call it again for what another process would see."""

    def make(kind: type[FileLedger] = FileLedger, **more: Any) -> FileLedger:
        return kind(str(tmp_path), "storefront", clock, **more)

    return make


@pytest.fixture
def ledger(make: Callable[..., FileLedger]) -> Iterator[FileLedger]:
    """A ledger whose lease alice has, with fence 1."""
    found = make()
    found.acquire({"name": "alice"}, 1e6)
    yield found
    # Whatever a test did: what is left is a journal that can be read.
    found.read()


@pytest.fixture
def forked() -> Iterator[Callable[[Callable[[int], None]], tuple[int, int]]]:
    """Starts a function in a process of its own: gives its id, and the end of a pipe that the function writes to.

    Processes that are still there at the end of the test are killed.
    """
    children: list[int] = []

    def forked(work: Callable[[int], None]) -> tuple[int, int]:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.close(reader)
                work(writer)
                status = 0
            finally:
                os._exit(status)  # never back into pytest
        os.close(writer)
        children.append(child)
        return child, reader

    yield forked
    for child in children:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
