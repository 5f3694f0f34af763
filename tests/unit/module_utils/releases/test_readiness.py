# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting, against a real little server and with a clock that the test turns."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.releases.readiness import (
    NotReady,
    Ready,
    ask,
    wait_ready,
    warm_up,
)
from ansible_collections.seamless.delivery.plugins.module_utils.releases.unit import Unit

RUNS = Unit("shop-green.service", True, "active (running)", "success", "0", 0, "", "loaded")
DEAD = Unit("shop-green.service", False, "failed (failed)", "exit-code", "1", 0, "", "loaded")


class Clock:
    """Seconds pass only where somebody sleeps."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return 1000 + self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds


def wait(answers: Any, deadline: float = 1.0, state: Unit = RUNS) -> Ready:
    """Wait for v2, whose answers are these, the last one for ever; an exception is raised."""
    left = list(answers)

    def question(port: int, path: str) -> tuple[int, str]:
        assert (port, path) == (8000, "/readyz")
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return wait_ready("v2", 8000, "/readyz", deadline, lambda: state, Clock(), question)


def test_ready_at_once() -> None:
    assert wait([(200, "v2")]) == Ready(0.0, 1)


def test_ready_after_a_while() -> None:
    assert wait([ConnectionRefusedError(), (503, "v2"), (200, "v1"), (200, "v2")]) == Ready(0.3, 4)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (ConnectionRefusedError(), "nothing listens there"),
        (TimeoutError("timed out"), "there was no answer (timed out)"),
        (TimeoutError(), "there was no answer (TimeoutError)"),
        (http.client.BadStatusLine("x"), "there was no answer (x)"),
        ((503, "v2"), "it answered 503 instead of 200"),
        ((200, "v1"), "the answer came from v1 instead of v2"),
        ((200, ""), "the answer came from a service without an X-Release header instead of v2"),
    ],
)
def test_the_deadline_tells_what_was_found_last(answer: Any, found: str) -> None:
    with pytest.raises(NotReady) as told:
        wait([answer])
    assert str(told.value).startswith("it was not ready within 1 s: asked for /readyz on port 8000, ")
    assert found in str(told.value)


def test_a_crash_is_told_long_before_the_deadline() -> None:
    with pytest.raises(NotReady, match=r"shop-green.service has failed: it exited with status 1; asked for /readyz"):
        wait([ConnectionRefusedError()], deadline=1e9, state=DEAD)


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers["User-Agent"]))  # type: ignore[attr-defined]
        self.send_response(404 if self.path == "/missing" else 200)
        if self.path != "/anonymous":
            self.send_header("X-Release", "v2")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Server)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_real_answer(server: HTTPServer) -> None:
    port = server.server_address[1]
    assert ask(port, "/readyz") == (200, "v2")
    assert ask(port, "/missing") == (404, "v2")
    assert ask(port, "/anonymous") == (200, "")


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionRefusedError):
            ask(taken.getsockname()[1], "/readyz")


def test_a_warm_up_asks_as_often_as_declared_and_judges_nothing(server: HTTPServer) -> None:
    port = server.server_address[1]
    assert warm_up(port, [{"path": "/a", "count": 2}, {"path": "/missing"}]) == 3
    assert [path for path, _agent in server.seen] == ["/a", "/a", "/missing"]  # type: ignore[attr-defined]

    def broken(_port: int, _path: str) -> tuple[int, str]:
        raise TimeoutError

    assert warm_up(port, [{"path": "/a", "count": 2}], broken) == 0
