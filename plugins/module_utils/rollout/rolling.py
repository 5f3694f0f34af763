# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The strategy for those who have no second pool: host by host, the new release takes the place of the old one.

Both colors are declared on the same hosts; a host runs one of them at a time. Of *n* hosts, one is out while the next
*n - 1* have the users: once *i* of them have the new release, it has *i / (n - 1)* of the users, and so each host has
as many as any other. The last host leaves when all users are on the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, floor
from typing import Any

from .plan import Plan, Step
from .split import other
from .steps import Declared, Hosts, Maker


def rolling(service: Declared, decision: Declared, hosts: Hosts) -> Plan:
    """For each host: drain, install, verify, shift, bake.

    As long as enough hosts have the old release, silence takes users back to it; from then on they stay where they are.
    Raises ValueError for hosts that this cannot be done with.
    """
    make = Maker(service, decision, hosts)
    members, healthy = hosts[decision["color"]], service["strategy"]["require_healthy"]
    if set(members) != set(hosts[decision["live_color"]]) or len(members) < 2:
        raise ValueError("service.strategy.type: rolling needs both colors on the same hosts, two at least")
    steps: list[Step] = []
    reached = 0
    for done, member in enumerate(members, start=1):
        left = len(members) - done
        mine = [make.drain(f"drain-{done}", member), make.install(f"install-{done}", member)]
        mine.append(make.verify(f"verify-{done}", member))
        mine = [replace(step, split=make.split(reached)) for step in mine]
        if left:
            reached = round(100 * done / (len(members) - 1))
            having = min(done, left) if reached < 100 else done
            shift = make.shift(
                f"shift-{done}",
                reached,
                f"{done} of {len(members)} hosts have the new release, {left} the old one, up on every load balancer",
            )
            mine.append(
                replace(
                    shift,
                    require_healthy=floor(healthy * having / len(members)),
                    require_old=floor(healthy * left / len(members)),
                )
            )
        mine.append(replace(make.bake(f"bake-{done}"), split=make.split(reached)))
        back = left >= enough(len(members), service["strategy"]["capacity"])
        steps += [replace(step, way_back=back) for step in mine]
    old = decision["previous"]
    return make.plan("rolling", (*steps, make.close(f"keep {old} on every host's disk")))


def enough(total: int, capacity: float) -> int:
    """How many of *total* hosts can carry all users, where *capacity* percent of them can; one at least."""
    return max(1, ceil(total * capacity / 100))


def to_restore(
    observed: Mapping[str, Mapping[str, Any]], hosts: Sequence[str], color: str, capacity: float
) -> Mapping[str, list[str]]:
    """How *color* comes back on those of *hosts* where any router that was *observed* does not see it up.

    ``first`` has to be there before users can go back to it, so that *capacity* percent of all hosts are; ``rest`` may
    follow once they have. Hosts without the other color come first: there, nobody loses anything.
    """
    there, others = (_up_everywhere(observed, one) for one in (color, other(color)))
    absent = sorted((host for host in hosts if host not in there), key=others.__contains__)
    first = max(0, enough(len(hosts), capacity) - (len(hosts) - len(absent)))
    return {"first": absent[:first], "rest": absent[first:]}


def _up_everywhere(observed: Mapping[str, Mapping[str, Any]], color: str) -> set[str]:
    seen = [answer["pools"][color]["members"] for answer in observed.values() if "pools" in answer]
    up = [{name for name, state in members.items() if str(state).startswith("UP")} for members in seen]
    return set.intersection(*up) if up else set()
