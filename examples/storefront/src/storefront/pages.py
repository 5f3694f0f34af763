# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalog and its products."""

from __future__ import annotations

from aiohttp import web

from .answers import page, problem
from .shop import SHOP


async def catalog(request: web.Request) -> web.Response:
    """GET /"""
    return page(request, request.app[SHOP].pages.catalog)


async def product(request: web.Request) -> web.Response:
    """GET /products/{id}"""
    found = request.app[SHOP].pages.products.get(int(request.match_info["id"]))
    if found is None:
        return problem(request, 404, "No such product", f"Nothing is sold as number {request.match_info['id']}.")
    return page(request, found)
