# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client against a real TLS server: what users got is what the rows say."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.config import parse
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.connection import Connector
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.long_lived import LongLived
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.request import Requests
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.short import ShortRequests

MIX = {"keep_alive": 1}


@pytest.fixture
def client(serving, settings):
    """`async with client(path) as c`: c.server, c.shots, c.send(kind, times, at once or one by one)."""

    @asynccontextmanager
    async def start(path="/", tls=True, **changes):
        paths = dict.fromkeys(("keep_alive", "new_connection", "slow", "post", "stream", "websocket"), path)
        async with serving(tls) as (server, port):
            changes = {"port": port, "mix": MIX, "paths": paths, "users": 1} | changes
            if not tls:
                changes |= {"tls": False, "ca_file": None}
            config = parse(settings(**changes))
            shots, opened, stop = [], [], asyncio.Event()
            connector, requests = Connector(config), Requests(config)
            short = ShortRequests(config, connector, requests, shots.append)
            clock = asyncio.get_running_loop().time

            async def send(kind="keep_alive", times=1, together=False):
                for _number in range(times):
                    short.send(kind, clock())
                    while short.in_flight and not together:
                        await asyncio.sleep(0.001)
                    await asyncio.sleep(0 if together else 0.002)
                while short.in_flight:
                    await asyncio.sleep(0.001)
                return [shot.error for shot in shots]

            long = LongLived(config, connector, requests, shots.append, opened.append, stop)
            yield SimpleNamespace(
                server=server, shots=shots, send=send, short=short, long=long, opened=opened, stop=stop
            )
            await short.finish(0)

    return start


def run(scenario):
    return asyncio.run(asyncio.wait_for(scenario, 10))


@pytest.mark.parametrize("tls", [True, False])
def test_good_answers_of_all_short_kinds(client, tls):
    async def scenario():
        async with client(tls=tls) as c:
            for kind in ("keep_alive", "new_connection", "slow", "post"):
                await c.send(kind, 3)
            assert [(shot.status, shot.release, shot.error) for shot in c.shots] == [(200, "1.0.0-aaaaaaaa", "")] * 12
            assert c.server.connections == 1 + 3 + 3  # keep_alive and post share the user's
            return c.server.seen

    seen = run(scenario())
    assert all(re.search(r"User-Agent: seamless-probe/\S+ \(storefront\)", head) for head in seen)
    assert all("Host: shop.example.test:" in head for head in seen)
    assert [bool("Cookie: sid=seamless-probe-0000" in head) for head in seen] == [True] * 3 + [False] * 6 + [True] * 3
    keys = [re.search("Idempotency-Key: (.+)\r", head)[1] for head in seen if head.startswith("POST")]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("path", "kind", "error"),
    [
        ("/500", "keep_alive", "status_500"),
        ("/404", "new_connection", "status_404"),
        ("/truncated", "keep_alive", "truncated"),
        ("/truncated", "slow", "truncated"),
        ("/garbage", "keep_alive", "bad_response"),
        ("/slow", "slow", ""),
        ("/bye", "keep_alive", ""),
        ("/closes", "keep_alive", ""),
        ("/chatty", "keep_alive", ""),
    ],
)
def test_each_fault_has_its_word(client, path, kind, error):
    async def scenario():
        async with client(path) as c:
            assert await c.send(kind, 2) == [error] * 2

    run(scenario())


def test_an_error_still_names_its_release(client):
    async def scenario():
        async with client("/500") as c:
            await c.send()
            assert (c.shots[0].status, c.shots[0].release) == (500, "1.0.0-aaaaaaaa")

    run(scenario())


def test_a_connection_ended_under_our_hands_is_not_hidden(client):
    async def scenario():
        async with client("/rude") as c:
            assert await c.send(times=4) == ["", "reset_on_reuse", "", "reset_on_reuse"]

    run(scenario())


@pytest.mark.parametrize("together", [True, False])
def test_negative_control_one_of_a_hundred_dropped_is_counted_exactly(client, together):
    async def scenario():
        async with client("/drops", users=8) as c:
            errors = await c.send(times=300, together=together)
            assert c.server.dropped == 3
            assert len(errors) == 300
            assert sum(bool(error) for error in errors) == 3
            assert {error for error in errors if error} <= {"reset", "reset_on_reuse"}

    run(scenario())


def test_a_timeout_counts_from_when_it_was_due_and_ends_the_connection(client):
    async def scenario():
        async with client("/hang", timeout=0.2) as c:
            now = asyncio.get_running_loop().time()
            c.short.send("keep_alive", now)
            c.short.send("keep_alive", now - 0.1)  # due earlier: its time is over while it waits for the user
            while c.short.in_flight:
                await asyncio.sleep(0.01)
            assert [shot.error for shot in c.shots] == ["timeout"] * 2
            assert c.shots[0].since < c.shots[1].since
            assert c.server.requests == 1

    run(scenario())


