# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request goes on to another server, and its answer comes back: what front.py and edge.py have in common."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector, WSMsgType, web

_POLL = 0.2
# Those of one connection, which end here (RFC 9110, 7.6.1), and the length, which is set anew.
_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-connection"}

Headers = list[tuple[str, str]]


def headers(request: web.Request) -> Headers:
    """What the next server is told of a request."""
    kept = [(key, value) for key, value in request.headers.items() if key.lower() not in _HOP]
    return [*kept, ("X-Forwarded-For", request.remote or ""), ("X-Forwarded-Proto", request.scheme)]


async def forwarded(
    request: web.Request,
    url: str,
    sent: Headers,
    answered: Callable[[ClientResponse, web.StreamResponse], None],
    **options: Any,
) -> web.StreamResponse:
    """The answer of *url*. *answered* is told of its beginning before the client is.

    *options* are of aiohttp's request. Raises ClientError without an answer.
    """
    if request.headers.get("Upgrade", "").lower() == "websocket":
        return await _websocket(request, url, sent, **options)
    body = request.content if request.can_read_body else None
    response = None
    try:
        async with request.app["session"].request(
            request.method, url, headers=sent, data=body, allow_redirects=False, **options
        ) as answer:
            response = web.StreamResponse(status=answer.status, reason=answer.reason)
            for key, value in answer.headers.items():
                if key.lower() not in _HOP:
                    response.headers.add(key, value)
            answered(answer, response)
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
            return response
    except ClientError:
        if response is None:
            raise
        if request.transport:
            request.transport.close()  # whoever gets half an answer has to see that
        return response


async def _websocket(request: web.Request, url: str, sent: Headers, **options: Any) -> web.StreamResponse:
    kept = [(key, value) for key, value in sent if not key.lower().startswith("sec-websocket")]
    async with request.app["session"].ws_connect(url, headers=kept, **options) as target:
        client = web.WebSocketResponse()
        await client.prepare(request)
        await asyncio.wait(
            [asyncio.create_task(_pump(client, target)), asyncio.create_task(_pump(target, client))],
            return_when=asyncio.FIRST_COMPLETED,
        )
        await client.close()
        return client


async def _pump(source: Any, sink: Any) -> None:
    async for message in source:
        if message.type is WSMsgType.TEXT:
            await sink.send_str(message.data)
        elif message.type is WSMsgType.BINARY:
            await sink.send_bytes(message.data)


async def known(session: ClientSession, url: str) -> Any:
    """What the emulator says is in force."""
    async with session.get(url) as answer:
        return await answer.json()


async def again(learn: Callable[[ClientSession], Awaitable[None]], session: ClientSession) -> None:
    """Learn it again and again; while the emulator does not answer, what it said last holds."""
    while True:
        with contextlib.suppress(ClientError, TimeoutError):
            await learn(session)
        await asyncio.sleep(_POLL)


def context(bundle: str | None) -> ssl.SSLContext | None:
    """For a listener with the certificate and the key in *bundle*."""
    if not bundle:
        return None
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(bundle)
    return tls


async def serve(
    listen: str,
    tls: ssl.SSLContext | None,
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
    *work: Callable[[ClientSession], Coroutine[Any, Any, None]],
) -> None:
    """Serve at *listen* (``address:port``), beside *work*, until this process is ended."""
    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/{path:.*}", answer)
    connector = TCPConnector(limit=0, keepalive_timeout=30)
    async with ClientSession(
        connector=connector, auto_decompress=False, timeout=ClientTimeout(total=None, connect=5)
    ) as session:
        app["session"] = session
        working = asyncio.gather(*(one(session) for one in work))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        address, _, port = listen.rpartition(":")
        await web.TCPSite(runner, address, int(port), ssl_context=tls).start()
        await working
