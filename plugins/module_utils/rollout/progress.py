# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a rollout is when it enters a phase, on one line: what a person reads who waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .plan import duration


def entered(plan: Mapping[str, Any], phase: str, probe: Mapping[str, Any]) -> str:
    """Which *phase* of *plan* begins, its users, how long it and the rest may take, and what the probe has met.

    *plan* is as ``Plan.as_dict`` gives it. *probe* has ``sent`` and ``failed`` requests, or neither where there is
    no probe. Raises ValueError for a phase that the plan does not have.
    """
    steps = plan["steps"]
    names = [step["phase"] for step in steps]
    if phase not in names:
        raise ValueError(f"expected one of the plan's phases ({', '.join(names)}), found {phase}")
    number = names.index(phase)
    step = steps[number]
    rest = sum(each["longest"] for each in steps[number:])
    said = [
        f"{number + 1} of {len(steps)}, {phase}: {_users(step, plan['color'])} on the new release",
        f"at most {duration(step['longest'])}" + (f", {duration(rest)} to the end" if rest > step["longest"] else ""),
    ]
    if isinstance(probe.get("sent"), int) and isinstance(probe.get("failed"), int):
        said.append(f"{probe['sent']:,} requests so far, {probe['failed']:,} failed")
    return "; ".join(said)


def _users(step: Mapping[str, Any], color: str) -> str:
    before, after = (step["found"] or step["split"])[color], step["split"][color]
    return f"{after} % of users" if before == after else f"{before} % -> {after} % of users"
