# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that end soon: keep_alive and post on lasting connections, new_connection and slow on their own.

Lasting connections are `users`: each has one connection and one session, and keeps both. A request waits for a
user who is not waiting for an answer; that wait is part of its latency.

A kept-alive connection may be closed by the server at any time, and browsers quietly repeat a GET whose connection
ended before the first byte of the answer. The probe does not hide that: such a request counts as `reset_on_reuse`,
because a POST would not have been repeated, and because each one is a connection that the service ended under a
user's hands. It is no failure where a careful client would have known: after an announced `Connection: close`, or
when the FIN had arrived before the request was written. Then the user connects anew, within the request's time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from .config import Config
from .connection import Connection, Connector, Exchange
from .outcome import Failure, Shot
from .request import Requests, fresh_session, lasting_session

Record = Callable[[Shot], None]


class User:
    """A returning user: a session, and the connection that it has open."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.connection: Connection | None = None


class ShortRequests:
    """Sends short requests, at most `max_in_flight` at a time, and records each exactly once."""

    def __init__(self, config: Config, connector: Connector, requests: Requests, record: Record) -> None:
        self._config = config
        self._connector = connector
        self._requests = requests
        self._record = record
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle: asyncio.Queue[User] = asyncio.Queue()
        for number in range(config.users):
            self._idle.put_nowait(User(lasting_session(number)))
        self._ask: dict[str, Callable[[Shot], Awaitable[None]]] = {
            "keep_alive": self._as_user,
            "post": self._as_user,
            "new_connection": self._on_its_own,
            "slow": self._on_its_own,
        }

    @property
    def in_flight(self) -> int:
        """How many requests are under way, those waiting for a user included."""
        return len(self._tasks)

    def send(self, kind: str, since: float) -> None:
        """Start one request; its latency counts from `since` (monotonic seconds)."""
        shot = Shot(kind, since)
        if len(self._tasks) >= self._config.max_in_flight:
            shot.fail("probe_saturated", f"{len(self._tasks)} requests are in flight (max_in_flight)")
            self._record(shot)
            return
        task = asyncio.get_running_loop().create_task(self._run(shot))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, grace: float) -> None:
        """Wait for what is under way; after `grace` seconds, record the rest as unfinished."""
        if self._tasks:
            _done, pending = await asyncio.wait(self._tasks, timeout=grace)
            for task in pending:
                task.cancel()
            if pending:
                await asyncio.wait(pending)
        while not self._idle.empty():
            user = self._idle.get_nowait()
            if user.connection is not None:
                user.connection.close()

    async def _run(self, shot: Shot) -> None:
        try:
            async with asyncio.timeout_at(shot.since + self._config.timeout):
                await self._ask[shot.kind](shot)
            shot.judge_status()
        except TimeoutError:
            reason = "timeout" if shot.stage == "answer" else "connect_timeout"
            shot.fail(reason, f"not done {self._config.timeout:g} s after it was due")
        except Failure as failure:
            shot.fail(failure.reason, failure.detail)
        except asyncio.CancelledError:
            shot.fail("unfinished", "the probe was stopped before the answer came")
        except Exception as error:  # noqa: BLE001 - a row must be written whatever happens: no request is dropped in silence
            shot.fail("probe_error", f"{type(error).__name__}: {error}")
        self._record(shot)

    async def _as_user(self, shot: Shot) -> None:
        shot.stage = "answer"  # until a user is free, the service owes the answers to the requests before this one
        user = await self._idle.get()
        try:
            connection, reused = await self._connection_of(user, shot)
            payload = (
                self._requests.post(user.session)
                if shot.kind == "post"
                else self._requests.get(shot.kind, user.session)
            )
            await Exchange(connection, shot, reused).run(payload)
        except BaseException:  # a timeout's cancellation too: what is left on this connection must not be read
            if user.connection is not None:
                user.connection.abort()
                user.connection = None
            raise
        finally:
            self._idle.put_nowait(user)

    async def _connection_of(self, user: User, shot: Shot) -> tuple[Connection, bool]:
        """Return the user's connection, and whether it has been used before."""
        if user.connection is not None:
            await user.connection.settle()
            if not user.connection.closed:
                return user.connection, True
            user.connection = None
        shot.stage = "connect"
        user.connection = await self._connector.open()
        return user.connection, False

    async def _on_its_own(self, shot: Shot) -> None:
        connection = await self._connector.open()
        try:
            await Exchange(connection, shot, reused=False).run(
                self._requests.get(shot.kind, fresh_session(), b"Connection: close\r\n")
            )
        except BaseException:
            connection.abort()
            raise
        connection.close()
