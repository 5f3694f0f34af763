# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asking the guard of this host, on its socket: whether it lives, what code it runs, and what it has seen armed."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any

from .base import Unguarded

GUARD = "/run/seamless-guard/guard.sock"
PATIENCE = 2.0  # seconds: a guard that is being restarted is back by then

_POLL = 0.05
_REPAIR = " Run provision.yml, and look at `systemctl status seamless-guard` on this load balancer."


class GuardClient:
    """The guard that listens on *path*. *clock* needs ``monotonic()`` and ``sleep(seconds)``."""

    def __init__(self, path: str, clock: Any) -> None:
        self.path = path
        self._clock = clock

    def acknowledged(self, service: str, expected: Mapping[str, Any], patience: float = PATIENCE) -> None:
        """Return once the guard answers what is *expected*: its code, its places, what it has seen armed.

        Raises Unguarded where nobody answers for *patience* seconds, or where the answer differs.
        """
        found = self._ask(service, patience)
        for name, value in expected.items():
            if found.get(name) != value:
                raise Unguarded(_differs(service, name, value, found))

    def _ask(self, service: str, patience: float) -> dict[str, Any]:
        until = self._clock.monotonic() + patience
        while isinstance(found := _try(self.path, service), Exception):
            # A guard that does not listen may be starting; one that listens and says nothing is not waited for again.
            starting = isinstance(found, (FileNotFoundError, ConnectionError))
            if not starting or self._clock.monotonic() >= until:
                raise Unguarded(_silent(service, self.path, found)) from found
            self._clock.sleep(_POLL)
        return found


def _try(path: str, service: str) -> dict[str, Any] | Exception:
    try:
        return _exchange(path, service)
    except (OSError, ValueError) as error:
        return error


def _exchange(path: str, service: str) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(path)
        connection.sendall(f"{service}\n".encode())
        with connection.makefile("rb") as reader:
            line = reader.readline()
    if not line:
        raise ConnectionError("it closed the connection without an answer")
    answer = json.loads(line)
    if not isinstance(answer, dict):
        raise ValueError(f"it answered {line[:60]!r}")
    return answer


def _silent(service: str, path: str, error: Exception) -> str:
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return (
        f"expected the guard of this load balancer, which takes users of {service} back when nobody confirms, to answer"
        f" on {path}, but found: {why}. Nothing was changed.{_REPAIR}"
    )


def _differs(service: str, name: str, value: Any, found: Mapping[str, Any]) -> str:
    if name == "code":
        what = f"to run the code that this collection has ({value}), but it runs {found.get(name)}"
    elif name == "armed":
        what = f"to have seen {value}, but it has seen {found.get(name)} {found.get('problem') or ''}".rstrip()
    else:
        what = f"to use the {name} {value}, but it uses {found.get(name)}"
    return f"expected the guard of this load balancer, for {service}, {what}. Nothing was changed.{_REPAIR}"
