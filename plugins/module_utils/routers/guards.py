# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The refusals that every router shares, with their messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.lease import clock
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

from .armed import Armed
from .base import NotReady, OutOfTime, Pool, TooLate, UnexpectedSplit

LATEST = 0.5  # seconds after the agreed moment: a later write would leave the routers apart
FARTHEST = 60.0  # seconds ahead: what was validated now may not hold much longer


def expected(service: str, before: Split | None, split: Split, expect: Sequence[Split] | None) -> None:
    """Raises UnexpectedSplit unless *before* is one of *expect* (None: any), or already is *split*."""
    if expect is None or before == split or before in expect:
        return
    wanted = " or ".join(str(one) for one in expect) or "nothing"
    raise UnexpectedSplit(
        f"expected {service} at {wanted}, but found {before}. Nothing was changed."
        " Somebody else moved the traffic: read the journal, then run the playbook again; it starts from what it finds."
    )


def short_of(split: Split, pools: Mapping[str, Pool], percent: float) -> list[str]:
    """The colors that *split* gives traffic but that have too few healthy members for it."""
    return [color for color in split.colors() if not pools[color].ready(percent)]


def not_ready(service: str, color: str, pool: Pool, percent: float) -> NotReady:
    """The refusal to give *color* traffic, naming each member's state."""
    members = ", ".join(f"{name}: {state}" for name, state in pool.members.items()) or "it has no member"
    return NotReady(
        f"expected at least {percent:g} % of the {color} pool of {service} to be healthy, and one member at least,"
        f" but the router sees {pool.healthy} of {pool.total} ({members}). Nothing was changed."
        " Start the release there and let its readiness pass, then run again."
    )


def in_time(now: float, at: float | None) -> None:
    """Raises OutOfTime when the agreed moment *at* is past or far ahead; both are epoch seconds."""
    if at is None or -LATEST <= at - now <= FARTHEST:
        return
    found = f"{now - at:.1f} s ago" if at < now else f"{at - now:.0f} s ahead"
    raise OutOfTime(
        f"expected the agreed moment to be within {FARTHEST:.0f} s from now, but it is {found} by this host's clock."
        " Nothing was changed. Compare the clocks of controller and load balancers, or raise commit_delay."
    )


_GUARD = "the guard of this load balancer takes users back to {} (`systemctl status seamless-guard` where it has not)"


def still_due(service: str, split: Split, armed: Armed | None, moment: float, then: str = _GUARD) -> None:
    """Raises TooLate for a write at *moment* (epoch seconds) that the deadline of *armed* forestalls.

    Whether the guard has acted yet or not: the other load balancers' guards may have, and all must agree. Going back
    is never too late. *then* says who takes users back, and to what.
    """
    if armed is None or split == armed.back_to or moment < armed.deadline:
        return
    raise TooLate(
        f"expected rollout {armed.rollout} of {service} to be confirmed by {clock(armed.deadline)}, but this is"
        f" {moment - armed.deadline:.1f} s later. Nothing was changed: {then.format(armed.back_to)}."
        " Read the status, then deploy again."
    )


def deadline_ahead(now: float, deadline: float) -> None:
    """Raises OutOfTime for a deadline that is past before anything is armed; both are epoch seconds."""
    if deadline <= now:
        raise OutOfTime(
            f"expected a deadline that is still to come, but {clock(deadline)} was {now - deadline:.1f} s ago by this"
            " host's clock. Nothing was changed. Compare the clocks, or confirm sooner."
        )
