# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a campaign's declaration, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .agreement import at
from .campaign_table import CAMPAIGN
from .kinds import INVALID
from .problem import Problem, Where, nearest, shown
from .topology import Inventory, ledger_hosts

#: Above it CloudFront gives the other distribution everybody or nobody.
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-continuous-deployment.html
MOST_OF_CLOUDFRONT = 15


def checked_campaign(campaign: Any, inventory: Inventory) -> tuple[dict[str, Any], list[str], list[Problem]]:
    """The *campaign* with its defaults, the host of its ledger (a list of one), and every mistake at once."""
    problems: list[Problem] = []
    normalised = CAMPAIGN.check(campaign, ("campaign",), problems)
    if normalised is INVALID:
        return {}, [], problems
    stages = normalised.get("stages") or []
    problems.extend(_doubled(stages))
    for index, stage in enumerate(stages):
        problems.extend(_steps(index, stage))
    hosts = ledger_hosts(normalised, inventory)
    asked = at(normalised, "ledger", "host")
    if asked is not None and not hosts:
        where = ("campaign", "ledger", "host")
        problems.append(Problem(where, shown(asked), "a host of the inventory", nearest(asked, inventory.hosts)))
    return normalised, hosts, problems


def _doubled(stages: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Two stages of one name, or of one inventory: the second of those would find its release live already."""
    taken: dict[Any, int] = {}
    for index, stage in enumerate(stages):
        for what, value in (("name", stage.get("name")), ("rollout.inventory", at(stage, "rollout", "inventory"))):
            key = (what, str(value))
            if value is not None and key in taken:
                where: Where = ("campaign", "stages", index, *what.split("."))
                yield Problem(where, f"{shown(value)}, as in stages[{taken[key]}]", "another one in each stage")
            taken.setdefault(key, index)


def _steps(index: int, stage: Mapping[str, Any]) -> Iterator[Problem]:
    steps = stage.get("steps")
    if not steps:
        return
    where = ("campaign", "stages", index, "steps")
    if list(steps) != sorted(set(steps)) or steps[-1] != 100:
        yield Problem(where, ", ".join(map(str, steps)), "percentages that grow, the last one 100")
    if at(stage, "router", "type") == "cloudfront" and any(MOST_OF_CLOUDFRONT < step < 100 for step in steps):
        hint = "CloudFront gives the other distribution no more than that, or everybody"
        yield Problem(where, ", ".join(map(str, steps)), f"at most {MOST_OF_CLOUDFRONT}, and then 100", hint)
