# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guard as a process: its socket, what it tells systemd, its command line.

``python3 -m ansible_collections.seamless.delivery.plugins.module_utils.routers.guard_service`` in the folder that the
role load_balancer has installed; standard library alone.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import guard_code
from .guard_client import GUARD
from .guard_loop import Guard
from .haproxy import MAP, MASTER, SOCKET, STATE, HAProxyRouter

_PATIENCE = 0.5  # seconds for who asks to say what; the loop waits for nobody


def serve(guard: Guard, path: str, tell: Callable[[str], object], going_on: Callable[[], bool] = lambda: True) -> None:
    """Guard, and answer on the unix socket *path*; *tell* gets what systemd wants to hear."""
    with _listening(path) as door:
        tell("READY=1")
        while going_on():
            wait = guard.tick()
            if not guard.stuck():
                tell("WATCHDOG=1")
            if select.select([door], [], [], wait)[0]:
                _answer(door, guard)


def tell_systemd(state: str) -> None:
    """Say *state* to the service manager; nothing where there is none."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
            speaker.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)


@contextmanager
def _listening(path: str) -> Iterator[socket.socket]:
    Path(path).unlink(missing_ok=True)  # what a guard leaves that was killed
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        mask = os.umask(0o177)
        try:
            door.bind(path)
        finally:
            os.umask(mask)
        door.listen(16)
        yield door


def _answer(door: socket.socket, guard: Guard) -> None:
    try:
        connection, _address = door.accept()
        with connection:
            connection.settimeout(_PATIENCE)
            service = connection.recv(256).decode("utf-8", "replace").strip()
            if service and "/" not in service:
                connection.sendall(json.dumps(guard.answer(service)).encode() + b"\n")
    except OSError:
        return  # who asked did not wait for the answer, and will refuse to arm


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Takes users back where nobody confirms a rollout's step in time.")
    parser.add_argument("--socket", default=SOCKET)
    parser.add_argument("--master-socket", default=MASTER)
    parser.add_argument("--map", default=MAP)
    parser.add_argument("--state-dir", default=STATE)
    parser.add_argument("--guard-socket", default=GUARD)
    options = parser.parse_args(arguments)

    def router(service: str) -> HAProxyRouter:
        return HAProxyRouter(
            service,
            socket_path=options.socket,
            map_path=options.map,
            state_dir=options.state_dir,
            master_path=options.master_socket,
            guard_path=options.guard_socket,
        )

    name = f"guard of {socket.gethostname()}"
    guard = Guard(options.state_dir, router, guard_code.digest(), name, time, _log)
    serve(guard, options.guard_socket, tell_systemd)


def _log(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
