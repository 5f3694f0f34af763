# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Streams and websockets: so many are held open at any time, each for its declared seconds, then opened anew.

What ends before its time is `broken`. A stream may end by itself, with its last chunk; a websocket may not. One
that stays silent for as long as `timeout` is `stalled` (a websocket is pinged, so a living one is never silent).
A row is written when it ends, with how long it lived. Those that the probe's own stop ends are no failures.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from . import websocket
from .config import Config
from .connection import Connection, Connector
from .held import Held, WebSocket
from .outcome import Failure, Shot
from .request import Requests, fresh_session

PAUSE = 1.0
"""Seconds from one opening to the next in one place, at least: a service that refuses is not hammered."""
FAREWELL = 1.0


class LongLived:
    """Holds streams and websockets open until `stop`."""

    def __init__(
        self,
        config: Config,
        connector: Connector,
        requests: Requests,
        record: Callable[[Shot], None],
        opened: Callable[[str], None],
        stop: asyncio.Event,
    ) -> None:
        self._config = config
        self._connector = connector
        self._requests = requests
        self._record = record
        self._opened = opened
        self._stop = stop
        self.held = 0

    async def run(self) -> None:
        """Hold them all, until the stop."""
        places = ["stream"] * self._config.streams + ["websocket"] * self._config.websockets
        await asyncio.gather(*(self._place(kind) for kind in places))

    async def _place(self, kind: str) -> None:
        clock = asyncio.get_running_loop().time
        while not self._stop.is_set():
            shot = Shot(kind, clock())
            self.held += 1
            try:
                await self._hold(shot)
            except Failure as failure:
                shot.fail(failure.reason, failure.detail)
            except Exception as error:  # noqa: BLE001 - as in `short`: no request is dropped in silence
                shot.fail("probe_error", f"{type(error).__name__}: {error}")
            self.held -= 1
            self._record(shot)
            await self._wait(shot.since + PAUSE - clock())

    async def _hold(self, shot: Shot) -> None:
        try:
            async with asyncio.timeout(self._config.timeout):
                connection = await self._connector.open()
        except TimeoutError:
            raise Failure("connect_timeout", f"no connection in {self._config.timeout:g} s") from None
        try:
            held = self._ask(connection, shot)
            done, _pending = await asyncio.wait([held.opened], timeout=self._config.timeout)
            if not done:
                raise Failure("timeout", f"no answer in {self._config.timeout:g} s")
            _raise(held.opened.result())
            if shot.status >= 400:
                raise Failure(f"status_{shot.status}", f"the service answered {shot.status}")
            self._opened(shot.kind)
            await self._stay(held, shot)
        finally:
            connection.abort()

    def _ask(self, connection: Connection, shot: Shot) -> Held:
        session = fresh_session()
        if shot.kind == "stream":
            held, payload = Held(connection, shot), self._requests.get("stream", session, b"Connection: close\r\n")
        else:
            key = websocket.new_key()
            held, payload = WebSocket(connection, shot, key), self._requests.upgrade(session, key)
        connection.receiver = held
        shot.stage = "answer"
        shot.sent = time.time()
        connection.write(payload)
        return held

    async def _stay(self, held: Held, shot: Shot) -> None:
        """Return when its time is over or we stop; raise Failure when it ends before that."""
        loop = asyncio.get_running_loop()
        seconds = self._config.stream_seconds if shot.kind == "stream" else self._config.websocket_seconds
        until = loop.time() + seconds
        stopped = loop.create_task(self._stop.wait())
        either: list[asyncio.Future[Any]] = [held.ended, stopped]
        try:
            while not held.ended.done() and not stopped.done() and (left := until - loop.time()) > 0:
                silent = loop.time() - held.last_data
                if silent >= self._config.timeout:
                    raise Failure("stalled", f"no data for {silent:.1f} s")
                held.ping()
                await asyncio.wait(
                    either,
                    timeout=min(left, self._config.timeout / 2),
                    return_when=asyncio.FIRST_COMPLETED,
                )
        finally:
            stopped.cancel()
        if held.ended.done():
            _raise(held.ended.result())
            return
        held.goodbye()
        if shot.kind == "websocket":
            await asyncio.wait([held.ended], timeout=FAREWELL)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._stop.wait()
        except TimeoutError:
            pass


def _raise(failure: Failure | None) -> None:
    if failure is not None:
        raise failure
