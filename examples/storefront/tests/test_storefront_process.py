# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process from its start to its end: what a supervisor, a load balancer and the last users see of it."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import aiohttp
import pytest


def test_it_fails_readiness_at_once_and_still_answers(process):
    running = process(STOREFRONT_GRACE_SECONDS="2").wait_until_ready()
    running.popen.terminate()
    time.sleep(0.2)
    assert running.get("/readyz")[0] == 503
    status, headers = running.get("/")
    assert status == 200
    assert headers["Connection"] == "close", "a kept connection would be cut when the process ends"
    assert running.end()[0] == 0


def test_what_is_in_flight_is_finished(process):
    running = process().wait_until_ready()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(running.get("/slow?seconds=2")[0]))
    asking.start()
    time.sleep(0.3)
    running.popen.terminate()
    asking.join()
    assert answers == [200]
    assert running.end()[0] == 0


def test_an_idle_connection_does_not_delay_the_end(process):
    running = process().wait_until_ready()
    with socket.create_connection(("127.0.0.1", running.port)) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
        idle.recv(65536)
        since = time.monotonic()
        running.popen.terminate()
        assert running.end()[0] == 0
    assert time.monotonic() - since < 3


def test_what_lasts_too_long_is_ended_in_order_and_in_time(process):
    """Streams get their last event and chunk, websockets 1001: neither is simply cut."""
    running = process(STOREFRONT_STOP_SECONDS="2").wait_until_ready()
    base = f"http://127.0.0.1:{running.port}"

    async def story():
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{base}/ws") as websocket:
            await websocket.receive_json()
            stream = await session.get(f"{base}/stream?seconds=60")
            await stream.content.readline()
            since = time.monotonic()
            running.popen.terminate()
            while not (await websocket.receive()).type.name.startswith("CLOS"):
                pass
            return websocket.close_code, await stream.text(), time.monotonic() - since

    code, text, seconds = asyncio.run(story())
    assert code == 1001
    assert text.rstrip().endswith('event: end\ndata: {"reason": "the process is stopping"}')
    assert seconds < 5
    assert running.end()[0] == 0


@pytest.mark.parametrize(
    ("environment", "status", "message"),
    [
        ({"STOREFRONT_FAULT_ERROR_RATE": "2"}, 2, "storefront: STOREFRONT_FAULT_ERROR_RATE: expected a number"),
        ({"STOREFRONT_FAULT_START": "crash"}, 1, "made not to start"),
        ({"STOREFRONT_DATA": "/dev/null/data"}, 1, "cannot start: "),
    ],
)
def test_it_says_why_it_does_not_start(process, environment, status, message):
    found, log = process(**environment).end()
    assert found == status
    assert message in log
    assert "Traceback" not in log


def test_a_port_that_is_taken_is_said(process):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, log = process(PORT=str(taken.getsockname()[1])).end()
    assert status == 1
    assert "address already in use" in log


def test_a_slow_start_listens_late_and_can_be_stopped(process):
    running = process(STOREFRONT_FAULT_START="slow:1.5")
    time.sleep(1)
    with pytest.raises(OSError, match="refused"):
        running.get("/healthz")
    running.wait_until_ready()

    never = process(STOREFRONT_FAULT_START="slow:3600")
    time.sleep(1)
    since = time.monotonic()
    never.popen.terminate()
    never.end()
    assert time.monotonic() - since < 3
