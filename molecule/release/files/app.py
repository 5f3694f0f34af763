# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# ruff: noqa: INP001, S108, T201 - a program of one file, which prints and writes on purpose
"""A release for tests, standard library alone: answers every path with its release, /readyz when it is ready.

APP_FAULT makes it fail: ``crash`` (after saying the secret TOKEN), ``never_ready`` (503), ``wrong_release``.
/seen gives the requests so far, /environment the variable that its query names, /write tries to write where it
must not, and where it may.
"""

from __future__ import annotations

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FAULT = os.environ.get("APP_FAULT", "")
RELEASE = "somebody-else" if FAULT == "wrong_release" else os.environ["RELEASE_ID"]
SEEN: list[str] = []


def wrote(path: str) -> bool:
    """Whether this process may write there."""
    try:
        Path(path).write_text("x", encoding="utf-8")
    except OSError:
        return False
    return True


class App(BaseHTTPRequestHandler):
    """One request."""

    def do_GET(self) -> None:
        path, _question, query = self.path.partition("?")
        body = {
            "/environment": lambda: os.environ.get(query),
            "/seen": lambda: SEEN,
            "/write": lambda: {
                place: wrote(place) for place in ("/etc/x", "/opt/x", "/var/lib/storefront/x", "/tmp/x")
            },
        }.get(path, lambda: RELEASE)()
        SEEN.append(path)
        self.send_response(503 if FAULT == "never_ready" and path == "/readyz" else 200)
        self.send_header("X-Release", RELEASE)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_arguments: object) -> None:
        """Nothing: the log is for what a test looks for."""


if FAULT == "crash":
    print(f"cannot start with {os.environ.get('TOKEN')}", file=sys.stderr)
    sys.exit(3)
ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), App).serve_forever()
