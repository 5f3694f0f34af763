# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients that mean harm, standard library alone: ``hostile.py KIND ADDRESS NUMBER SECONDS``.

*flood* makes NUMBER requests as fast as it can; *idle* opens as many connections and says nothing; *headers* and *body*
send a request of which a byte comes every quarter of a second. What each got, and after how many seconds, is printed
as JSON: a status, "closed" where there was none, "open" where nobody had ended it after SECONDS.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
import time

HOST = "shop.example.test"
_FLOODING = 10  # connections
_STARTED = {
    "headers": f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ",
    "body": f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\n",
}
_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_Got = tuple[int | str, float]


async def connect(address: str, secured: bool) -> _Connection:
    context = ssl._create_unverified_context() if secured else None  # it would not care
    return await asyncio.open_connection(address, 443, ssl=context, server_hostname=HOST if secured else None)


async def status(reader: asyncio.StreamReader) -> int | str:
    line = await reader.readline()
    return int(line.split()[1]) if line else "closed"


async def trickle(writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"x")
        await asyncio.sleep(0.25)


async def hold(kind: str, address: str, seconds: float) -> _Got:
    began = time.monotonic()
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await connect(address, kind != "idle")
            writer.write(_STARTED.get(kind, "").encode())
            sending = asyncio.create_task(trickle(writer)) if kind in _STARTED else None
            try:
                got = await status(reader)
            finally:
                if sending:
                    sending.cancel()
    except TimeoutError:
        got = "open"
    except OSError:
        got = "closed"
    return got, time.monotonic() - began


async def flood(address: str, number: int) -> list[_Got]:
    found: list[_Got] = []
    reader, writer = await connect(address, True)
    for _request in range(number):
        began = time.monotonic()
        writer.write(f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
        found.append((int(head.split()[1]), time.monotonic() - began))
    writer.close()
    return found


async def main(kind: str, address: str, number: int, seconds: float) -> list[_Got]:
    if kind == "flood":
        parts = await asyncio.gather(*(flood(address, number // _FLOODING) for _part in range(_FLOODING)))
        return [one for part in parts for one in part]
    return await asyncio.gather(*(hold(kind, address, seconds) for _one in range(number)))


sys.stdout.write(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))))
