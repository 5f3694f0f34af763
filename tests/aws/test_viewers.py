# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What viewers get of a distribution in front of a load balancer, request by request, and what moves them."""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fleet
import pytest
from harness import Emulator, serving

BLUE, GREEN, CANARY = {"blue": 100, "green": 0}, {"blue": 0, "green": 100}, {"blue": 90, "green": 10}
SITE: dict[str, Any] = {
    "stack": "shop",
    "origins": [{"name": "app", "path": "/{color}", "headers": {"X-Color": "{color}"}}],
    "default": {"strategy": "api"},
    "behaviors": [{"path": "/assets/*", "strategy": "assets"}],
    "aliases": [fleet.NAME],
    "http_version": "http2",
    "continuous_deployment": True,
}


class _Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        sent = {name.lower(): value for name, value in self.headers.items()}
        body = json.dumps({"path": self.path, "headers": sent}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """What was asked is in the answer."""


@contextlib.contextmanager
def echoing() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


class Viewers:
    """People in front of the distribution at *port*."""

    def __init__(self, emulator: Emulator, router: dict[str, Any], port: int, authority: Path) -> None:
        self.emulator, self.router, self.port = emulator, router, port
        self.tls = ssl.create_default_context(cafile=str(authority))

    def ask(self, path: str, method: str = "GET", **sent: str) -> tuple[int, dict[str, Any], str]:
        """The status, what the origin was asked, and what CloudFront says of it."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=10)
        try:
            connection.request(method, path, headers={"Host": fleet.NAME, **sent})
            answer = connection.getresponse()
            body = answer.read()
            return answer.status, json.loads(body) if answer.status == 200 else {}, answer.headers["X-Cache"]
        finally:
            connection.close()

    def colors(self, number: int) -> Counter[str]:
        """Which color served so many requests."""
        return Counter(self.ask("/")[1]["headers"]["x-color"] for _ in range(number))

    def moved(self, split: dict[str, int]) -> None:
        """Have the router move them."""
        self.emulator.must("cloudfront_split", {**self.router, "split": split, "fence": 1})


@pytest.fixture
def viewers(emulator: Emulator, tmp_path: Path) -> Iterator[Viewers]:
    authority, bundle = fleet.certificate(tmp_path)
    pem = authority.read_text(encoding="utf-8")
    secret = bundle.read_text(encoding="utf-8").removeprefix(pem)
    emulator.must("aws_ledger", {"stack": "shop", "type": "dynamodb", "name": "shop-ledger"})
    emulator.must("aws_network", {"stack": "shop"})
    emulator.must("aws_certificate", {"stack": "shop", "imported": {"certificate": pem, "private_key": secret}})
    with echoing() as origin:
        pools = {"port": origin, "target_type": "ip", "targets": {"blue": ["127.0.0.1"]}}
        balancer = {"stack": "shop", "listeners": [{"port": 443, "protocol": "HTTPS"}], "pools": pools}
        emulator.must("aws_load_balancer", balancer)
        made = emulator.must("aws_cdn", SITE)["resources"]
        router = {
            "service": "shop",
            "distribution": made["distribution shop"]["id"],
            "staging": made["staging distribution shop"]["id"],
            "table": "shop-ledger",
        }
        tls = ("--certificate", str(bundle))
        with serving("emulator.front", emulator.url, "shop", "443", *tls) as balancing:
            known = (emulator.url, fleet.NAME, f"shop=127.0.0.1:{balancing}", "--authority", str(authority))
            with serving("emulator.edge", *known, *tls) as port:
                there = Viewers(emulator, router, port, authority)
                assert eventually(lambda: there.ask("/")[0] == 200), there.ask("/")
                yield there


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_the_origin_gets_what_the_strategy_of_a_path_says(viewers: Viewers) -> None:
    sent = {"Cookie": "sid=1", "X-Trace": "7"}
    status, asked, cache = viewers.ask("/cart?item=1", **sent)
    assert (status, asked["path"], cache) == (200, "/blue/cart?item=1", "Miss from cloudfront")
    assert {name: asked["headers"][name] for name in ("host", "cookie", "x-trace", "x-color")} == {
        "host": fleet.NAME,
        "cookie": "sid=1",
        "x-trace": "7",
        "x-color": "blue",
    }
    status, asked, _cache = viewers.ask("/assets/app.css?item=1", **sent)
    assert (status, asked["path"]) == (200, "/blue/assets/app.css")
    assert not {"cookie", "x-trace"} & set(asked["headers"])
    assert viewers.ask("/assets/app.css", "DELETE")[0] == 403


def test_the_router_moves_some_of_them_then_all_and_back(viewers: Viewers) -> None:
    viewers.moved(CANARY)
    assert eventually(lambda: viewers.colors(20)["green"] > 0)
    seen = viewers.colors(100)
    assert 0 < seen["green"] < 50, seen
    viewers.moved(GREEN)
    assert eventually(lambda: viewers.colors(10) == {"green": 10})
    viewers.moved(BLUE)
    assert eventually(lambda: viewers.colors(10) == {"blue": 10})


def test_a_distribution_that_is_gone_is_nobodys(viewers: Viewers) -> None:
    viewers.emulator.must("aws_cdn", {**SITE, "origins": [{**SITE["origins"][0], "domain": "other.example.com"}]})
    assert eventually(lambda: viewers.ask("/")[0] == 502)
    viewers.emulator.must("aws_cdn", {"stack": "shop", "state": "absent", "deletion_protection": False})
    assert eventually(lambda: viewers.ask("/")[0] == 403)
