# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances that serve: each is a server on loopback that answers as the release does which its user data runs.

It has no operating system: the variables that the user data would give the release are all that is looked at. With
``FAULTY`` among them, it answers every request with 500.
"""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .extend import RESETS

_VARIABLE = re.compile(r'^(RELEASE_ID|FAULTY)="(.*)"$', re.MULTILINE)


class Machine(ThreadingHTTPServer):
    """One instance."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, user_data: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.variables = dict(_VARIABLE.findall(user_data))
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Machine

    def do_GET(self) -> None:
        release, body = self.server.variables.get("RELEASE_ID", ""), b"Storefront"
        self.send_response(500 if "FAULTY" in self.server.variables else 200)
        self.send_header("X-Release", release)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """What was asked is of no interest."""


_MACHINES: dict[str, Machine] = {}


def place(instance: str, user_data: str) -> tuple[str, int]:
    """Where *instance* serves, from now on if it did not."""
    if instance not in _MACHINES:
        _MACHINES[instance] = Machine(user_data)
    return "127.0.0.1", _MACHINES[instance].server_port


def _end() -> None:
    for machine in _MACHINES.values():
        machine.shutdown()
        machine.server_close()
    _MACHINES.clear()


RESETS.append(_end)
