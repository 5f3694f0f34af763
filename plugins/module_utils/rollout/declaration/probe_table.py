# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of ``service.probe``: what the client that proves a rollout sends.

The limits are the probe's own (plugins/plugin_utils/probe/config.py), which a test holds equal: what is
declared is refused here, with file and line, before the probe would refuse it.
"""

from __future__ import annotations

from .containers import Key, ListOf, MapOf, Section
from .kinds import Flag, Number, Text

SHORT = ("keep_alive", "new_connection", "slow", "post")
LONG_LIVED = {"stream": "streams", "websocket": "websockets"}
"""Kinds that are held open, with the key that says how many of them."""

MAX_RATE = 2000
"""Requests per second. The probe measures a service, it does not load-test it."""

_PATH = Text(r"/[!-~]*", "a path such as /slow?seconds=2")
_MEDIA = Text(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+(; ?[A-Za-z0-9.+=-]+)*", "a media type such as application/json")
_ANY = Text(r"(?s:.*)", "a text")

PROBE = Section(
    {
        "rate": Key(Number(0.1, MAX_RATE, "requests a second"), "Short requests, all kinds together.", 50),
        "mix": Key(
            MapOf(SHORT, Number(0, 1_000_000)),
            "The weight of each kind of short request: on a kept connection, on one of its own, slow, or a POST.",
            {"keep_alive": 80, "new_connection": 20},
        ),
        "paths": Key(
            MapOf(
                (*SHORT, *LONG_LIVED),
                ListOf(_PATH, least=1, single=True),
                always={"keep_alive": ["/"], "new_connection": ["/"]},
            ),
            "What each kind asks for. Nothing else is ever requested.",
            {},
        ),
        "post_body": Key(_ANY, "The body of a POST; each has an Idempotency-Key of its own.", "{}"),
        "post_content_type": Key(_MEDIA, "Its media type.", "application/json"),
        "users": Key(Number(1, 1000, whole=True), "Kept connections, each a user with a session of its own.", 32),
        "streams": Key(Number(0, 200, whole=True), "Streamed answers held open at any time.", 0),
        "stream_seconds": Key(Number(1, 3600, "seconds"), "How long each is held.", 20),
        "websockets": Key(Number(0, 200, whole=True), "Websockets held open at any time.", 0),
        "websocket_seconds": Key(Number(1, 3600, "seconds"), "How long each is held.", 20),
        "timeout": Key(Number(0.1, 120, "seconds"), "After which a request has failed.", 10),
        "max_in_flight": Key(Number(1, 4000, whole=True), "Requests under way at one time.", 512),
        "max_seconds": Key(Number(1, 21600, "seconds"), "After which the probe ends by itself.", 7200),
        "grace": Key(Number(0, 120, "seconds"), "For requests under way when the probe is stopped.", 12),
        "tls": Key(Flag(), "Whether the entry speaks TLS.", True),
        "verify": Key(
            Flag(), "Whether the probe verifies the certificate; false only where users' clients do not either.", True
        ),
        "slow_ms": Key(Number(1, 120_000, "milliseconds"), "After which an answer is slow.", 1000),
        "tolerance_ms": Key(
            Number(0, 10_000, "milliseconds"),
            "On either side of the cutover, within which both releases are right; at least the distance of the clocks.",
            50,
        ),
    }
)
