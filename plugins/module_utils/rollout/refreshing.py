# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The strategy ``rolling`` for those who have one Auto Scaling group: its instances are replaced, share by share.

The color stays, and no user is moved: the load balancer gives users to whatever instances are healthy. A share of them
is replaced and watched, then the next one. AWS knows no word for "go on" at a checkpoint, and goes on by itself when
its delay is over; so each share is a refresh of its own, which ends there.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from .plan import Plan, Step
from .steps import Declared, Hosts, Maker


def refreshing(service: Declared, decision: Declared, hosts: Hosts) -> Plan:
    """Install, then refresh and bake for each share; what users get is asked for once all instances are new."""
    make = Maker(service, decision, hosts)
    shares = service["strategy"]["refresh"]["checkpoints"]
    steps: list[Step] = [make.prepare()]
    for number, percent in enumerate(shares, start=1):
        steps.append(make.refresh(f"refresh-{number}", percent))
        if number == len(shares):
            steps.append(make.verify())
        steps.append(make.bake(f"bake-{number}"))
    steps.append(make.close(f"keep {decision['previous']} as a version of the launch template"))
    # No write of a load balancer undoes what a step does, so that none is armed to.
    return make.plan("rolling", tuple(replace(step, way_back=False) for step in steps), _promises(service, decision))


def goal(total: int, percent: float) -> int:
    """How many of *total* instances are new once *percent* of them have been replaced; one at least."""
    return min(total, max(1, ceil(total * percent / 100)))


def checkpoint(total: int, there: int, wanted: int) -> int:
    """The percentage to ask AWS for where *there* of *total* instances are new already and *wanted* are to be.

    AWS does not say whether instances that a refresh skips, because they are new, count towards its checkpoint. This
    counts none of them, and so leads to *wanted* at most, however AWS reads it (to within a percent of the group).
    """
    return max(1, 100 * (wanted - there) // total)


def _promises(service: Declared, decision: Declared) -> tuple[str, ...]:
    boots, within = service["runtime"]["start_deadline"], service["strategy"]["refresh"]["within"]
    return (
        (
            f"THE WAY BACK IS NOT ONE WRITE: to go back to {decision['previous']}, every instance that was replaced is"
            f" replaced again, which takes as long as instances boot ({boots:g} s each at most, {within:g} s in all);"
            " meanwhile users get what there is"
        ),
        (
            "silence means stop: where this run dies, the share that was begun is finished at most, and nothing is"
            " taken back" + (" unless an alarm says so" if service["strategy"]["refresh"]["alarms"] else "")
        ),
    )
