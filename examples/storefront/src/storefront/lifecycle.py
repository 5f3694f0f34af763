# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the process is in its life, and the connections that have to be told when it ends."""

from __future__ import annotations

import asyncio

from aiohttp import WSCloseCode, web

CLOSING = 2.0
"""Seconds that a websocket's peer has to answer our close frame."""


class Lifecycle:
    """Serving, then `stopping` (not ready, connections are given up one by one), then `ending` (no more time)."""

    def __init__(self) -> None:
        self.stopping = False
        self.ending = asyncio.Event()
        self._websockets: set[web.WebSocketResponse] = set()

    def enter(self, websocket: web.WebSocketResponse) -> None:
        """Remember a websocket that the process's end must close."""
        self._websockets.add(websocket)

    def leave(self, websocket: web.WebSocketResponse) -> None:
        """Forget it again."""
        self._websockets.discard(websocket)

    async def pause(self, seconds: float) -> bool:
        """Sleep; return early, and False, where the process's last moments have come."""
        try:
            async with asyncio.timeout(seconds):
                await self.ending.wait()
        except TimeoutError:
            return True
        return False

    async def close_websockets(self) -> None:
        """Close all with 1001 (going away), on which a client reconnects: to another process."""
        await asyncio.gather(*map(_close, tuple(self._websockets)))


async def _close(websocket: web.WebSocketResponse) -> None:
    try:
        async with asyncio.timeout(CLOSING):
            await websocket.close(code=WSCloseCode.GOING_AWAY, message=b"the process is stopping")
    except (TimeoutError, ConnectionError):
        pass  # its peer is gone already, or does not answer: the socket is closed with the process
