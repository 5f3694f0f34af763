# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection to the service: an asyncio protocol (streams cost about twice the processor time at our rates)."""

from __future__ import annotations

import asyncio
import select
import ssl
import time
from typing import Protocol, cast

from .config import Config
from .http1 import BadResponse, Response
from .outcome import Failure, Shot, connect_failure
from .rows import clean


class Receiver(Protocol):
    """Whatever the connection's bytes are for at the moment."""

    def data(self, data: bytes) -> None:
        """Take bytes."""

    def lost(self, error: Exception | None) -> None:
        """Learn that there will be no more."""


class Connection(asyncio.Protocol):
    """Bytes to and from the service. `closed` as soon as either side has ended it."""

    def __init__(self) -> None:
        self.closed = False
        self.receiver: Receiver | None = None
        self._transport: asyncio.Transport | None = None
        self._poll = select.poll()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        if self.receiver is None:
            self.close()  # nobody asked: a 408 before the server closes, or worse. Never reuse it
        else:
            self.receiver.data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if self.receiver is not None:
            self.receiver.lost(exc)

    async def settle(self) -> None:
        """Take in what the kernel has already received, above all the server's FIN on an idle connection.

        asyncio sees it one turn of its loop later; a browser that reads before it writes would not have written.
        """
        for _turn in range(3):  # data, TLS close_notify, FIN
            if self.closed or not self._poll.poll(0):
                return
            await asyncio.sleep(0)

    def write(self, data: bytes) -> None:
        """Send bytes."""
        cast(asyncio.Transport, self._transport).write(data)

    def close(self) -> None:
        """End the connection, politely where that takes no time."""
        self.closed = True
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """End the connection now: what may still arrive on it belongs to a request that was given up."""
        self.closed = True
        self.receiver = None
        if self._transport is not None:
            self._transport.abort()


class Exchange:
    """One request and its response on a connection."""

    def __init__(self, connection: Connection, shot: Shot, reused: bool) -> None:
        self._connection = connection
        self._shot = shot
        self._reused = reused
        self._response = Response()
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self, request: bytes) -> None:
        """Send the request and wait for the whole response. Raises Failure."""
        connection, shot = self._connection, self._shot
        connection.receiver = self
        shot.stage = "answer"
        shot.sent = time.time()
        connection.write(request)
        await self._done
        connection.receiver = None
        if not self._response.keep_alive or self._response.tail:
            connection.close()

    def data(self, data: bytes) -> None:
        try:
            self._response.feed(data)
        except BadResponse as error:
            self._finish(Failure("bad_response", str(error)))
            return
        if self._response.complete:
            self._finish(None)

    def lost(self, error: Exception | None) -> None:
        detail = str(error) if error else "the other side closed the connection"
        if error is None and self._response.eof():
            self._finish(None)
        elif self._response.received:
            self._finish(Failure("truncated", detail))
        else:
            self._finish(Failure("reset_on_reuse" if self._reused else "reset", detail))

    def _finish(self, failure: Failure | None) -> None:
        if self._done.done():
            return
        self._shot.status = self._response.status
        self._shot.release = clean(self._response.release)
        if failure is None:
            self._done.set_result(None)
        else:
            self._done.set_exception(failure)


class Connector:
    """Opens connections as the configuration says. TLS sessions are not resumed: each is a new user's."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._context = tls_context(config) if config.tls else None

    async def open(self) -> Connection:
        """Return a new connection. Raises Failure."""
        config = self._config
        try:
            _transport, connection = await asyncio.get_running_loop().create_connection(
                Connection,
                config.address,
                config.port,
                ssl=self._context,
                server_hostname=config.server_name if self._context else None,
            )
        except OSError as error:
            raise connect_failure(error) from error
        return connection


def tls_context(config: Config) -> ssl.SSLContext:
    """Return the client's side of TLS: verified, unless the declaration says otherwise."""
    context = ssl.create_default_context(cafile=config.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if not config.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
