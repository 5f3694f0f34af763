# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bytes of a request. The probe says who it is, so that nobody takes it for a user or an attacker."""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Iterator

from . import VERSION
from .config import Config

DEFAULT_PORTS = {True: 443, False: 80}


class Requests:
    """Builds requests for a configuration. Paths of a kind take turns."""

    def __init__(self, config: Config) -> None:
        self._paths: dict[str, Iterator[bytes]] = {
            kind: itertools.cycle([path.encode() for path in paths]) for kind, paths in config.paths.items()
        }
        name = f"[{config.server_name}]" if ":" in config.server_name else config.server_name
        self.host = name if config.port == DEFAULT_PORTS[config.tls] else f"{name}:{config.port}"
        self.origin = f"{'https' if config.tls else 'http'}://{self.host}"
        self._common = (
            f" HTTP/1.1\r\nHost: {self.host}\r\n"
            f"User-Agent: seamless-probe/{VERSION} ({config.service})\r\nAccept: */*\r\n"
        ).encode()
        self._cookie = config.cookie
        body = config.post_body.encode()
        self._post_body = body
        self._post_head = f"Content-Type: {config.post_content_type}\r\nContent-Length: {len(body)}\r\n".encode()

    def get(self, kind: str, session: str, extra: bytes = b"") -> bytes:
        """Return a GET of a kind's next path, by the user with this session."""
        return b"GET " + next(self._paths[kind]) + self._common + self._cookie_line(session) + extra + b"\r\n"

    def post(self, session: str) -> bytes:
        """Return a POST with a key of its own, so that an order retried by anything in between is not placed twice."""
        key = f"Idempotency-Key: {uuid.uuid4()}\r\n".encode()
        head = b"POST " + next(self._paths["post"]) + self._common + self._cookie_line(session)
        return head + self._post_head + key + b"\r\n" + self._post_body

    def upgrade(self, session: str, key: bytes) -> bytes:
        """Return a websocket's opening handshake (RFC 6455, section 4.1)."""
        origin = f"Origin: {self.origin}\r\n".encode()
        extra = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        return self.get("websocket", session, origin + extra + key + b"\r\n")

    def _cookie_line(self, session: str) -> bytes:
        return f"Cookie: {self._cookie}={session}\r\n".encode() if self._cookie else b""


def lasting_session(number: int) -> str:
    """Return the session of a returning user: the same in every run, so that it keeps its bucket of the split."""
    return f"seamless-probe-{number:04d}"


def fresh_session() -> str:
    """Return the session of a user who was never here before."""
    return f"seamless-probe-{os.urandom(8).hex()}"
