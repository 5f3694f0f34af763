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
import ipaddress
import itertools
import random
import time
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, web

from .forwarding import again, context, forwarded, headers, known, serve
from .meter import Meter

_COOKIE = "AWSALBTG"


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
        """Know what is in force."""
        told = await known(session, f"{self.emulator}/emulator/balancer/{self.name}")
        self.arn, self.healthy = told["arn"], told["healthy"]
        self.rules = told["listeners"].get(str(self.port), ())

    async def work(self, session: ClientSession) -> None:
        """Know it again and again, and tell CloudWatch."""
        await asyncio.gather(again(self.learn, session), self.meter.tell(lambda: self.arn))

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
        began = time.monotonic()

        def answered(answer: ClientResponse, response: web.StreamResponse) -> None:
            self.meter.answered(group, answer.status, time.monotonic() - began)
            if cookie:
                response.set_cookie(_COOKIE, cookie[0], max_age=cookie[1], path="/")

        try:
            return await forwarded(request, f"http://{address}:{port}{request.path_qs}", headers(request), answered)
        except ClientError:
            self.meter.failed()
            return web.Response(status=502)

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
    front = Front(asked.emulator, asked.name, asked.port, asked.period)
    asyncio.run(serve(asked.listen, context(asked.certificate), front.answer, front.work))


if __name__ == "__main__":
    main()
