# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits until a release is ready to take users: the right one, on its port, saying so itself."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.release import RELEASE_HEADER

from .unit import Unit

#: The options of a module that waits.
ARGUMENTS: dict[str, Any] = {
    "port": {"type": "int", "required": True},
    "path": {"type": "str", "default": "/readyz"},
    "deadline": {"type": "float", "default": 60.0},
    "warm_up": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {"path": {"type": "str", "required": True}, "count": {"type": "int", "default": 1}},
    },
    "log_lines": {"type": "int", "default": 15},
}


class Clock(Protocol):
    """What of the module ``time`` is needed; seconds."""

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class NotReady(Exception):
    """The release did not get ready; the message says what was found last."""


@dataclass(frozen=True)
class Ready:
    """How long it took, in seconds, and how often it was asked."""

    seconds: float
    attempts: int


def ask(port: int, path: str, timeout: float = 2.0) -> tuple[int, str]:
    """The status and the release's id that 127.0.0.1:*port* answers *path* with. Raises OSError or HTTPException."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers={"User-Agent": "seamless-release"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader(RELEASE_HEADER) or ""
    finally:
        connection.close()


def wait_ready(
    release: str,
    port: int,
    path: str,
    deadline: float,
    state: Callable[[], Unit],
    clock: Clock,
    question: Callable[[int, str], tuple[int, str]] = ask,
    poll: float = 0.1,
) -> Ready:
    """Ask until *release* answers *path* with 200, for at most *deadline* seconds.

    Raises NotReady, early where its unit has crashed.
    """
    started, attempts = clock.monotonic(), 0
    while True:
        attempts += 1
        found = _found(release, port, path, question)
        if found is None:
            return Ready(round(clock.monotonic() - started, 3), attempts)
        crashed = state().crashed
        if crashed:
            raise NotReady(f"{crashed}; asked for {path} on port {port}, {found}")
        if clock.monotonic() - started >= deadline:
            raise NotReady(f"it was not ready within {deadline:g} s: asked for {path} on port {port}, {found}")
        clock.sleep(poll)


def warm_up(
    port: int, requests: Sequence[Mapping[str, Any]], question: Callable[[int, str], tuple[int, str]] = ask
) -> int:
    """Send each of *requests* (``path``, ``count``) so that caches and pools are filled; gives how many were answered.

    A warm-up judges nothing: the smoke test does.
    """
    answered = 0
    for request in requests:
        for _time in range(int(request.get("count", 1))):
            with contextlib.suppress(OSError, http.client.HTTPException):
                question(port, str(request["path"]))
                answered += 1
    return answered


def _found(release: str, port: int, path: str, question: Callable[[int, str], tuple[int, str]]) -> str | None:
    try:
        status, answering = question(port, path)
    except ConnectionRefusedError:
        return "nothing listens there"
    except (OSError, http.client.HTTPException) as error:
        return f"there was no answer ({str(error) or type(error).__name__})"
    if answering != release:
        return f"the answer came from {answering or 'a service without an X-Release header'} instead of {release}"
    return None if status == 200 else f"it answered {status} instead of 200"
