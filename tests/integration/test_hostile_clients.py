# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients that mean harm, from one address, while good users from another go on; and that it is the limit that spares
them: without it, the same harness sees the harm."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest
from balancing import addresses, provide
from haproxy_lab import Lab, eventually

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long]

HERE = Path(__file__).parent
HOST = "shop.example.test"
MAXCONN, EACH = 300, 100
TIMEOUT = 5  # seconds: the role's http-request
RATE = 1000  # requests in ten seconds: the role's limit
CONFIG = "/etc/haproxy/haproxy.cfg"
DATA, HEADERS, SETTINGS = 0, 1, 4  # frames of HTTP/2
USERS = """
import json, sys, time
from pathlib import Path
sys.path.insert(0, "/opt")
from traffic import Traffic
with Traffic("{address}", Path("/opt/ca.crt"), users=6, pause=0.2) as users:
    time.sleep({seconds})
print(json.dumps([len(users.seen), [why for _when, why in users.failed]]))
"""


@dataclass(frozen=True)
class Seen:
    """What the hostile got, and after how many seconds each; how good users fared at the same time."""

    got: Counter[int | str]
    ended: list[float]
    answered: int
    failed: list[str]


def hostile(lab: Lab, host: str, kind: str, number: int, seconds: float) -> tuple[Counter[int | str], list[float]]:
    """What `hostile.py` says on *host*; "" is this one, which the lab exempts."""
    here = [sys.executable, str(HERE / "hostile.py")]
    there = ["docker", "exec", f"{lab.name}-{host}", "python3", "/opt/hostile.py"]
    command = [*(there if host else here), kind, addresses(lab)["lb1"], str(number), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return Counter(got for got, _after in found), [after for _got, after in found]


def attack(lab: Lab, kind: str, number: int, seconds: float = 9) -> Seen:
    """The hostile on app1, and users on ops1: neither is exempt. Users come first and stay longer."""
    users = USERS.format(address=addresses(lab)["lb1"], seconds=seconds + 2)
    with ThreadPoolExecutor() as threads:
        beside = threads.submit(lab.sh, "ops1", f"python3 - <<'E'\n{users}\nE")
        time.sleep(1.5)
        got, ended = hostile(lab, "app1", kind, number, seconds)
        answered, failed = json.loads(beside.result())
    return Seen(got, ended, answered, failed)


@pytest.fixture(scope="module")
def tight(balanced: Lab) -> Iterator[Lab]:
    """The lab with limits that few connections reach, given to the role as anybody would."""
    provide(balanced, load_balancer_maxconn=MAXCONN, load_balancer_connection_limit=EACH)
    for host, source in (("app1", HERE / "hostile.py"), ("ops1", HERE / "traffic.py"), ("ops1", balanced.ca_file)):
        target = f"{balanced.name}-{host}:/opt/{source.name}"
        subprocess.run(["docker", "cp", "-q", str(source), target], check=True)
    yield balanced
    provide(balanced)


@pytest.fixture(autouse=True)
def quiet(tight: Lab) -> None:
    """A new worker, whose table knows nobody, and none of the connections of a test before."""
    restart(tight)


def restart(lab: Lab) -> None:
    lab.sh("lb1", "systemctl reset-failed haproxy; systemctl restart haproxy")
    assert eventually(lambda: lab.router("lb1", "min(p.healthy for p in router.pools().values())") == 2)


@contextmanager
def without(lab: Lab, line: str) -> Iterator[None]:
    """For a negative control: the configuration of lb1 without each line that has *line* in it."""
    assert line in lab.sh("lb1", f"cp -p {CONFIG} /run/with; cat {CONFIG}")
    try:
        lab.sh("lb1", f"sed -i '/{line}/d' {CONFIG}")
        restart(lab)
        yield
    finally:
        lab.sh("lb1", f"cp -p /run/with {CONFIG}")
        restart(lab)


def test_a_flood_is_refused_and_users_go_on(tight: Lab) -> None:
    seen = attack(tight, "flood", 3 * RATE)
    assert set(seen.got) == {200, 429}
    # Those of one period, and of as much of the next as the flood lasts: it takes a few seconds on a busy machine.
    assert RATE * 0.9 <= seen.got[200] <= RATE * 1.5
    assert seen.failed == [], f"of {seen.answered}"
    assert seen.answered > 100


def test_without_the_limit_nothing_of_a_flood_is_refused(tight: Lab) -> None:
    """The negative control."""
    with without(tight, "deny_status 429"):
        assert set(attack(tight, "flood", 3 * RATE).got) == {200}


def test_one_address_holds_no_more_connections_than_its_limit(tight: Lab) -> None:
    number = 2 * MAXCONN
    seen = attack(tight, "idle", number)
    assert seen.got == {"open": EACH, "closed": number - EACH}
    assert sorted(seen.ended)[number - EACH - 1] < TIMEOUT, "refused at once, not in the end"
    assert seen.failed == [], f"of {seen.answered}"
    assert seen.answered > 100


def test_without_the_limit_one_address_takes_all_connections(tight: Lab) -> None:
    """The negative control: users who need a new connection get none."""
    with without(tight, "sc_conn_cur"):
        seen = attack(tight, "idle", 2 * MAXCONN)
    assert seen.got["open"] > EACH
    assert seen.failed


def test_connections_count_on_all_ports_together(tight: Lab) -> None:
    """Who holds its share of plain HTTP's port is refused at that of HTTPS."""
    lb1 = addresses(tight)["lb1"]
    held = f"import socket, time; held = [socket.create_connection(('{lb1}', 80)) for _ in range({EACH})]; "
    asked = f"curl -sk -o /dev/null -w '%{{http_code}}' -H 'Host: {HOST}' https://{lb1}/ || true"
    with ThreadPoolExecutor() as threads:
        holding = threads.submit(tight.sh, "app1", f'python3 -c "{held}time.sleep(4)"')
        time.sleep(2)
        assert tight.sh("app1", asked) == "000"
        assert tight.sh("app2", asked) == "200"
        holding.result()
    assert eventually(lambda: tight.sh("app1", asked) == "200"), "who lets go may come back"


@pytest.mark.parametrize("kind", ["headers", "body"])
def test_a_request_that_trickles_in_is_cut_in_time(tight: Lab, kind: str) -> None:
    seen = attack(tight, kind, EACH)
    assert seen.got == {408: EACH}
    assert max(seen.ended) < TIMEOUT + 2
    assert seen.failed == [], f"of {seen.answered}"
    assert seen.answered > 100


@pytest.mark.parametrize(
    ("kind", "line"), [("headers", "timeout http-request"), ("body", "option http-buffer-request")]
)
def test_without_its_line_it_goes_on(tight: Lab, kind: str, line: str) -> None:
    """The negative control: still there, after nearly twice the time."""
    with without(tight, line):
        assert attack(tight, kind, 20).got == {"open": 20}


def test_a_slow_body_of_http2_is_cut_as_well(tight: Lab) -> None:
    slow = f"(printf a; sleep {TIMEOUT + 2}; printf b) | curl -sk --http2 -X POST -T - -o /dev/null"
    url = f"https://{addresses(tight)['lb1']}/"
    told = tight.sh("app1", f"{slow} -w '%{{http_version}} %{{http_code}}' -H 'Host: {HOST}' {url}", check=False)
    assert told == "2 408"


def test_the_exempt_have_neither_limit(tight: Lab) -> None:
    got, _ended = hostile(tight, "", "flood", 2 * RATE, 9)
    assert got == {200: 2 * RATE}
    got, _ended = hostile(tight, "", "idle", 2 * EACH, 3)
    assert got == {"open": 2 * EACH}


@contextmanager
def user(lab: Lab, *protocols: str) -> Iterator[tuple[ssl.SSLSocket, BinaryIO]]:
    """One connection, of one of *protocols* where any are named, and what it says."""
    context = ssl.create_default_context(cafile=str(lab.ca_file))
    context.set_alpn_protocols(protocols)
    with (
        socket.create_connection((addresses(lab)["lb1"], 443), 20) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as connection,
        connection.makefile("rb") as reader,
    ):
        yield connection, reader


def head(reader: BinaryIO) -> str:
    """The answer's first line; the reader is then at its body."""
    first = reader.readline().decode()
    while reader.readline().strip():
        pass
    return first


def test_a_large_upload_takes_its_time(tight: Lab) -> None:
    """Its first buffer has come; the rest may take longer than a request's beginning."""
    first, piece = 20_000, 1_000
    with user(tight) as (connection, reader):
        length = first + (TIMEOUT + 2) * piece
        connection.sendall(f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {length}\r\n\r\n".encode())
        connection.sendall(b"x" * first)
        for _second in range(TIMEOUT + 2):
            time.sleep(1)
            connection.sendall(b"x" * piece)
        assert head(reader).startswith("HTTP/1.1 200")


def test_a_stream_goes_on(tight: Lab) -> None:
    with user(tight) as (connection, reader):
        connection.sendall(f"GET /stream HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        assert head(reader).startswith("HTTP/1.1 200")
        until = time.monotonic() + TIMEOUT + 2
        while time.monotonic() < until:
            assert reader.readline(), "the stream has ended"


def test_a_websocket_begins_at_once_and_may_be_silent(tight: Lab) -> None:
    with user(tight) as (connection, reader):
        began = time.monotonic()
        upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        connection.sendall(f"GET /echo HTTP/1.1\r\nHost: {HOST}\r\n{upgrade}{'A' * 22}==\r\n\r\n".encode())
        assert head(reader).startswith("HTTP/1.1 101")
        assert time.monotonic() - began < TIMEOUT
        time.sleep(TIMEOUT + 2)
        connection.sendall(b"still here\n")
        assert reader.readline() == b"still here\n"


def test_so_does_a_websocket_of_http2(tight: Lab) -> None:
    """Its request has no end (RFC 8441): whoever waited for a body would wait in vain."""
    names = {":method": "CONNECT", ":protocol": "websocket", ":scheme": "https", ":path": "/echo", ":authority": HOST}
    fields = b"".join(b"\0" + _text(name) + _text(value) for name, value in names.items())
    with user(tight, "h2") as (connection, reader):
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(SETTINGS) + _frame(HEADERS, fields, 4, 1))
        began = time.monotonic()
        assert _content(reader, HEADERS)[:1] == b"\x88", "status 200, in one byte"
        assert time.monotonic() - began < TIMEOUT
        time.sleep(TIMEOUT + 2)
        connection.sendall(_frame(DATA, b"still here", 0, 1))
        assert _content(reader, DATA) == b"still here"


def _text(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()


def _frame(kind: int, content: bytes = b"", flags: int = 0, stream: int = 0) -> bytes:
    return len(content).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + content


def _content(reader: BinaryIO, kind: int) -> bytes:
    """That of the next frame of its kind."""
    while True:
        start = reader.read(9)
        content = reader.read(int.from_bytes(start[:3]))
        if start[3] == kind:
            return content
