# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cart. Putting a product in says how many the cart shall hold: sent twice, it does the same as sent once."""

from __future__ import annotations

import json
import secrets

from aiohttp import web

from . import session
from .answers import data, page, problem, wants_page
from .body import BadBody, fields
from .catalog import PRODUCTS
from .order import MAX_QUANTITY, lines, total
from .shop import SHOP


async def show(request: web.Request) -> web.Response:
    """GET /cart"""
    shop = request.app[SHOP]
    sid = session.known(request)
    items = lines(await shop.store.cart(sid) if sid else {})
    if not wants_page(request):
        return data({"items": items, "total_cents": total(items)})
    order = json.dumps([{"product": item["product"], "quantity": item["quantity"]} for item in items])
    # The key is made with the page: whoever sends the form twice orders once.
    body = shop.pages.render("cart", items=items, total=total(items), order=order, key=secrets.token_urlsafe(16))
    return page(request, body)


async def put(request: web.Request) -> web.Response:
    """POST /cart/items with product and quantity (default 1; 0 takes it out), as a form or as JSON."""
    try:
        sent = await fields(request)
        product, quantity = _whole(sent.get("product")), _whole(sent.get("quantity", 1))
    except BadBody as error:
        return problem(request, 400, "That is no cart item", str(error))
    if product not in PRODUCTS or not 0 <= quantity <= MAX_QUANTITY:
        detail = f"product has to be 1 to {max(PRODUCTS)}, quantity 0 to {MAX_QUANTITY}"
        return problem(request, 422, "That cannot be put into the cart", f"{detail}; found {product} and {quantity}.")
    if wants_page(request):
        response = web.Response(status=303, headers={"Location": "/cart"})
    else:
        response = data({"product": product, "quantity": quantity})
    sid = session.known(request) or session.issue(response)
    await request.app[SHOP].store.put(sid, product, quantity)
    return response


def _whole(value: object) -> int:
    """A form sends text, JSON numbers."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if type(value) is int:
        return value
    raise BadBody(f"product and quantity have to be whole numbers; found {value!r:.40}")
