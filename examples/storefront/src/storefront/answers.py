# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses: a page for people, JSON for programs, and a problem in the form that the asker reads."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import hdrs, web

from . import session
from .shop import SHOP


def page(request: web.Request, body: bytes, status: int = 200) -> web.Response:
    """Return an HTML page, with a session for who has none yet."""
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": request.app[SHOP].pages.policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    response = web.Response(body=body, status=status, headers=headers)
    if not session.known(request):
        session.issue(response)
    return response


def data(value: Any, status: int = 200, **headers: str) -> web.Response:
    """Return JSON. Header names are written with _ for -."""
    return web.Response(
        body=json.dumps(value).encode() + b"\n",
        status=status,
        headers={
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        },
    )


def problem(request: web.Request, status: int, title: str, detail: str) -> web.Response:
    """Return an error: a page for a browser, application/problem+json (RFC 9457) for everybody else."""
    if wants_page(request):
        return page(request, request.app[SHOP].pages.render("problem", title=title, detail=detail), status)
    response = data({"status": status, "title": title, "detail": detail}, status)
    response.headers[hdrs.CONTENT_TYPE] = "application/problem+json"
    return response


def wants_page(request: web.Request) -> bool:
    """Return whether a browser asks: only they say that they take HTML."""
    return "text/html" in request.headers.get(hdrs.ACCEPT, "")
