# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where users arrive: forwards their requests as the emulator's load balancer is told to at that moment.

    python -m emulator.front http://127.0.0.1:5000 shop 443 --listen 127.0.0.1:8443 --certificate bundle.pem

Rules by path, host, header and source, weights, stickiness by cookie, redirects and fixed answers, streams and
websockets, metrics: what an application load balancer does, as far as releases depend on it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ipaddress
import itertools
import random
import ssl
import time
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, WSMsgType, web

from .meter import Meter

_POLL = 0.2
_COOKIE = "AWSALBTG"
# Those of one connection, which end here (RFC 9110, 7.6.1), and the length, which is set anew.
_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-connection"}


class Front:
    """The listener *port* of the load balancer *name*."""

    def __init__(self, emulator: str, name: str, port: int, period: int) -> None:
        self.emulator = emulator
        self.name = name
        self.port = port
        self.meter = Meter(emulator, period)
        self.arn = ""
        self.rules: Sequence[Mapping[str, Any]] = ()
        self.healthy: Mapping[str, Sequence[Sequence[Any]]] = {}
        self._turns = itertools.count()

    async def learn(self, session: ClientSession) -> None:
        """Know what is in force, again and again."""
        while True:
            with contextlib.suppress(ClientError, TimeoutError):
                async with session.get(f"{self.emulator}/emulator/balancer/{self.name}") as answer:
                    known = await answer.json()
                    self.arn = known["arn"]
                    self.rules = known["listeners"].get(str(self.port), ())
                    self.healthy = known["healthy"]
            await asyncio.sleep(_POLL)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """What a client gets."""
        rule = next((rule for rule in self.rules if all(_meets(request, one) for one in rule["conditions"])), None)
        if rule is None:
            return web.Response(status=503)
        action = rule["action"]
        if action["Type"] == "redirect":
            return web.Response(status=301, headers={"Location": f"https://{request.host}{request.path_qs}"})
        if action["Type"] == "fixed-response":
            config = action["FixedResponseConfig"]
            return web.Response(status=int(config["StatusCode"]), text=config.get("MessageBody", ""))
        group, cookie = self._group(request, action)
        targets = self.healthy.get(group, ())
        if not targets:
            self.meter.failed()
            return web.Response(status=503)
        self.meter.asked(group)
        address, port = targets[next(self._turns) % len(targets)]
        url = f"http://{address}:{port}{request.path_qs}"
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._websocket(request, url)
        return await self._forwarded(request, url, group, cookie)

    def _group(self, request: web.Request, action: Mapping[str, Any]) -> tuple[str, tuple[str, int] | None]:
        """The target group for a request, and the cookie to set, if any: its value, and how long it lasts."""
        config = action.get("ForwardConfig") or {"TargetGroups": [{"TargetGroupArn": action["TargetGroupArn"]}]}
        weights = {one["TargetGroupArn"]: int(one.get("Weight", 1)) for one in config["TargetGroups"]}
        live = {arn: weight for arn, weight in weights.items() if weight}
        if not live:
            return "", None
        sticky = config.get("TargetGroupStickinessConfig") or {}
        enabled = str(sticky.get("Enabled")).lower() == "true"
        stayed = request.cookies.get(_COOKIE, "").replace("!", ":").replace("*", "/")
        if enabled and stayed in live:
            return stayed, None
        chosen = random.choices(list(live), list(live.values()))[0]
        if not enabled:
            return chosen, None
        return chosen, (chosen.replace(":", "!").replace("/", "*"), int(sticky.get("DurationSeconds", 86400)))

    async def _forwarded(
        self, request: web.Request, url: str, group: str, cookie: tuple[str, int] | None
    ) -> web.StreamResponse:
        body = request.content if request.can_read_body else None
        began, response = time.monotonic(), None
        try:
            async with request.app["session"].request(
                request.method, url, headers=_headers(request), data=body, allow_redirects=False
            ) as answer:
                self.meter.answered(group, answer.status, time.monotonic() - began)
                response = web.StreamResponse(status=answer.status, reason=answer.reason)
                for key, value in answer.headers.items():
                    if key.lower() not in _HOP:
                        response.headers.add(key, value)
                if cookie:
                    response.set_cookie(_COOKIE, cookie[0], max_age=cookie[1], path="/")
                await response.prepare(request)
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
                await response.write_eof()
                return response
        except ClientError:
            if response is None:
                self.meter.failed()
                return web.Response(status=502)
            if request.transport:
                request.transport.close()  # whoever gets half an answer has to see that
            return response

    async def _websocket(self, request: web.Request, url: str) -> web.StreamResponse:
        kept = {key: value for key, value in _headers(request) if not key.lower().startswith("sec-websocket")}
        try:
            async with request.app["session"].ws_connect(url, headers=kept) as target:
                client = web.WebSocketResponse()
                await client.prepare(request)
                await asyncio.wait(
                    [asyncio.create_task(_pump(client, target)), asyncio.create_task(_pump(target, client))],
                    return_when=asyncio.FIRST_COMPLETED,
                )
                await client.close()
                return client
        except ClientError:
            self.meter.failed()
            return web.Response(status=502)


def _meets(request: web.Request, condition: Mapping[str, Any]) -> bool:
    field = condition["Field"]
    if field == "path-pattern":
        return any(fnmatchcase(request.path, one) for one in condition["PathPatternConfig"]["Values"])
    if field == "host-header":
        return any(fnmatchcase(request.host, one) for one in condition["HostHeaderConfig"]["Values"])
    if field == "source-ip":
        source = ipaddress.ip_address(request.remote or "0.0.0.0")
        return any(source in ipaddress.ip_network(one) for one in condition["SourceIpConfig"]["Values"])
    if field == "http-header":
        config = condition["HttpHeaderConfig"]
        found = request.headers.get(config["HttpHeaderName"], "")
        return any(fnmatchcase(found, one) for one in config["Values"])
    return False


def _headers(request: web.Request) -> list[tuple[str, str]]:
    kept = [(key, value) for key, value in request.headers.items() if key.lower() not in _HOP]
    return [*kept, ("X-Forwarded-For", request.remote or ""), ("X-Forwarded-Proto", request.scheme)]


async def _pump(source: Any, sink: Any) -> None:
    async for message in source:
        if message.type is WSMsgType.TEXT:
            await sink.send_str(message.data)
        elif message.type is WSMsgType.BINARY:
            await sink.send_bytes(message.data)


async def serve(front: Front, address: str, port: int, tls: ssl.SSLContext | None) -> None:
    """Serve until this process is ended."""
    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/{path:.*}", front.answer)
    connector = TCPConnector(limit=0, keepalive_timeout=30)
    async with ClientSession(
        connector=connector, auto_decompress=False, timeout=ClientTimeout(total=None, connect=5)
    ) as session:
        app["session"] = session
        working = asyncio.gather(front.learn(session), front.meter.tell(lambda: front.arn))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, address, port, ssl_context=tls).start()
        await working


def main() -> None:
    """Read the command line, and serve."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("emulator")
    parser.add_argument("name")
    parser.add_argument("port", type=int)
    parser.add_argument("--listen", required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--period", type=int, default=60, help="of the metrics, in seconds")
    asked = parser.parse_args()
    tls = None
    if asked.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(asked.certificate)
    address, _, port = asked.listen.rpartition(":")
    front = Front(asked.emulator, asked.name, asked.port, asked.period)
    asyncio.run(serve(front, address, int(port), tls))


if __name__ == "__main__":
    main()
