# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's side of RFC 6455, as far as a probe needs it: the handshake's key, frames, close codes. No I/O."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator

CLOSE, PING, PONG = 0x8, 0x9, 0xA
NORMAL, GOING_AWAY, NO_CODE = 1000, 1001, 1005
MAX_FRAME = 1 << 20
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class BadFrame(Exception):
    """What the server sent is not a websocket frame for a client."""


def new_key() -> bytes:
    """Return a fresh Sec-WebSocket-Key."""
    return base64.b64encode(os.urandom(16))


def accept(key: bytes) -> bytes:
    """Return the Sec-WebSocket-Accept that a server must answer a key with (section 4.2.2)."""
    return base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())


def frame(opcode: int, payload: bytes = b"") -> bytes:
    """Return one final, masked control frame (section 5.3: a client masks; 5.5: at most 125 bytes)."""
    if len(payload) > 125:
        raise ValueError("a control frame carries at most 125 bytes")
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return bytes((0x80 | opcode, 0x80 | len(payload))) + mask + masked


def close_frame(code: int = NORMAL) -> bytes:
    """Return a close frame with a code."""
    return frame(CLOSE, code.to_bytes(2, "big"))


def close_code(payload: bytes) -> int:
    """Return the code in a close frame's payload; 1005 when it has none (section 7.1.5)."""
    return int.from_bytes(payload[:2], "big") if len(payload) >= 2 else NO_CODE


class Frames:
    """Bytes in, frames out."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield (opcode, payload) of each whole frame. Raises BadFrame."""
        self._buffer += data
        while (found := self._next()) is not None:
            yield found

    def _next(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        if buffer[1] & 0x80:
            raise BadFrame("the server masked a frame")
        if buffer[0] & 0x70:
            raise BadFrame("reserved bits are set, and no extension was agreed on")
        size, start = buffer[1] & 0x7F, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(buffer) < start:
                return None
            size = int.from_bytes(buffer[2:start], "big")
        if size > MAX_FRAME:
            raise BadFrame(f"a frame of {size} bytes; the probe takes {MAX_FRAME}")
        if len(buffer) < start + size:
            return None
        self._buffer = buffer[start + size :]
        return buffer[0] & 0x0F, buffer[start : start + size]
