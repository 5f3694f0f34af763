# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slow answers, streams and websockets."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from aiohttp import WSMsgType


@pytest.mark.parametrize("path", ["/slow?seconds=31", "/slow?seconds=-1", "/slow?seconds=nan", "/stream?seconds=601"])
def test_nobody_may_wait_for_ever(shop, path):
    async def story(client):
        answer = await client.get(path)
        return answer.status, await answer.text()

    status, text = shop(story)
    assert status == 400
    assert "seconds has to be a number from 0 to" in text


def test_slow_is_as_slow_as_asked(shop):
    async def story(client):
        since = time.monotonic()
        status = (await client.get("/slow?seconds=0.3")).status
        return status, time.monotonic() - since

    status, seconds = shop(story)
    assert status == 200
    assert 0.3 <= seconds < 2


def test_a_stream_names_its_release_first_and_ends_in_order(shop):
    async def story(client):
        answer = await client.get("/stream?seconds=0.5")
        return answer.headers, await answer.text()

    headers, text = shop(story)
    events = [line.removeprefix("event: ") for line in text.splitlines() if line.startswith("event")]
    values = [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data")]
    assert headers["Transfer-Encoding"] == "chunked"
    assert values[0] == {"release": "2.0.0-1a2b3c4d", "color": "green"}
    assert (events[0], events[-1], values[-1]) == ("hello", "end", {"reason": "over"})
    assert 3 <= events.count("tick") <= 6


def test_a_websocket_greets_echoes_and_ticks(shop):
    async def story(client):
        async with client.ws_connect("/ws") as socket:
            hello = await socket.receive_json()
            await socket.send_str("how are you")
            echo = await socket.receive_json()
            await socket.send_bytes(b"\x00\x01")
            raw = await socket.receive()
            tick = await socket.receive_json(timeout=3)
            return socket._response.headers["X-Release"], hello, echo, (raw.type, raw.data), tick

    release, hello, echo, raw, tick = shop(story)
    assert release == "2.0.0-1a2b3c4d"
    assert hello == {"type": "hello", "release": "2.0.0-1a2b3c4d", "color": "green"}
    assert echo == {"type": "echo", "data": "how are you"}
    assert raw == (WSMsgType.BINARY, b"\x00\x01")
    assert tick == {"type": "tick", "number": 1}


def test_a_websocket_is_forgotten_when_its_client_leaves(shop):
    async def story(client):
        from storefront.shop import SHOP

        for _ in range(3):
            async with client.ws_connect("/ws") as socket:
                await socket.receive_json()
        lifecycle = client.server.app[SHOP].lifecycle
        for _ in range(50):
            if not lifecycle._websockets:
                break
            await asyncio.sleep(0.02)
        return len(lifecycle._websockets)

    assert shop(story) == 0
