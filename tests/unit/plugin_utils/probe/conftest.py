# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real TLS server that misbehaves on request, and an authority that signed its certificate."""

from __future__ import annotations

import asyncio
import base64
import datetime
import hashlib
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "shop.example.test"

# A shared machine may stop us for longer than Hypothesis allows one example by default; that is no finding.
hypothesis.settings.register_profile("probe", deadline=None, max_examples=60)
hypothesis.settings.load_profile("probe")


class Server:
    """Answers by path. `requests` counts, `dropped` counts connections ended without an answer, `seen` has heads."""

    def __init__(self) -> None:
        self.requests = 0
        self.dropped = 0
        self.connections = 0
        self.seen: list[str] = []
        self.open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self.release = "1.0.0-aaaaaaaa"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open[asyncio.current_task()] = writer
        number = 0
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                number += 1
                length = [line for line in head.split("\r\n") if line.lower().startswith("content-length")]
                if length:
                    await reader.readexactly(int(length[0].split(":")[1]))
                self.requests += 1
                self.seen.append(head)
                if not await self._answer(head, number, reader, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: str, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        path = head.split(" ")[1]
        common = f"X-Release: {self.release}\r\n"

        async def say(status: str, extra: str = "Content-Length: 2\r\n", body: bytes = b"ok") -> None:
            writer.write(f"HTTP/1.1 {status}\r\n{common}{extra}\r\n".encode() + body)
            await writer.drain()

        match path:
            case "/drops":
                if self.requests % 100 == 0:
                    self.dropped += 1
                    return False
                await say("200 OK")
            case "/rude":
                if number > 1:
                    return False
                await say("200 OK")
            case "/closes":
                await say("200 OK")
                return False
            case "/bye":
                await say("200 OK", "Connection: close\r\nContent-Length: 2\r\n")
                return False
            case "/500":
                await say("500 Oops")
            case "/404":
                await say("404 Not Found")
            case "/truncated":
                await say("200 OK", "Content-Length: 100\r\n")
                return False
            case "/chatty":
                await say("200 OK")
                writer.write(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
            case "/garbage":
                writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
            case "/hang":
                await asyncio.sleep(30)
            case "/slow":
                await asyncio.sleep(0.2)
                await say("200 OK")
            case "/stream" | "/stream/broken" | "/stream/silent":
                await say("200 OK", "Transfer-Encoding: chunked\r\n", b"5\r\nfirst\r\n")
                if path == "/stream/silent":
                    await asyncio.sleep(30)
                for _tick in range(3 if path == "/stream/broken" else 1000):
                    await asyncio.sleep(0.02)
                    writer.write(b"4\r\ntick\r\n")
                    await writer.drain()
                return False
            case "/stream/ends":
                await say("200 OK", "Transfer-Encoding: chunked\r\n", b"5\r\nfirst\r\n0\r\n\r\n")
            case "/ws" | "/ws/1001" | "/ws/drop" | "/ws/wrong":
                await self._websocket(path, head, reader, writer)
                return False
            case _:
                await say("200 OK")
        return True

    async def _websocket(
        self, path: str, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        key = next(line.split(": ")[1] for line in head.split("\r\n") if line.startswith("Sec-WebSocket-Key"))
        digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        accept = "wrong" if path == "/ws/wrong" else base64.b64encode(digest).decode()
        writer.write(
            f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"X-Release: {self.release}\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode()
            + b"\x89\x02hi"
        )
        if path == "/ws/1001":
            writer.write(b"\x88\x02" + (1001).to_bytes(2, "big"))
        elif path != "/ws/drop":
            while True:
                first, second = await reader.readexactly(2)
                mask = await reader.readexactly(4)
                payload = bytes(b ^ mask[i % 4] for i, b in enumerate(await reader.readexactly(second & 0x7F)))
                self.seen.append(f"frame {first & 15} {payload!r}")
                if first & 15 == 9:
                    writer.write(bytes((0x8A, len(payload))) + payload)
                if first & 15 == 8:
                    writer.write(bytes((0x88, len(payload))) + payload)
                    break
        await writer.drain()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with ca.pem and server.pem (certificate and key).

    With all that RFC 5280 asks of them: from Python 3.13 on, a client refuses what lacks any of it.
    """
    directory = tmp_path_factory.mktemp("authority")
    now = datetime.datetime.now(datetime.UTC)

    def certificate(subject: str, key: Any, issuer: str, signer: Any, *extensions: Any) -> bytes:
        builder = x509.CertificateBuilder(
            issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]),
            subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]),
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - datetime.timedelta(hours=1),
            not_valid_after=now + datetime.timedelta(hours=1),
        )
        own, issuing = (x509.SubjectKeyIdentifier.from_public_key(one.public_key()) for one in (key, signer))
        known = (own, x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuing))
        for extension in (*extensions, *known):
            builder = builder.add_extension(
                extension, critical=isinstance(extension, (x509.BasicConstraints, x509.KeyUsage))
            )
        return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    signs = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    (directory / "ca.pem").write_bytes(
        certificate("test authority", ca_key, "test authority", ca_key, x509.BasicConstraints(True, None), signs)
    )
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    (directory / "server.pem").write_bytes(
        certificate(NAME, key, "test authority", ca_key, names)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return directory


@pytest.fixture
def serving(authority: Path) -> Callable[..., Any]:
    """`async with serving() as (server, port)`."""

    @asynccontextmanager
    async def start(tls: bool = True) -> AsyncIterator[tuple[Server, int]]:
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(authority / "server.pem")
        server = Server()
        listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context, backlog=512)
        try:
            yield server, listener.sockets[0].getsockname()[1]
        finally:
            listener.close()
            for task, writer in server.open.items():
                task.cancel()
                writer.transport.abort()
            await asyncio.gather(*server.open, return_exceptions=True)
            await asyncio.sleep(0.01)  # for the transports to end before the loop does

    return start


@pytest.fixture
def settings(authority: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """A usable configuration for a port, with changes."""

    def make(port: int = 1, **changes: Any) -> dict[str, Any]:
        return {
            "service": "storefront",
            "address": "127.0.0.1",
            "port": port,
            "server_name": NAME,
            "ca_file": str(authority / "ca.pem"),
            "cookie": "sid",
            "rows": str(tmp_path / "rows.csv"),
            "status": str(tmp_path / "status.json"),
        } | changes

    return make
