# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which color a distribution serves: what its origins have in their paths and headers. Pure.

``{color}`` in a declared origin stands for the color that a distribution serves at the time, which belongs to rollouts:
``/releases/{color}`` is ``/releases/blue`` on one distribution and ``/releases/green`` on the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...rollout.split import COLORS

PLACE = "{color}"


def generic(text: str) -> str:
    """A path or header with :data:`PLACE` for whichever color it names."""
    return "/".join(PLACE if part in COLORS else part for part in text.split("/"))


def colored(text: str, color: str) -> str:
    """The same with *color* in its place."""
    return generic(text).replace(PLACE, color)


def color_of(config: Mapping[str, Any]) -> str | None:
    """The color that a ``DistributionConfig`` serves; None where none of its origins names one."""
    for text in _texts(config):
        for part in text.split("/"):
            if part in COLORS:
                return part
    return None


def recolored(config: Mapping[str, Any], color: str) -> dict[str, Any]:
    """The same ``DistributionConfig``, serving *color*."""
    origins = [_recolored(origin, color) for origin in config["Origins"]["Items"]]
    return {**config, "Origins": {**config["Origins"], "Items": origins}}


def _recolored(origin: Mapping[str, Any], color: str) -> dict[str, Any]:
    headers = origin.get("CustomHeaders", {})
    told = [{**one, "HeaderValue": colored(one["HeaderValue"], color)} for one in headers.get("Items", ())]
    return {
        **origin,
        "OriginPath": colored(origin.get("OriginPath", ""), color),
        "CustomHeaders": {**headers, **({"Items": told} if told else {})},
    }


def _texts(config: Mapping[str, Any]) -> Iterator[str]:
    for origin in config.get("Origins", {}).get("Items", ()):
        yield origin.get("OriginPath", "")
        for header in origin.get("CustomHeaders", {}).get("Items", ()):
            yield header["HeaderValue"]
