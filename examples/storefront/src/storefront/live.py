# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lasts: a slow answer, a stream, a websocket. Rollouts have to get these to their end as well."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping

from aiohttp import WSMsgType, web

from .answers import data, problem
from .shop import SHOP, Shop

MAX_SLOW = 30.0
MAX_STREAM = 600.0
STREAM_PERIOD = 0.1
TICK = 1.0
"""Seconds between the messages of a websocket."""
HEARTBEAT = 30.0
MAX_MESSAGE = 65536


async def slow(request: web.Request) -> web.Response:
    """GET /slow?seconds=2: one answer, late."""
    seconds = _seconds(request, 2.0, MAX_SLOW)
    if seconds is None:
        return _refuse(request, MAX_SLOW)
    await request.app[SHOP].lifecycle.pause(seconds)
    return data({"waited": seconds, "release": request.app[SHOP].config.release})


async def stream(request: web.Request) -> web.StreamResponse:
    """GET /stream?seconds=5: server-sent events, ten a second; the first one names the release, the last says why."""
    shop = request.app[SHOP]
    seconds = _seconds(request, 5.0, MAX_STREAM)
    if seconds is None:
        return _refuse(request, MAX_STREAM)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    await response.prepare(request)
    loop = asyncio.get_running_loop()
    since = loop.time()
    await response.write(_event("hello", _who(shop)))
    number = 0
    going = True
    while going and (left := since + seconds - loop.time()) > 0:
        going = await shop.lifecycle.pause(min(STREAM_PERIOD, left))
        number += 1
        await response.write(_event("tick", {"number": number, "time": round(time.time(), 3)}))
    await response.write(_event("end", {"reason": "over" if going else "the process is stopping"}))
    await response.write_eof()
    return response


async def websocket(request: web.Request) -> web.WebSocketResponse:
    """GET /ws: greets with the release, echoes, ticks every second; closes with 1001 when the process stops."""
    shop = request.app[SHOP]
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MAX_MESSAGE)
    await socket.prepare(request)
    shop.lifecycle.enter(socket)
    ticking: asyncio.Task[None] | None = None
    try:
        await socket.send_str(json.dumps({"type": "hello", **_who(shop)}))
        ticking = asyncio.create_task(_tick(socket))
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                await socket.send_str(json.dumps({"type": "echo", "data": message.data}))
            elif message.type == WSMsgType.BINARY:
                await socket.send_bytes(message.data)
    except ConnectionError:
        pass  # the client is gone: nothing to tell it, and nobody's fault
    finally:
        shop.lifecycle.leave(socket)
        if ticking:
            ticking.cancel()
    return socket


async def _tick(socket: web.WebSocketResponse) -> None:
    number = 0
    while not socket.closed:
        await asyncio.sleep(TICK)
        number += 1
        try:
            await socket.send_str(json.dumps({"type": "tick", "number": number}))
        except ConnectionError:
            return


def _who(shop: Shop) -> dict[str, str]:
    return {"release": shop.config.release, "color": shop.config.color}


def _event(name: str, value: Mapping[str, object]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(value)}\n\n".encode()


def _seconds(request: web.Request, default: float, highest: float) -> float | None:
    try:
        seconds = float(request.query.get("seconds", default))
    except ValueError:
        return None
    return seconds if 0 <= seconds <= highest else None


def _refuse(request: web.Request, highest: float) -> web.Response:
    return problem(request, 400, "That is no duration", f"seconds has to be a number from 0 to {highest:g}.")
