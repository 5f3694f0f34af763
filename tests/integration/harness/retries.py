# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users who send what failed again at once: a storm that lands on one release as a whole."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from pathlib import Path
from typing import NamedTuple, Self

HOST = "shop.example.test"
AGAIN = 5
_PATIENCE = 10.0  # seconds


class Attempt(NamedTuple):
    """``at`` is when it was sent (epoch seconds), ``number`` 0 for the first attempt."""

    at: float
    user: int
    number: int
    status: int


class Storm:
    """*users* of *address*, each of whom asks every *pause* seconds, and up to AGAIN times more where it failed."""

    def __init__(self, address: str, ca_file: Path, users: int = 100, pause: float = 0.5) -> None:
        self._address, self._pause, self._users = address, pause, users
        self._tls = ssl.create_default_context(cafile=str(ca_file))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self.attempts: list[Attempt] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(30)

    async def _run(self) -> None:
        await asyncio.gather(*(self._user(number) for number in range(self._users)))

    async def _user(self, user: int) -> None:
        await asyncio.sleep(self._pause * user / self._users)
        while not self._stop.is_set():
            reader, writer = await asyncio.open_connection(self._address, 443, ssl=self._tls, server_hostname=HOST)
            try:
                while not self._stop.is_set():
                    await self._ask(reader, writer, user)
                    await asyncio.sleep(self._pause)
            except (EOFError, ConnectionError):
                pass  # closed while nothing was asked; or under a request, which the probe would tell of
            finally:
                writer.transport.abort()

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, user: int) -> None:
        for number in range(1 + AGAIN):
            at = time.time()
            writer.write(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nCookie: sid=storm-{user}\r\n\r\n".encode())
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE)).decode().lower()
            await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
            self.attempts.append(Attempt(at, user, number, int(head.split()[1])))
            if self.attempts[-1].status < 500:
                return
