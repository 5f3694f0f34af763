# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What arrives on a connection that is held open: a stream's chunks, or a websocket's frames."""

from __future__ import annotations

import asyncio

from . import websocket
from .connection import Connection
from .http1 import BadResponse, Response
from .outcome import Failure, Shot
from .rows import clean


class Held:
    """A response that goes on. `opened` when its header is in, `ended` when it is over: None, or a Failure.

    The futures carry a Failure as their result, not as an exception: which of them is looked at first, and whether
    both are, depends on when the probe is stopped.
    """

    def __init__(self, connection: Connection, shot: Shot) -> None:
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[Failure | None] = loop.create_future()
        self.ended: asyncio.Future[Failure | None] = loop.create_future()
        self.last_data = loop.time()
        self._loop = loop
        self._connection = connection
        self._shot = shot
        self._response = Response()

    def data(self, data: bytes) -> None:
        self.last_data = self._loop.time()
        try:
            self._take(data)
        except (BadResponse, websocket.BadFrame) as error:
            self.end(Failure("bad_response", str(error)))

    def lost(self, error: Exception | None) -> None:
        detail = str(error) if error else "the other side closed the connection"
        if error is None and self._response.status and self._response.eof() and not self._is_websocket():
            self.end(None)
        else:
            self.end(Failure("broken" if self._response.status else "reset", detail))

    def ping(self) -> None:
        """Make the other side say something, where the protocol has a word for it."""

    def goodbye(self) -> None:
        """Say that we are about to leave, where the protocol has a word for it."""

    def end(self, failure: Failure | None) -> None:
        """Settle what is not settled yet."""
        for future in (self.opened, self.ended):
            if not future.done():
                future.set_result(failure)

    def _take(self, data: bytes) -> None:
        self._response.feed(data)
        self._note_header()
        if self._response.complete:
            self.end(None)

    def _is_websocket(self) -> bool:
        return False

    def _note_header(self) -> None:
        if self._response.status >= 200 or self._response.complete:
            self._shot.status = self._response.status
            self._shot.release = clean(self._response.release)
            if not self.opened.done():
                self.opened.set_result(None)


class WebSocket(Held):
    """Frames after a 101. The server may close only after we did: anything else breaks a user's page."""

    def __init__(self, connection: Connection, shot: Shot, key: bytes) -> None:
        super().__init__(connection, shot)
        self._key = key
        self._frames: websocket.Frames | None = None
        self._leaving = False

    def ping(self) -> None:
        self._connection.write(websocket.frame(websocket.PING))

    def goodbye(self) -> None:
        self._leaving = True
        if not self._connection.closed:
            self._connection.write(websocket.close_frame())

    def lost(self, error: Exception | None) -> None:
        if self._leaving:
            self.end(None)
        else:
            super().lost(error)

    def _take(self, data: bytes) -> None:
        if self._frames is None:
            self._response.feed(data)
            if not self._response.complete:
                return
            data = self._open()
        if self._frames is not None:
            for opcode, payload in self._frames.feed(data):
                self._frame(opcode, payload)

    def _open(self) -> bytes:
        response = self._response
        if response.status == 101:
            answer = response.headers.get(b"sec-websocket-accept", b"")
            if answer != websocket.accept(self._key):
                raise BadResponse(f"Sec-WebSocket-Accept is {answer[:40]!r}")
            self._frames = websocket.Frames()
        else:
            self.end(Failure(f"status_{response.status}", f"no websocket: the service answered {response.status}"))
        self._note_header()
        return response.tail

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == websocket.PING:
            self._connection.write(websocket.frame(websocket.PONG, payload[:125]))
        elif opcode == websocket.CLOSE:
            code = websocket.close_code(payload)
            self.end(None if self._leaving else Failure(f"broken_{code}", f"the server closed it with code {code}"))

    def _is_websocket(self) -> bool:
        return True
