# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shop on a free port of the loopback, in this process (`shop`) or in one of its own (`process`)."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer

SOURCE = Path(__file__).resolve().parents[1] / "src"
sys.path.insert(0, str(SOURCE))

from storefront.app import create_app
from storefront.config import Config

RELEASE = "2.0.0-1a2b3c4d"
Story = Callable[[TestClient], Awaitable[Any]]


@pytest.fixture
def shop(tmp_path: Path) -> Callable[..., Any]:
    """Return run(story, **environment): the story's coroutine gets a client that keeps no cookies."""

    def run(story: Story, **environment: str) -> Any:
        env = {"STOREFRONT_DATA": str(tmp_path), "RELEASE_ID": RELEASE, "COLOR": "green", **environment}

        async def main() -> Any:
            server = TestServer(create_app(Config.from_environment(env)))
            async with TestClient(server, cookie_jar=DummyCookieJar()) as client:
                return await story(client)

        return asyncio.run(main())

    return run


class Process:
    """A shop started as a unit starts it."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.port = _free_port()
        env = {name: value for name, value in os.environ.items() if not name.startswith("STOREFRONT_")}
        env |= {"PYTHONPATH": str(SOURCE), "STOREFRONT_DATA": str(data), "RELEASE_ID": RELEASE, "COLOR": "green"}
        env |= {"PORT": str(self.port), "STOREFRONT_GRACE_SECONDS": "0.5", "STOREFRONT_STOP_SECONDS": "3"}
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "storefront"], env=env | environment, stderr=subprocess.PIPE, text=True
        )

    def get(self, path: str) -> tuple[int, Any]:
        """Return status and headers; raises OSError where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                answer.read()
                return answer.status, answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers

    def wait_until_ready(self) -> Process:
        """Return when it is, fail when it is not within 10 s."""
        until = time.monotonic() + 10
        while time.monotonic() < until and self.popen.poll() is None:
            try:
                if self.get("/readyz")[0] == 200:
                    return self
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"not ready: {self.end()}")

    def end(self) -> tuple[int, str]:
        """Return exit status and log of a process that ends by itself, or is killed after 10 s."""
        try:
            log = self.popen.communicate(timeout=10)[1]
        except subprocess.TimeoutExpired:
            self.popen.kill()
            log = self.popen.communicate()[1]
        return self.popen.returncode, log


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Return start(**environment) -> Process."""
    started: list[Process] = []

    def start(**environment: str) -> Process:
        started.append(Process(tmp_path / "data", **environment))
        return started[-1]

    yield start
    for each in started:
        if each.popen.returncode is None:
            each.popen.kill()
            each.popen.communicate()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
