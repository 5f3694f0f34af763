# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What operators and their machines ask: alive, ready, which release, how much."""

from __future__ import annotations

import asyncio
import sqlite3

from aiohttp import web

from .answers import data
from .observability import CONTENT_TYPE
from .shop import SHOP

STORE_PATIENCE = 2.0
"""Seconds that the store has to answer: a load balancer's check waits no longer."""


async def alive(request: web.Request) -> web.Response:
    """GET /healthz: the process answers. A supervisor restarts what does not; so no database is asked here."""
    return data({"status": "alive", "release": request.app[SHOP].config.release})


async def ready(request: web.Request) -> web.Response:
    """GET /readyz: users may be sent here. 503 with the reason otherwise."""
    shop = request.app[SHOP]
    reason = await _why_not(request)
    if reason is None:
        return data({"status": "ready", "release": shop.config.release})
    return data({"status": "not ready", "reason": reason, "release": shop.config.release}, 503)


async def version(request: web.Request) -> web.Response:
    """GET /version"""
    shop = request.app[SHOP]
    return data(
        {
            "version": shop.config.version,
            "release": shop.config.release,
            "color": shop.config.color,
            "started": round(shop.started, 3),
        }
    )


async def metrics(request: web.Request) -> web.Response:
    """GET /metrics"""
    return web.Response(body=request.app[SHOP].metrics.text(), headers={"Content-Type": CONTENT_TYPE})


async def _why_not(request: web.Request) -> str | None:
    shop = request.app[SHOP]
    if shop.lifecycle.stopping:
        return "the process is stopping"
    if shop.config.faults.unready:
        return "STOREFRONT_FAULT_READINESS=fail"
    try:
        async with asyncio.timeout(STORE_PATIENCE):
            await shop.store.check()
    except (TimeoutError, sqlite3.Error) as error:
        return f"the store does not answer: {type(error).__name__} {error}"
    return None
