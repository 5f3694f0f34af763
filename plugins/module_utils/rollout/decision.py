# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run does first: read the journal and the routers, and say how to go on. It never guesses.

The inputs are facts (the journal's history, the split that each load balancer reports); the result is
one of a handful of decisions with the sentence that an operator reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from .history import History, Rollout
from .lease import clock
from .split import Split, other


class Disagreement(Exception):
    """Journal and reality cannot both be right; the message names both and says how to go on."""


@dataclass(frozen=True)
class Decision:
    """How to go on with a release.

    ``action`` is ``start`` (open a new rollout), ``resume`` (go on with ``rollout`` at ``phase``),
    ``go_back`` (finish the rollback of ``rollout``) or ``nothing`` (it is live already). ``abandon`` is an
    open rollout that never touched traffic, to be closed first.
    """

    action: str
    message: str
    color: str
    live_color: str
    release: str
    previous: str | None
    rollout: str | None = None
    phase: str | None = None
    abandon: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The decision for templates."""
        return asdict(self)


def decide(history: History, splits: Mapping[str, Split], release: str, in_place: bool = False) -> Decision:
    """How to bring *release* to the users, given the *history* and each router's present split by its host.

    With *in_place* a new release replaces the one that is live on the live color itself, but for the first of all.

    Raises Disagreement when the routers differ without a rollout that explains it, when they do not
    show what the journal says is live, or when another release's rollout has already moved users.
    """
    current = history.current
    if current is not None and (current.rollback_reason is not None or current.kind == "rollback"):
        return _going_back(current)
    if current is not None and current.release == release:
        return _resumed(current, splits)
    if current is not None and current.traffic_touched:
        raise Disagreement(
            f"rollout {current.id} of release {current.release} is still open since {clock(current.opened_at)} and has"
            f" moved users. Deploy {current.release} again to finish it, or run rollback.yml; then deploy {release}"
        )
    live = live_color(history, splits)
    decision = _fresh(history, live, release, in_place)
    if current is None:
        return decision
    return Decision(
        **{
            **decision.as_dict(),
            "abandon": current.id,
            "message": f"rollout {current.id} of {current.release} ended before it touched any traffic and is closed as"
            f" abandoned; {decision.message}",
        }
    )


def live_color(history: History, splits: Mapping[str, Split]) -> str:
    """The color that has all the traffic on every router, checked against the journal. Raises Disagreement."""
    if not splits:
        raise Disagreement("no router answered: check that the router's group has hosts and that they can be reached")
    distinct = set(splits.values())
    if len(distinct) > 1:
        said = "; ".join(f"{host}: {split}" for host, split in sorted(splits.items()))
        raise Disagreement(
            f"the load balancers disagree and no open rollout explains it ({said})."
            " Run converge.yml to drive them to one split, then deploy again"
        )
    (split,) = distinct
    live = split.live()
    if live is None:
        raise Disagreement(
            f"the load balancers show {split}, and no open rollout explains it."
            " Run converge.yml with -e converge_to=blue or green, then deploy again"
        )
    if history.live_color is not None and history.live_color != live:
        raise Disagreement(
            f"the journal says that {history.live_color} is live ({history.live_release}), but the load balancers send"
            f" all traffic to {live}. Somebody moved it by hand or the ledger is an old copy: run status.yml, then"
            f" converge.yml with -e converge_to={history.live_color} (as journaled) or -e converge_to={live} (as it is)"
        )
    return live


def _fresh(history: History, live: str, release: str, in_place: bool) -> Decision:
    if history.live_release == release:
        return Decision(
            action="nothing",
            message=f"release {release} is live in {live} already: nothing to change",
            color=live,
            live_color=live,
            release=release,
            previous=history.live_release,
        )
    color = other(live)
    if not history.live_release:
        message = f"release {release} goes to {color}, as the first release"
    elif in_place:
        color = live
        message = f"release {release} replaces {history.live_release} in {live}, where its users are"
    else:
        message = f"release {release} goes to {color}, while {history.live_release} stays live in {live}"
    return Decision(
        action="start",
        message=message,
        color=color,
        live_color=live,
        release=release,
        previous=history.live_release,
    )


def _going_back(rollout: Rollout) -> Decision:
    """Users end where the rollback was taking them, which for a finished rollout that is undone is ``color``."""
    back, release = rollout.back_to
    why = f" ({rollout.rollback_reason})" if rollout.rollback_reason else ""
    decision = _decision("go_back", rollout, f"rollout {rollout.id} was being rolled back{why}")
    return replace(decision, color=back if rollout.in_place else other(back), live_color=back, previous=release)


def _resumed(rollout: Rollout, splits: Mapping[str, Split]) -> Decision:
    # A shift that was done is not repeated: a router that lost it would be drained of users that it still serves.
    expected = rollout.splits()
    for host, split in sorted(splits.items()):
        if split not in expected:
            raise Disagreement(
                f"{host} shows {split}, which rollout {rollout.id} never asked for (its journal stands at"
                f" {rollout.next_phase or 'the end'}). Run rollback.yml, which drives every load balancer to one split"
            )
    return _decision(
        "resume", rollout, f"rollout {rollout.id} was interrupted; it goes on at {rollout.next_phase or 'its end'}"
    )


def _decision(action: str, rollout: Rollout, message: str) -> Decision:
    return Decision(
        action=action,
        message=message,
        color=rollout.color,
        live_color=rollout.live_color,
        release=rollout.release,
        previous=rollout.previous,
        rollout=rollout.id,
        phase=rollout.next_phase,
    )
