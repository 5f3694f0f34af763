# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every router says and refuses: the values and the errors of the router contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.results import enough
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

if TYPE_CHECKING:
    from .armed import Armed


class RouterError(Exception):
    """The router was not changed, or the message says exactly what is in doubt."""


class StaleFence(RouterError):
    """A write carried a fencing number below the one that this router has already seen."""


class UnexpectedSplit(RouterError):
    """The split found is none of those that the writer expected."""


class NotReady(RouterError):
    """A pool that is to get traffic has too few members that the router itself calls healthy."""


class UnknownPool(RouterError):
    """The router has no pool for a color of this service."""


class UnknownMember(RouterError):
    """The pool has no member of that name."""


class Unguarded(RouterError):
    """Nobody on this host would take users back: its guard does not answer, or is not the one that is needed."""


class TooLate(RouterError):
    """A confirmation, or a further step, that came after the deadline by which it was due."""


class OutOfTime(RouterError):
    """The moment at which the write was to happen is past, or too far ahead."""


@dataclass(frozen=True)
class Pool:
    """One color's endpoints, as the router sees them.

    ``members`` maps a member's name to the router's word for its state; ``healthy`` counts those that
    passed a health check since the router started; ``sessions`` counts requests and long-lived
    connections in progress.
    """

    healthy: int
    total: int
    sessions: int
    members: Mapping[str, str] = field(default_factory=dict)

    def ready(self, percent: float) -> bool:
        """Whether at least one and *percent* of the members are healthy."""
        return enough(self.healthy, self.total, percent)

    def as_dict(self) -> dict[str, Any]:
        return {
            "healthy": self.healthy,
            "total": self.total,
            "sessions": self.sessions,
            "members": dict(self.members),
        }


@dataclass(frozen=True)
class Member:
    """One endpoint, as the router sees it.

    ``passed`` is whether its last health check did, whether users may come or not; ``others`` counts the healthy
    members of its color without it.
    """

    passed: bool
    sessions: int
    state: str
    others: int


@dataclass(frozen=True)
class Observed:
    """What a router does now.

    ``split`` is in force; ``persisted`` is what a restart would bring (None where nothing is stored
    for the service). ``fence`` is the highest fencing number accepted so far, 0 before the first.
    """

    split: Split
    pools: Mapping[str, Pool]
    fence: int
    persisted: Split | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "split": self.split.as_dict(),
            "persisted": None if self.persisted is None else self.persisted.as_dict(),
            "pools": {color: pool.as_dict() for color, pool in self.pools.items()},
            "fence": self.fence,
        }


@dataclass(frozen=True)
class Written:
    """The outcome of a write: both splits, the fence it was made under, when it was sent and when it was answered.

    ``before`` is None when a break-glass write replaced something unreadable. ``sent_at`` (epoch
    seconds) is None when nothing was sent: there was nothing to change, or the run was a dry one. Users moved
    between then and ``answered_at``: how long a router that is short of processor time may take.
    ``since`` is when ``after`` came into force, by this write or by an earlier one; None where unknown.
    ``armed`` is what happens without a confirmation, None where ``after`` stays.
    """

    changed: bool
    before: Split | None
    after: Split
    at: float | None
    sent_at: float | None
    fence: int
    since: float | None = None
    armed: Armed | None = None
    answered_at: float | None = None
