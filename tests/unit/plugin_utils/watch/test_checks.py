# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.checks import unmet


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if self.path == "/down" else 200)
        self.end_headers()
        self.wfile.write(b"all is well")

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def gate(url: str, status: int = 200, contains: str | None = None) -> dict[str, object]:
    return {"type": "http", "url": url, "status": status, "contains": contains, "ca_file": None}


def test_a_gate_holds_when_the_answer_is_as_declared(url: str) -> None:
    assert unmet([gate(url), gate(f"{url}/down", 503), gate(url, contains="is well"), {"type": "approval"}]) == []


def test_a_gate_that_does_not_hold_says_why(url: str) -> None:
    assert unmet([gate(f"{url}/down"), gate(url, contains="is bad")]) == [
        f"{url}/down answers 503, not 200",
        f"{url} does not contain 'is bad'",
    ]


def test_a_gate_that_nobody_answers_does_not_hold() -> None:
    (why,) = unmet([gate("http://127.0.0.1:1/")])
    assert why.startswith("http://127.0.0.1:1/ does not answer: ")