def test_saturation_is_said(client):
    async def scenario():
        async with client("/slow", users=4, max_in_flight=3) as c:
            errors = await c.send(times=5, together=True)
            assert sorted(errors) == ["", "", "", "probe_saturated", "probe_saturated"]

    run(scenario())


def test_what_is_not_answered_at_the_stop_is_unfinished(client):
    async def scenario():
        async with client("/hang") as c:
            c.short.send("new_connection", asyncio.get_running_loop().time())
            await c.short.finish(0.1)
            assert [shot.error for shot in c.shots] == ["unfinished"]

    run(scenario())


def test_a_defect_of_the_probe_is_a_row_too(client, monkeypatch):
    async def scenario():
        async with client(streams=1) as c:
            monkeypatch.setattr(Requests, "get", lambda *_: 1 / 0)
            assert await c.send() == ["probe_error"]
            assert "ZeroDivisionError" in c.shots[0].detail
            asyncio.get_running_loop().call_later(0.05, c.stop.set)
            await c.long.run()
            assert c.shots[1].error == "probe_error"

    run(scenario())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"port": 1}, "connect_refused"),
        ({"server_name": "other.example.test"}, "tls_certificate"),
        ({"ca_file": None}, "tls_certificate"),
        ({"address": "no-such-host.invalid"}, "dns"),
    ],
)
def test_no_trusted_connection(client, changes, error):
    async def scenario():
        async with client(**changes) as c:
            assert await c.send("new_connection") == [error]
            assert c.shots[0].detail

    run(scenario())


def test_a_server_without_tls(client):
    async def plain(_reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async def scenario():
        listener = await asyncio.start_server(plain, "127.0.0.1", 0)
        async with listener, client(port=listener.sockets[0].getsockname()[1]) as c:
            assert await c.send("new_connection") == ["tls_error"]

    run(scenario())


def test_verification_can_be_declared_off(client):
    async def scenario():
        async with client(verify=False, ca_file=None, server_name="other.example.test") as c:
            assert await c.send("new_connection") == [""]

    run(scenario())


def test_a_connection_that_never_comes(client, monkeypatch):
    async def never(_connector):
        await asyncio.sleep(30)

    async def scenario():
        async with client(timeout=0.1, streams=1) as c:
            monkeypatch.setattr(Connector, "open", never)
            assert await c.send("new_connection") == ["connect_timeout"]
            asyncio.get_running_loop().call_later(0.15, c.stop.set)
            await c.long.run()
            assert c.shots[1].error == "connect_timeout"

    run(scenario())


@pytest.mark.parametrize(
    ("path", "kind", "error", "opened"),
    [
        ("/stream", "stream", "", True),
        ("/stream/ends", "stream", "", True),
        ("/stream/broken", "stream", "broken", True),
        ("/stream/silent", "stream", "stalled", True),
        ("/hang", "stream", "timeout", False),
        ("/500", "stream", "status_500", False),
        ("/garbage", "stream", "bad_response", False),
        ("/ws", "websocket", "", True),
        ("/ws/1001", "websocket", "broken_1001", True),
        ("/ws/drop", "websocket", "broken", True),
        ("/ws/wrong", "websocket", "bad_response", False),
        ("/404", "websocket", "status_404", False),
        ("/", "websocket", "status_200", False),
    ],
)
def test_long_lived(client, path, kind, error, opened):
    counts = {"streams": int(kind == "stream"), "websockets": int(kind == "websocket")}

    async def scenario():
        async with client(path, timeout=0.4, stream_seconds=2, websocket_seconds=2, **counts) as c:
            asyncio.get_running_loop().call_later(0.9, c.stop.set)
            await c.long.run()
            assert [(shot.kind, shot.error) for shot in c.shots] == [(kind, error)]
            assert bool(c.opened) is opened
            assert c.long.held == 0
            return c

    c = run(scenario())
    if path == "/ws":  # it answered the server's ping, pinged, and said goodbye
        assert [frame for frame in c.server.seen if frame.startswith("frame 10")] == ["frame 10 b'hi'"]
        assert any(frame.startswith("frame 9") for frame in c.server.seen)
        assert any(frame.startswith("frame 8") for frame in c.server.seen)


def test_long_lived_end_in_their_time_and_are_opened_anew(client):
    async def scenario():
        async with client("/stream", stream_seconds=1, streams=1) as c:
            asyncio.get_running_loop().call_later(1.3, c.stop.set)
            await c.long.run()
            assert [shot.error for shot in c.shots] == ["", ""]
            assert len(c.opened) == 2

    run(scenario())
