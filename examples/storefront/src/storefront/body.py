# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a POST carries: a browser's form or JSON."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

FORM = "application/x-www-form-urlencoded"


class BadBody(Exception):
    """The body is not what its Content-Type says, or not an object."""


def is_form(request: web.Request) -> bool:
    """Return whether a browser's form was sent."""
    return request.content_type == FORM


async def fields(request: web.Request) -> dict[str, Any]:
    """Return the body's fields. Raises BadBody."""
    if is_form(request):
        return dict(await request.post())
    raw = await request.read()
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadBody(f"expected a JSON object, found {len(raw)} bytes that are no JSON") from None
    if not isinstance(value, dict):
        raise BadBody(f"expected a JSON object, found a JSON {type(value).__name__}")
    return value
