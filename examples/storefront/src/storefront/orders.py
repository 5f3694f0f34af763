# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orders. Networks lose answers, so clients and load balancers repeat: an order has a key, and is placed once.

Idempotency-Key as draft-ietf-httpapi-idempotency-key-header has it: missing is 400, the same key with the same order
is the first answer again, the same key with another order is 422. A key counts within its user's session.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import Any

from aiohttp import web

from . import session
from .answers import data, page, problem, wants_page
from .body import BadBody, fields, is_form
from .order import BadItems, Order, fingerprint, lines, quantities, total
from .shop import SHOP
from .store import KeyReused

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,128}")


async def place(request: web.Request) -> web.Response:
    """POST /orders with {"items": [{"product": 1, "quantity": 1}]}, or the cart's form."""
    form = is_form(request)
    try:
        sent = await fields(request)
        key = _key(request, sent if form else {})
        wanted = quantities(_items(sent, form))
    except BadBody as error:
        return problem(request, 400, "That is no order", str(error))
    except BadItems as error:
        return problem(request, 422, "That cannot be ordered", str(error))
    shop = request.app[SHOP]
    items = lines(wanted)
    order = Order(
        # Who knows an order's id may read it: it is as hard to guess as a session.
        id=secrets.token_urlsafe(16),
        session=session.known(request),
        key=key,
        placed=round(time.time(), 3),
        release=shop.config.release,
        items=items,
        total_cents=total(items),
    )
    try:
        order, is_new = await shop.store.place(order, fingerprint(wanted), empty_cart=form)
    except KeyReused:
        detail = f"This {HEADER} came before, with another order. Take a new key for a new order."
        return problem(request, 422, "The key is used up", detail)
    if is_new:
        shop.metrics.orders.inc()
    if form:
        return web.Response(status=303, headers={"Location": f"/orders/{order.id}"})
    replayed = {} if is_new else {"Idempotent_Replayed": "true"}
    return data(order.public(), 201, Location=f"/orders/{order.id}", **replayed)


async def show(request: web.Request) -> web.Response:
    """GET /orders/{id}"""
    shop = request.app[SHOP]
    order = await shop.store.order(request.match_info["id"])
    if order is None:
        return problem(request, 404, "No such order", "This shop has no order of that number.")
    if not wants_page(request):
        return data(order.public())
    return page(request, shop.pages.render("order", order=order))


def _key(request: web.Request, form: dict[str, Any]) -> str:
    """Forms cannot set headers, so theirs is a hidden field."""
    key = request.headers.get(HEADER) or str(form.get("key", ""))
    key = key.strip()
    if not key:
        raise BadBody(
            f"the header {HEADER} is missing. Send one that is new for each order (a UUID, say), and the same one "
            f"again when you repeat a request that got no answer."
        )
    if not _KEY.fullmatch(key):
        raise BadBody(f"{HEADER} has to be 1 to 128 visible ASCII characters")
    return key


def _items(sent: dict[str, Any], form: bool) -> Any:
    if not form:
        return sent.get("items")
    try:
        return json.loads(str(sent.get("items", "")))
    except (ValueError, RecursionError):
        return None
