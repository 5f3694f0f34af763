# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long CloudFront keeps an answer and what tells two answers apart, as strategies with a name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

YEAR = 31_536_000

#: In a list of names: all of them.
EVERY = "*"

#: The policies of AWS's own that are used. Addresses:
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html,
#: using-managed-origin-request-policies.html, using-managed-response-headers-policies.html
MANAGED = {
    "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "Managed-AllViewer": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    "Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    "Managed-HostHeaderOnly": "bf0718e1-ba1e-49d1-88b1-f726733018ae",
    "Managed-CORS-S3Origin": "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
    "Managed-SecurityHeadersPolicy": "67f7725c-6f97-4210-82d7-5512b31e9d03",
}


@dataclass(frozen=True)
class Strategy:
    """Seconds that an answer is kept, and what belongs to the key under which it is.

    ``ttl`` holds where the origin does not say; the origin's own Cache-Control counts between ``min_ttl`` and
    ``max_ttl``. With ``forward`` the origin gets all of the viewer's request, of any method; without, GET and HEAD with
    what is in the key alone.
    """

    ttl: int
    min_ttl: int = 0
    max_ttl: int = YEAR
    query_strings: frozenset[str] = frozenset()
    cookies: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()
    forward: bool = True

    def key(self) -> dict[str, Any]:
        """The properties of its cache policy."""
        return {name: value for name, value in asdict(self).items() if name != "forward"}

    @property
    def caches(self) -> bool:
        """Whether anything is ever kept."""
        return self.max_ttl > 0


#: Versioned files; pages, which are kept only as the origin says; and what is never kept.
BUILT_IN = {
    "assets": Strategy(ttl=YEAR, forward=False),
    "pages": Strategy(ttl=0, max_ttl=86_400, query_strings=frozenset([EVERY])),
    "api": Strategy(ttl=0, max_ttl=0),
}


def strategies(declared: Iterable[Mapping[str, Any]]) -> dict[str, Strategy]:
    """The built-in strategies and those that are *declared*, by name."""
    own = {
        one["name"]: Strategy(
            one["ttl"],
            one["min_ttl"],
            one["max_ttl"],
            frozenset(one["query_strings"]),
            frozenset(one["cookies"]),
            frozenset(one["headers"]),
            one["forward"],
        )
        for one in declared
    }
    return {**BUILT_IN, **own}


def wrong_with(name: str, strategy: Strategy) -> list[str]:
    """What is wrong with a declared strategy; empty when nothing is."""
    wrong = []
    if not 0 <= strategy.min_ttl <= strategy.ttl <= strategy.max_ttl <= YEAR:
        wrong.append(
            f"strategies.{name}: expected 0 <= min_ttl <= ttl <= max_ttl <= {YEAR} seconds,"
            f" but found {strategy.min_ttl}, {strategy.ttl} and {strategy.max_ttl}"
        )
    if EVERY in strategy.headers:
        wrong.append(f"strategies.{name}.headers: expected names, but found {EVERY!r}, which AWS does not allow here")
    return wrong
