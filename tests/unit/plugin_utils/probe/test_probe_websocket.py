# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames and handshake, against the examples in RFC 6455."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe import websocket


def test_accept_is_the_rfcs():
    assert websocket.accept(b"dGhlIHNhbXBsZSBub25jZQ==") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_keys_are_fresh_and_16_bytes():
    first, second = websocket.new_key(), websocket.new_key()
    assert first != second
    assert len(base64.b64decode(first)) == 16


@given(st.binary(max_size=125))
def test_our_frames_are_final_and_masked(payload: bytes):
    frame = websocket.frame(websocket.PING, payload)
    assert frame[0] == 0x89
    assert frame[1] == 0x80 | len(payload)
    assert bytes(byte ^ frame[2 + i % 4] for i, byte in enumerate(frame[6:])) == payload


def test_control_frames_are_short():
    with pytest.raises(ValueError, match="125"):
        websocket.frame(websocket.PING, b"x" * 126)


def test_close_codes():
    assert websocket.close_code(b"") == websocket.NO_CODE
    assert websocket.close_code(b"\x03\xe9bye") == websocket.GOING_AWAY
    assert websocket.close_frame()[:2] == b"\x88\x82"


def server_frame(opcode: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65536:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big") + payload


@given(st.lists(st.sampled_from([0, 3, 125, 126, 300, 65535, 65536]), max_size=4), st.integers(1, 5000))
def test_frames_in_any_pieces(sizes: list[int], step: int):
    sent = [(1 + i % 2, bytes([i]) * size) for i, size in enumerate(sizes)]
    data = b"".join(server_frame(opcode, payload) for opcode, payload in sent)
    frames = websocket.Frames()
    got = [found for start in range(0, len(data), step) for found in frames.feed(data[start : start + step])]
    assert got == sent


@pytest.mark.parametrize(
    "data",
    [b"\x81\x80abcd", b"\xc1\x00", b"\x82\x7f" + (websocket.MAX_FRAME + 1).to_bytes(8, "big")],
)
def test_what_a_server_may_not_send(data: bytes):
    with pytest.raises(websocket.BadFrame):
        list(websocket.Frames().feed(data))


def test_a_split_length_is_waited_for():
    frames = websocket.Frames()
    assert list(frames.feed(b"\x82\x7e\x01")) == []
    assert list(frames.feed(b"\x00" + b"x" * 256)) == [(2, b"x" * 256)]
