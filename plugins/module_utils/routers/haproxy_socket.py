# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HAProxy's command line on a unix socket: one connection and one answer for each command."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from .base import RouterError

_TIMEOUT = 5.0


class AdminSocket:
    """Asks one HAProxy process through its admin socket.

    *prefix* routes every command to another process, for the master's socket: ``@!1234``.
    """

    def __init__(self, path: str, prefix: str = "", timeout: float = _TIMEOUT) -> None:
        self.path = path
        self._prefix = f"{prefix} " if prefix else ""
        self._timeout = timeout

    def ask(self, command: str) -> str:
        """The answer to *command*, without surrounding blank space. Raises RouterError."""
        with self.connected() as connection:
            return self.exchange(connection, command)

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        """A connection that is open and waiting, so that a command can be sent at an exact moment."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._timeout)
        try:
            connection.connect(self.path)
        except OSError as error:
            connection.close()
            raise RouterError(
                f"expected HAProxy to answer on {self.path}, but found: {error.strerror or error}."
                " Is it running (systemctl status haproxy), and may this user open the socket?"
            ) from error
        with connection:
            yield connection

    def exchange(self, connection: socket.socket, command: str) -> str:
        """Send *command* on an open connection; it is closed after the answer."""
        chunks = []
        try:
            connection.sendall(f"{self._prefix}{command}\n".encode())
            # Nothing follows: a master process would wait for more commands before it closes.
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                chunks.append(chunk)
        except OSError as error:
            raise RouterError(
                f"HAProxy did not finish its answer to {command.split(' ')[0:2]} on {self.path}: {error}"
            ) from error
        return b"".join(chunks).decode("utf-8", "replace").strip()


def leaving_workers(master_path: str) -> list[AdminSocket]:
    """The workers that a reload has retired but that still serve their old connections.

    Each holds its own copy of every map: a switch that leaves them out sends the next request of an
    idle keep-alive connection to the old color. Empty where there is no master socket. Raises RouterError.
    """
    if not os.path.exists(master_path):
        return []
    processes = AdminSocket(master_path).ask("show proc")
    workers = []
    section = ""
    for line in processes.splitlines():
        if line.startswith("#"):
            section = line
        elif section.startswith("# old workers") and (found := re.match(r"\d+", line)):
            workers.append(AdminSocket(master_path, prefix=f"@!{found.group()}"))
    return workers
