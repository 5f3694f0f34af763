# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The application: routes, and what happens around every one of them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from aiohttp import web

from . import cart, live, operations, orders, pages
from .answers import problem
from .config import Config
from .faults import Handler
from .lifecycle import Lifecycle
from .observability import Metrics, log
from .rendering import Pages
from .shop import SHOP, Shop
from .store import SQLiteStore

MAX_BODY = 65536


def create_app(config: Config) -> web.Application:
    """Return the shop. It opens its store when the application starts."""
    shop = Shop(
        config=config,
        store=SQLiteStore(config.data),
        pages=Pages(config),
        metrics=Metrics(config.release, config.color),
        lifecycle=Lifecycle(),
    )
    app = web.Application(middlewares=[around], client_max_size=MAX_BODY)
    app[SHOP] = shop
    afflicted = config.faults.afflict
    app.add_routes(
        [
            web.get("/", afflicted(pages.catalog)),
            web.get(r"/products/{id:\d{1,9}}", afflicted(pages.product)),
            web.get("/cart", afflicted(cart.show)),
            web.post("/cart/items", afflicted(cart.put)),
            web.post("/orders", afflicted(orders.place)),
            web.get(r"/orders/{id:[\w-]{1,64}}", afflicted(orders.show)),
            web.get("/slow", live.slow),
            web.get("/stream", live.stream, allow_head=False),
            web.get("/ws", live.websocket, allow_head=False),
            web.get("/healthz", operations.alive),
            web.get("/readyz", operations.ready),
            web.get("/version", operations.version),
            web.get("/metrics", operations.metrics),
        ]
    )
    app.cleanup_ctx.append(_store)
    app.on_response_prepare.append(_sign)
    app.on_shutdown.append(_say_goodbye)
    return app


@web.middleware
async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Measure, and answer what went wrong in the shop's own words."""
    shop = request.app[SHOP]
    since = time.perf_counter()
    shop.metrics.in_flight.inc()
    try:
        response = await _answer(request, handler)
    finally:
        shop.metrics.in_flight.dec()
    if shop.lifecycle.stopping and not response.prepared:
        response.force_close()  # its next request goes to a process that stays
    resource = request.match_info.route.resource
    route = resource.canonical if resource else "none"
    shop.metrics.observe(request.method, route, response.status, time.perf_counter() - since)
    return response


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        answer = problem(request, error.status, error.reason, f"{request.method} {request.path}: {error.reason}.")
        if "Allow" in error.headers:
            answer.headers["Allow"] = error.headers["Allow"]
        return answer
    except ConnectionError:
        raise  # the client went away: aiohttp's to tidy up
    except Exception as error:  # noqa: BLE001 - of any kind: the user gets a page, the log the cause
        fields = {"method": request.method, "path": request.path, "error": f"{type(error).__name__}: {error}"}
        # The traceback of what a drill injects tells nobody anything.
        log.error("request failed", extra={"fields": fields}, exc_info=type(error).__name__ != "InjectedFault")
        return problem(request, 500, "That went wrong", "The fault is ours. Please try again.")


async def _sign(request: web.Request, response: web.StreamResponse) -> None:
    """Say on every response who gave it: what a rollout's proof is counted by."""
    config = request.app[SHOP].config
    response.headers["X-Release"] = config.release
    response.headers["X-Color"] = config.color
    response.headers["Server"] = "storefront"  # what it is made of is nobody's business


async def _store(app: web.Application) -> AsyncIterator[None]:
    await app[SHOP].store.open()
    yield
    await app[SHOP].store.close()


async def _say_goodbye(app: web.Application) -> None:
    await app[SHOP].lifecycle.close_websockets()
