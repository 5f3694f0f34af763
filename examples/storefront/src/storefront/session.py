# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is asking: the cookie `sid`, which is also what the load balancers split users by."""

from __future__ import annotations

import re
import secrets

from aiohttp import web

COOKIE = "sid"
YEAR = 365 * 24 * 3600
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# One of our own has 22 characters. Others are accepted, and mean nothing more than an empty cart.


def known(request: web.Request) -> str:
    """Return the session that the client brought; "" where it brought none that we could have issued."""
    sid = request.cookies.get(COOKIE, "")
    return sid if _SID.fullmatch(sid) else ""


def issue(response: web.StreamResponse) -> str:
    """Give the client a session. Secure: users reach the shop through TLS, which ends on the load balancers."""
    sid = secrets.token_urlsafe(16)
    response.headers.add("Set-Cookie", f"{COOKIE}={sid}; Max-Age={YEAR}; Path=/; Secure; HttpOnly; SameSite=Lax")
    return sid
