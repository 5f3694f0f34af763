# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minimal HTTP/1.1 response parser: bytes in, facts out, no I/O.

It keeps what the probe records and throws bodies away. It is strict where leniency would hide a fault: a body
that ends early, a chunk that is not one, two lengths, a header that never ends.
"""

from __future__ import annotations

import re

MAX_HEAD = 65536
_NO_BODY = frozenset({204, 304})
_HEX = re.compile(rb"[0-9A-Fa-f]{1,15}")


class BadResponse(Exception):
    """What the server sent is not HTTP/1.1."""


class Response:
    """One response. Feed it bytes until `complete`; call `eof` when the connection ends before."""

    __slots__ = ("_buffer", "_left", "_step", "complete", "headers", "keep_alive", "received", "status", "tail")

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.complete = False
        self.keep_alive = True
        self.tail = b""
        """Bytes after the response: frames of a websocket; on any other connection, a fault."""
        self.received = False
        self._buffer = b""
        self._left = 0
        self._step = self._head

    @property
    def release(self) -> str:
        """The X-Release header, "" when there is none."""
        return self.headers.get(b"x-release", b"").decode("latin-1")

    def feed(self, data: bytes) -> None:
        """Take bytes. Raises BadResponse."""
        self.received = True
        self._buffer = self._buffer + data if self._buffer else data
        while not self.complete and self._step():
            pass
        if self.complete:
            self.tail, self._buffer = self.tail + self._buffer, b""

    def eof(self) -> bool:
        """Say whether the response is whole, now that nothing more will come."""
        if self._step == self._until_close:
            self.complete = True
        return self.complete

    def _head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > MAX_HEAD:
                raise BadResponse(f"no end of the header in {MAX_HEAD} bytes")
            return False
        lines = self._buffer[:end].split(b"\r\n")
        self._buffer = self._buffer[end + 4 :]
        self.status = _status(lines[0])
        self.headers = _headers(lines[1:])
        if 100 <= self.status < 200 and self.status != 101:
            return True  # an interim response: the real one follows
        self._choose_body(lines[0])
        return True

    def _choose_body(self, status_line: bytes) -> None:
        wishes = self.headers.get(b"connection", b"").lower()
        self.keep_alive = b"close" not in wishes and (status_line.startswith(b"HTTP/1.1") or b"keep-alive" in wishes)
        length = self.headers.get(b"content-length")
        if self.status == 101 or self.status in _NO_BODY:
            self.complete = True
        elif b"chunked" in self.headers.get(b"transfer-encoding", b"").lower():
            self._step = self._chunk_size
        elif length is None:
            self.keep_alive = False
            self._step = self._until_close
        else:
            if not length.isdigit():
                raise BadResponse(f"Content-Length is {length[:40]!r}")
            self._left = int(length)
            self._step = self._sized
            self.complete = self._left == 0

    def _sized(self) -> bool:
        self._skip()
        self.complete = self._left == 0
        return False

    def _until_close(self) -> bool:
        self._buffer = b""
        return False

    def _chunk_size(self) -> bool:
        line = self._line()
        if line is None:
            return False
        size = line.split(b";", 1)[0].strip()
        if not _HEX.fullmatch(size):
            raise BadResponse(f"chunk size is {size[:40]!r}")
        self._left = int(size, 16)
        self._step = self._chunk if self._left else self._trailer
        return True

    def _chunk(self) -> bool:
        self._skip()
        if self._left:
            return False
        self._step = self._chunk_end
        return True

    def _chunk_end(self) -> bool:
        if not b"\r\n".startswith(self._buffer[:2]):
            raise BadResponse(f"a chunk goes on after its size: {self._buffer[:10]!r}")
        if len(self._buffer) < 2:
            return False
        self._buffer = self._buffer[2:]
        self._step = self._chunk_size
        return True

    def _trailer(self) -> bool:
        line = self._line()
        if line is None:
            return False
        self.complete = line == b""
        return True

    def _line(self) -> bytes | None:
        line, found, rest = self._buffer.partition(b"\r\n")
        if not found:
            if len(line) > MAX_HEAD:
                raise BadResponse(f"no end of the line in {MAX_HEAD} bytes")
            return None
        self._buffer = rest
        return line

    def _skip(self) -> None:
        taken = min(self._left, len(self._buffer))
        self._buffer = self._buffer[taken:]
        self._left -= taken


def _status(line: bytes) -> int:
    parts = line.split(b" ", 2)
    if len(parts) < 2 or parts[0] not in (b"HTTP/1.1", b"HTTP/1.0") or not (parts[1].isdigit() and len(parts[1]) == 3):
        raise BadResponse(f"status line is {line[:60]!r}")
    return int(parts[1])


def _headers(lines: list[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name or name[-1:] in b" \t":
            raise BadResponse(f"header line is {line[:60]!r}")
        name, value = name.lower(), value.strip()
        if name == b"content-length" and found.get(name, value) != value:
            raise BadResponse("two Content-Length headers that differ")
        found[name] = value
    return found
