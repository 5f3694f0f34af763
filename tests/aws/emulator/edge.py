# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where viewers arrive: forwards their requests as the emulator's CloudFront is told to at that moment.

    python -m emulator.edge http://127.0.0.1:5000 shop.example.com shop=127.0.0.1:8444 --listen 127.0.0.1:8443 \
        --certificate bundle.pem --authority ca.crt

Behaviors by path and method, what of a request the origin gets, origins with a path and headers of their own, and
continuous deployment by weight or header: what CloudFront does, as far as releases depend on it. The one origin that
can be reached is the load balancer (front.py), and nothing is kept here: each request is a miss.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import ssl
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, web

from .forwarding import Headers, again, context, forwarded, headers, known, serve

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"


class Edge:
    """The distribution with *alias*, in front of the load balancer of that name, which answers at *address*."""

    def __init__(self, emulator: str, alias: str, balancer: tuple[str, str], authority: str) -> None:
        self.emulator = emulator
        self.alias = alias
        self.balancer, self.address = balancer
        self.tls = ssl.create_default_context(cafile=authority)
        self.told: Mapping[str, Any] = {}

    async def learn(self, session: ClientSession) -> None:
        """Know what is in force."""
        self.told = await known(session, f"{self.emulator}/emulator/distribution/{self.alias}")

    async def work(self, session: ClientSession) -> None:
        """Know it again and again."""
        await again(self.learn, session)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """What a viewer gets."""
        config = self._serving(request)
        if config is None:
            return _own(403, "no distribution has this name")
        behavior = _behavior(config, request.path)
        if request.method not in behavior["AllowedMethods"]["Items"]:
            return _own(403, f"this distribution is not for {request.method}")
        origin = next(one for one in config["Origins"]["Items"] if one["Id"] == behavior["TargetOriginId"])
        if origin["DomainName"] != self.told["balancers"].get(self.balancer):
            return _own(502, f"nothing here answers for {origin['DomainName']}")
        whole = behavior.get("OriginRequestPolicyId") == _ALL_VIEWER
        path = origin.get("OriginPath", "") + (request.path_qs if whole else request.path)
        try:
            return await forwarded(
                request,
                f"https://{self.address}{path}",
                _sent(request, origin, whole),
                _missed,
                ssl=self.tls,
                server_hostname=request.host.partition(":")[0],
            )
        except ClientError:
            return _own(502, "the origin does not answer")

    def _serving(self, request: web.Request) -> Mapping[str, Any] | None:
        """The configuration that a request is served by.

        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-continuous-deployment.html
        """
        primary, traffic = self.told.get("config"), self.told.get("traffic")
        if traffic is None:
            return primary
        if traffic["Type"] == "SingleHeader":
            chosen = request.headers.get(traffic["SingleHeaderConfig"]["Header"])
            staged = chosen == traffic["SingleHeaderConfig"]["Value"]
        else:
            staged = random.random() < float(traffic["SingleWeightConfig"]["Weight"])
        found: Mapping[str, Any] | None = self.told["staging"] if staged else primary
        return found


def _behavior(config: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    behaviors = (config.get("CacheBehaviors") or {}).get("Items") or ()
    fits = (one for one in behaviors if fnmatchcase(path, "/" + one["PathPattern"].lstrip("/")))
    found: Mapping[str, Any] = next(fits, config["DefaultCacheBehavior"])
    return found


def _sent(request: web.Request, origin: Mapping[str, Any], whole: bool) -> Headers:
    """What the origin gets: all of the viewer's headers, or the host alone; and those that it declares besides."""
    own = {one["HeaderName"]: one["HeaderValue"] for one in (origin.get("CustomHeaders") or {}).get("Items") or ()}
    taken = {name.lower() for name in own}
    named = ("host", "upgrade", "x-forwarded-for", "x-forwarded-proto", "content-type")
    kept = ((name, value) for name, value in headers(request) if name.lower() not in taken)
    return [*((name, value) for name, value in kept if whole or name.lower() in named), *own.items()]


def _missed(_answer: ClientResponse, response: web.StreamResponse) -> None:
    response.headers["X-Cache"] = "Miss from cloudfront"


def _own(status: int, why: str) -> web.Response:
    return web.Response(status=status, text=f"{why}\n", headers={"X-Cache": "Error from cloudfront"})


def main() -> None:
    """Read the command line, and serve."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("emulator")
    parser.add_argument("alias")
    parser.add_argument("balancer", help="its name, and where it answers: NAME=ADDRESS:PORT")
    parser.add_argument("--listen", required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--authority", required=True, help="of the load balancer's certificate")
    asked = parser.parse_args()
    name, _, address = asked.balancer.partition("=")
    edge = Edge(asked.emulator, asked.alias, (name, address), asked.authority)
    asyncio.run(serve(asked.listen, context(asked.certificate), edge.answer, edge.work))


if __name__ == "__main__":
    main()
