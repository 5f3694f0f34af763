# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lease: the right to change one service's traffic, held by one operator at a time.

Its fencing number only ever grows. Whoever was overtaken still holds a lower number, and a router's
host refuses that one, however late the write arrives (Kleppmann, "How to do distributed locking").

Pure: the time comes in as ``now`` (epoch seconds), the store is a ledger's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from typing import Any


class LeaseError(Exception):
    """The lease was not given or is no longer valid; the message says who holds it and what to do."""


@dataclass(frozen=True)
class Lease:
    """One service's lease as the ledger keeps it; released leases stay, for their fencing number.

    ``fence`` counts acquisitions; ``acquired_at``, ``expires_at`` and ``released_at`` are epoch seconds.
    ``doing`` is what its holder last said of what it is at, for people.
    """

    fence: int
    holder: Mapping[str, Any]
    acquired_at: float
    expires_at: float
    released_at: float | None = None
    doing: str = ""

    def held(self, now: float) -> bool:
        """Whether somebody has it: neither given back nor run out."""
        return self.released_at is None and now < self.expires_at

    def as_dict(self) -> dict[str, Any]:
        """The lease as JSON carries it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Lease:
        """The inverse of :meth:`as_dict`; raises TypeError or KeyError for anything else."""
        return cls(
            fence=int(value["fence"]),
            holder=dict(value["holder"]),
            acquired_at=float(value["acquired_at"]),
            expires_at=float(value["expires_at"]),
            released_at=None if value.get("released_at") is None else float(value["released_at"]),
            doing=str(value.get("doing") or ""),
        )


def acquire(
    current: Lease | None,
    holder: Mapping[str, Any],
    now: float,
    ttl: float,
    *,
    takeover: str | None = None,
    takeover_fence: int | None = None,
    floor: int = 0,
) -> Lease:
    """The lease for *holder* until ``now + ttl`` seconds, with a fencing number above all before.

    The holder of a valid lease gets it again with the same number, unless a router has seen a higher
    one. Somebody else's valid lease is taken only with a *takeover* reason and, where *takeover_fence*
    is given, only while that is still its number. *floor* is the highest number that any router has
    seen: after the loss of a ledger the next one still starts above it. Raises LeaseError.
    """
    if ttl <= 0:
        raise ValueError(f"lease: expected a time to live above 0 seconds, but found {ttl}")
    if current is not None and current.held(now):
        if current.holder == holder and current.fence >= floor:
            return replace(current, expires_at=now + ttl)
        if current.holder != holder and not takeover:
            raise LeaseError(f"{described(current, now)}. {HOW_TO_TAKE_OVER}")
        if takeover_fence is not None and current.fence != takeover_fence:
            raise LeaseError(
                f"the lease changed hands meanwhile (fence {takeover_fence} was expected, found {current.fence}):"
                f" {described(current, now)}. {HOW_TO_TAKE_OVER}"
            )
    fence = max(0 if current is None else current.fence, floor) + 1
    return Lease(fence=fence, holder=dict(holder), acquired_at=now, expires_at=now + ttl)


def renew(current: Lease | None, fence: int, now: float, ttl: float, doing: str = "") -> Lease:
    """The lease prolonged until ``now + ttl`` seconds, never shortened. Raises LeaseError when it was lost.

    A lease that ran out but that nobody else took is still good: its fencing number is the highest.
    """
    lease = check(current, fence, now)
    return replace(lease, expires_at=max(lease.expires_at, now + ttl), doing=doing)


def release(current: Lease | None, fence: int, now: float) -> Lease:
    """The lease given back at *now*; its number stays on record. Raises LeaseError when it was lost.

    Giving it back twice changes nothing: a run that did not hear the first answer asks again.
    """
    if current is not None and current.fence == fence and current.released_at is not None:
        return current
    return replace(check(current, fence, now), released_at=now)


def check(current: Lease | None, fence: int, now: float) -> Lease:
    """*current*, when it has this fencing number and was not given back. Raises LeaseError otherwise."""
    if current is None:
        raise LeaseError(f"nobody has acquired the lease, yet fence {fence} is in use: acquire it first")
    if current.fence != fence:
        raise LeaseError(
            f"fence {fence} was overtaken by fence {current.fence}: {described(current, now)}."
            " This run must not change anything any more"
        )
    if current.released_at is not None:
        raise LeaseError(f"fence {fence} was given back at {clock(current.released_at)}: acquire the lease again")
    return current


HOW_TO_TAKE_OVER = (
    "Wait for it to end, or, when you know that run to be dead or wrong, take the lease over with"
    ' -e \'{"rollout_takeover": "<your reason>"}\'; its later writes will be refused'
)


def described(lease: Lease, now: float) -> str:
    """Who holds the lease, or had it, since when and until when, in a sentence without its full stop."""
    name = lease.holder.get("name", "somebody")
    host = lease.holder.get("host", "an unknown host")
    job = f", job {lease.holder['job']}" if lease.holder.get("job") else ""
    whom = f"{name} on {host} (process {lease.holder.get('pid', 'unknown')}{job})"
    if lease.released_at is not None:
        given_back = clock(lease.released_at)
        return f"{whom} had the lease with fence {lease.fence} from {clock(lease.acquired_at)} to {given_back}"
    return (
        f"{whom} holds the lease with fence {lease.fence}"
        f" since {clock(lease.acquired_at)}, for another {max(0, round(lease.expires_at - now))} s"
        f" (until {clock(lease.expires_at)})"
    )


def clock(at: float) -> str:
    """Epoch seconds as people read them: ``2026-01-31 23:59:59 UTC``."""
    return datetime.fromtimestamp(at, tz=timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
