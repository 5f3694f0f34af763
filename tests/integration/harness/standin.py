# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service for tests, standard library alone, which starts in a moment: what the lab's probe and smoke tests ask for.

RELEASE_ID and PORT come from the unit, and so does STANDIN_FAULT: ``crash`` (ends at once), ``never_ready``
(its readiness says 503 for ever), ``wrong_page`` (its first page is another shop's) or ``fails_users`` (what testers
ask for is answered well, and every user gets a 500: what no smoke test finds).

STANDIN_ERRORS is the share of users' requests that get a 500: of all, or of those of the path STANDIN_ERRORS_AT. With
STANDIN_ERRORS_LAST it is the share of users to whom nothing else is answered for so many seconds, whatever they send.
With STANDIN_DATABASE (``host:port``) no user is answered well while nobody listens there. With STANDIN_MEDIAN_MS each
answer takes its time: lognormal, the 99th percentile ten times the median; STANDIN_TAIL multiplies the slowest tenth.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import math
import os
import random
import re
import signal
import sys
import time
from urllib.parse import parse_qs, urlsplit

FAULT = os.environ.get("STANDIN_FAULT", "")
RELEASE = os.environ.get("RELEASE_ID", "unknown")
ERRORS = float(os.environ.get("STANDIN_ERRORS", "0"))
ERRORS_AT = os.environ.get("STANDIN_ERRORS_AT", "")
ERRORS_LAST = float(os.environ.get("STANDIN_ERRORS_LAST", "0"))
DATABASE = os.environ.get("STANDIN_DATABASE", "")
MEDIAN = float(os.environ.get("STANDIN_MEDIAN_MS", "0")) / 1000
TAIL = float(os.environ.get("STANDIN_TAIL", "1"))
SIGMA, SLOWEST = math.log(10) / 2.326, 1.282  # the normal distribution's 99th and 90th percentile
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_SID = re.compile(rb"[ ;]sid=([^;\s]+)")
_KEY = re.compile(rb"\r\nsec-websocket-key: *(\S+)", re.IGNORECASE)


def answer(body: str, status: str = "200 OK") -> bytes:
    """A whole response."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\nX-Release: {RELEASE}"
    return f"{head}\r\n\r\n{body}".encode()


async def stream(writer: asyncio.StreamWriter, seconds: float) -> None:
    """A chunk every 0.2 s for *seconds*, and then the last one: nothing less is a whole answer."""
    writer.write(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Release: {RELEASE}\r\n\r\n".encode())
    for _ in range(max(1, round(seconds / 0.2))):
        writer.write(b"5\r\ntick\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.2)
    writer.write(b"0\r\n\r\n")


async def websocket(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers pings, until the client says goodbye."""
    accept = base64.b64encode(hashlib.sha1(_KEY.search(head).group(1) + GUID).digest()).decode()
    writer.write(
        f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\nX-Release: {RELEASE}\r\n\r\n".encode()
    )
    while True:
        first, length = await reader.readexactly(2)
        mask = await reader.readexactly(4)
        masked = await reader.readexactly(length & 0x7F)  # a ping or a goodbye: never above 125 bytes
        payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(masked))
        opcode = {0x8: 0x8, 0x9: 0xA}.get(first & 0x0F)
        if opcode is not None:
            writer.write(bytes([0x80 | opcode, len(payload)]) + payload)
            await writer.drain()
        if opcode == 0x8:
            return


def fails(path: str, head: bytes) -> bool:
    """Whether this user's request does."""
    if FAULT == "fails_users":
        return True
    if ERRORS_AT and path != ERRORS_AT:
        return False
    sid = _SID.search(head)
    if ERRORS_LAST and sid:  # the same lot in either release: it is the user's, and the moment's
        return random.Random(f"{sid.group(1)!r} {time.time() // ERRORS_LAST}").random() < ERRORS
    return random.random() < ERRORS


async def lost() -> bool:
    """Whether the database is away."""
    if not DATABASE:
        return False
    host, _colon, port = DATABASE.rpartition(":")
    try:
        _reader, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 2)
    except OSError:  # a timeout is one, too
        return True
    writer.close()
    return False


def is_users(path: str, head: bytes) -> bool:
    """Whether a user asks, and neither a health check nor a tester."""
    return path not in ("/readyz", "/healthz") and b"\r\nx-seamless-color:" not in head.lower()


def taken() -> float:
    """How long one answer takes, in seconds."""
    normal = random.gauss(0, 1)
    return MEDIAN * math.exp(SIGMA * normal) * (TAIL if normal > SLOWEST else 1)


async def respond(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request's response."""
    target = urlsplit(head.split(b" ", 2)[1].decode())
    seconds = float(parse_qs(target.query).get("seconds", ["1"])[0])
    if target.path == "/ws":
        await websocket(head, reader, writer)
        writer.close()
    elif target.path == "/stream":
        await stream(writer, seconds)
    elif target.path == "/readyz" and FAULT == "never_ready":
        writer.write(answer("not ready\n", "503 Service Unavailable"))
    elif is_users(target.path, head) and (fails(target.path, head) or await lost()):
        writer.write(answer("it failed\n", "500 Internal Server Error"))
    else:
        if target.path == "/slow":
            await asyncio.sleep(seconds)
        elif MEDIAN and target.path not in ("/readyz", "/healthz"):
            await asyncio.sleep(taken())
        writer.write(
            answer("Somebody else's shop\n" if FAULT == "wrong_page" and target.path == "/" else "Storefront\n")
        )
    await writer.drain()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, for as long as the client keeps it."""
    try:
        while not writer.is_closing():
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if length:
                await reader.readexactly(int(length.group(1)))
            await respond(head, reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the client went away
    finally:
        writer.close()


async def main() -> None:
    """Serve until SIGTERM."""
    if FAULT == "crash":
        sys.exit("STANDIN_FAULT=crash: this release is made not to start")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await asyncio.start_server(serve, os.environ.get("HOST", "0.0.0.0"), int(os.environ["PORT"]), backlog=1000)
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
