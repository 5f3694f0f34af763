# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users for a test: keep-alive and new connections over TLS, each request counted with who answered it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

_PATIENCE = 5.0  # seconds for a connection, and for an answer
_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Traffic:
    """Users who ask *address* while the ``with`` block runs.

    ``seen`` holds (sent, release) in epoch seconds for each answer, ``failed`` what went wrong, with the
    time. An idle connection that the server closes between two requests is replaced, as browsers do; one
    closed under a request is a failure. ``kept`` counts the connections of those who keep theirs: as many
    as *users*, where nobody had to replace one.
    """

    address: str
    ca_file: Path
    users: int = 12
    pause: float = 0.1
    host: str = "shop.example.test"
    seen: list[tuple[float, str]] = field(default_factory=list)
    failed: list[tuple[float, str]] = field(default_factory=list)
    kept: int = 0

    def __enter__(self) -> Self:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(20)

    def after(self, moment: float) -> set[str]:
        """The releases that answered requests sent after *moment*."""
        return {release for sent, release in self.seen if sent > moment}

    async def _run(self) -> None:
        context = ssl.create_default_context(cafile=str(self.ca_file))
        kept = [self._user(context, number, keep=True) for number in range(self.users)]
        fresh = [self._user(context, 1000 + number, keep=False) for number in range(self.users // 4)]
        await asyncio.gather(*kept, *fresh)

    async def _user(self, context: ssl.SSLContext, number: int, keep: bool) -> None:
        connection: _Connection | None = None
        while not self._stop.is_set():
            sent = time.time()
            reusable = False
            try:
                if connection is None or connection[0].at_eof():
                    _close(connection)
                    connection = None
                    opening = asyncio.open_connection(self.address, 443, ssl=context, server_hostname=self.host)
                    connection = await asyncio.wait_for(opening, _PATIENCE)
                    self.kept += keep
                    sent = time.time()
                release, announced = await asyncio.wait_for(self._ask(*connection, number), _PATIENCE)
                self.seen.append((sent, release))
                reusable = keep and not announced
            except (OSError, EOFError, ValueError) as error:
                self.failed.append((sent, repr(error)))
            if not reusable:
                _close(connection)
                connection = None
            await asyncio.sleep(self.pause)
        _close(connection)

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> tuple[str, bool]:
        writer.write(f"GET / HTTP/1.1\r\nHost: {self.host}\r\nCookie: sid=user-{number}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        await reader.readexactly(int(headers["content-length"]))
        if not head.startswith("http/1.1 200"):
            raise ValueError(head.split("\r\n")[0])
        return headers["x-release"], headers.get("connection") == "close"


def _close(connection: _Connection | None) -> None:
    # At once: the peer may be a host that a test has killed, which will never say goodbye.
    if connection:
        connection[1].transport.abort()


def answers(address: str, ca_file: Path, cookies: list[str], host: str = "shop.example.test") -> list[str]:
    """Who answers a request with each of *cookies*, over one connection."""
    context = ssl.create_default_context(cafile=str(ca_file))
    found = []
    with (
        socket.create_connection((address, 443), 5) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
        connection.makefile("rb") as reader,
    ):
        for cookie in cookies:
            connection.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nCookie: sid={cookie}\r\n\r\n".encode())
            headers = {}
            while line := reader.readline().decode().strip().lower():
                name, _colon, value = line.partition(": ")
                headers[name] = value
            reader.read(int(headers["content-length"]))
            found.append(headers["x-release"])
    return found
