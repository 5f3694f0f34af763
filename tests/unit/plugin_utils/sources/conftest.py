# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A web server of the test's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class _Answers(BaseHTTPRequestHandler):
    """Answers by its server's ``answer``: a function of the path that gives status, text and seconds to wait."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append(self.path)
        status, text, wait = server.answer(self.path)
        time.sleep(wait)
        if status is None:
            return  # no answer at all
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Callable[..., Any]]:
    """Starts a server for a function ``path -> (status, text, seconds to wait)``; it has ``asked`` and ``port``."""
    servers: list[tuple[Any, threading.Thread]] = []

    def start(answer: Callable[[str], tuple[int | None, str, float]]) -> Any:
        server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
        server.daemon_threads = True
        server.handle_error = lambda *_args: None
        server.answer, server.asked, server.port = answer, [], server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        servers.append((server, thread))
        return server

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()
