# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many users with cookies of their own, over few connections: each keeps what it is told, and sends it again."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

HOST = "shop.example.test"
_AT_ONCE = 50  # requests sent before the first answer is read: the connection is what would be slow
_PATIENCE = 20.0  # seconds


@dataclass(frozen=True)
class Answer:
    """What one user got; header names are in lower case, cookies as they were sent."""

    status: int
    headers: dict[str, str]
    set_cookies: tuple[str, ...]
    body: str

    @property
    def release(self) -> str:
        return self.headers.get("x-release", "")


@dataclass
class Browser:
    """One user: the cookies it keeps."""

    cookies: dict[str, str] = field(default_factory=dict)

    def request(self, path: str, more: str = "") -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line = f"Cookie: {cookies}\r\n" if cookies else ""
        return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{line}{more}\r\n".encode()

    def keep(self, answer: Answer) -> None:
        for cookie in answer.set_cookies:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value


def visit(
    addresses: Sequence[str], ca_file: Path, browsers: Sequence[Browser], path: str = "/", more: str = ""
) -> list[Answer]:
    """One request of each of *browsers*, in turn through each of *addresses*; *more* are header lines (with CRLF)."""
    parts = [list(browsers[number :: len(addresses)]) for number in range(len(addresses))]
    with ThreadPoolExecutor(len(addresses)) as threads:
        answered = threads.map(lambda address, part: list(_ask(address, ca_file, part, path, more)), addresses, parts)
        asked = [id(browser) for part in parts for browser in part]
        found = dict(zip(asked, (answer for part in answered for answer in part), strict=True))
    return [found[id(browser)] for browser in browsers]


def _ask(address: str, ca_file: Path, browsers: Sequence[Browser], path: str, more: str) -> Iterator[Answer]:
    context = ssl.create_default_context(cafile=str(ca_file))
    with (
        socket.create_connection((address, 443), _PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as connection,
        connection.makefile("rb") as reader,
    ):
        for begin in range(0, len(browsers), _AT_ONCE):
            some = browsers[begin : begin + _AT_ONCE]
            connection.sendall(b"".join(browser.request(path, more) for browser in some))
            for browser in some:
                answer = _read(reader)
                browser.keep(answer)
                yield answer


def _read(reader: BinaryIO) -> Answer:
    status = int(reader.readline().split()[1])
    headers: dict[str, str] = {}
    cookies = []
    while line := reader.readline().decode().rstrip("\r\n"):
        name, _colon, value = line.partition(": ")
        if name.lower() == "set-cookie":
            cookies.append(value)
        headers[name.lower()] = value
    return Answer(status, headers, tuple(cookies), reader.read(int(headers["content-length"])).decode())
