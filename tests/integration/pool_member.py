# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pool member for tests, standard library alone: ``pool_member.py COLOR PORT``.

/ answers with the color; /slow after a second, /after/MS after as many milliseconds; /stream for as long as the client
stays; /echo gives back what comes after an upgrade, as a websocket would; /headers gives the request back; /error is a
500, /cut no answer at all, /asset what any cache may keep; /readyz is 503 while the file /run/not-ready-COLOR exists.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import socket
import sys

COLOR = sys.argv[1]
BLOCKED = f"/run/not-ready-{COLOR}"


MEMBER = f"X-Release: {COLOR}\r\nX-Member: {socket.gethostname()}\r\n"


def answer(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{MEMBER}{more}\r\n"
    return head.encode() + body


async def respond(head: bytes, writer: asyncio.StreamWriter) -> None:
    path = head.split(b" ", 2)[1].split(b"?")[0]
    if path == b"/readyz" and os.access(BLOCKED, os.F_OK):
        writer.write(answer(b"not ready\n", "503 Service Unavailable"))
    elif path == b"/headers":
        writer.write(answer(head))
    elif path == b"/error":
        writer.write(answer(b"no\n", "500 Internal Server Error"))
    elif path == b"/asset":
        writer.write(answer(b"body {}\n", more="Cache-Control: public, max-age=60\r\n"))
    elif path == b"/cut":
        writer.close()
        return
    elif path == b"/stream":
        writer.write(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Release: {COLOR}\r\n\r\n".encode())
        while not writer.is_closing():
            writer.write(b"2\r\n.\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.1)
    else:
        if path == b"/slow":
            await asyncio.sleep(1)
        elif path.startswith(b"/after/"):
            await asyncio.sleep(int(path.rpartition(b"/")[2]) / 1000)
        writer.write(answer(f"{COLOR}\n".encode()))
    await writer.drain()


async def echo(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    (key,) = [line.split(b": ")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:")]
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()
    upgrade = f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n"
    writer.write(f"HTTP/1.1 101 Switching Protocols\r\n{upgrade}{MEMBER}\r\n".encode())
    while said := await reader.read(1000):
        writer.write(said)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            if length:
                await reader.readexactly(int(length[0].split(b":")[1]))
            await (echo(head, reader, writer) if head.startswith(b"GET /echo ") else respond(head, writer))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the client went away
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "", int(sys.argv[2]), backlog=1000)
    await server.serve_forever()


asyncio.run(main())
