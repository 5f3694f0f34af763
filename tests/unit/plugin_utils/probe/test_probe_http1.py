# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The response parser: whole, in pieces, and wrong."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.http1 import MAX_HEAD, BadResponse, Response

SIZED = b"HTTP/1.1 200 OK\r\nX-Release: 2.0.0-1a2b3c4d\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nx-release: 2.0.0-1a2b3c4d\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n"
)


def parsed(data: bytes) -> Response:
    response = Response()
    response.feed(data)
    return response


@given(st.sampled_from([SIZED, CHUNKED]), st.lists(st.integers(0, 200)))
def test_cutting_the_bytes_anywhere_changes_nothing(whole: bytes, cuts: list[int]):
    response = Response()
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    for start, end in itertools.pairwise(edges):
        assert not response.complete or start == len(whole)
        response.feed(whole[start:end])
    assert (response.status, response.release, response.complete, response.keep_alive, response.tail) == (
        200,
        "2.0.0-1a2b3c4d",
        True,
        True,
        b"",
    )


@pytest.mark.parametrize("length", range(1, len(SIZED)))
def test_a_part_is_not_the_whole(length: int):
    response = parsed(SIZED[:length])
    assert response.received
    assert not response.eof()


@pytest.mark.parametrize("length", range(1, len(CHUNKED)))
def test_a_part_of_the_chunks_is_not_the_whole(length: int):
    assert not parsed(CHUNKED[:length]).eof()


@pytest.mark.parametrize(
    ("head", "keep_alive"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive", True),
        (b"HTTP/1.1 204 No Content", True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10", True),
    ],
)
def test_whether_the_connection_lasts(head: bytes, keep_alive: bool):
    response = parsed(head + b"\r\n\r\n")
    assert response.complete
    assert response.keep_alive is keep_alive
    assert response.release == ""


def test_a_body_may_end_with_the_connection():
    response = parsed(b"HTTP/1.1 200 OK\r\n\r\nsome")
    response.feed(b"more")
    assert not response.complete
    assert response.eof() and response.complete and not response.keep_alive


def test_what_follows_is_kept():
    response = parsed(b"HTTP/1.1 101 Switching Protocols\r\n\r\nframe")
    response.feed(b"s")
    assert response.complete
    assert response.tail == b"frames"


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nName : x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * (MAX_HEAD + 1),
        b"x" * (MAX_HEAD + 1),
    ],
)
def test_what_is_not_http_is_refused(data: bytes):
    with pytest.raises(BadResponse):
        parsed(data)


def test_the_same_length_twice_is_fine():
    assert parsed(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n").complete


def test_a_chunk_must_end_where_it_says():
    with pytest.raises(BadResponse):
        parsed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabXX0\r\n\r\n")
