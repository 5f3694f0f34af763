# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The split of every service in one HAProxy map: the file that survives a restart, and its copy in memory.

A line is ``<service> <green buckets>``, of 10000 buckets in all; a client's bucket is a hash of its
session cookie or address. No line means that blue has everything.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

from .base import RouterError
from .durable import replace
from .haproxy_socket import AdminSocket

BUCKETS = 10000
_PER_PERCENT = BUCKETS // 100


def to_split(buckets: str, where: str) -> Split:
    """The split that a map's value stands for. Raises RouterError for what no write of ours leaves."""
    if buckets.isdigit() and int(buckets) <= BUCKETS and int(buckets) % _PER_PERCENT == 0:
        green = int(buckets) // _PER_PERCENT
        return Split(blue=100 - green, green=green)
    raise RouterError(
        f"expected a whole percentage of green, in hundreds from 0 to {BUCKETS}, but found {buckets!r} in {where}."
        " It was changed by hand: find out by whom, then set the split with break_glass and the reason."
    )


def from_split(split: Split) -> str:
    """The number of buckets that *split* gives to green, as the map holds it."""
    return str(split.green * _PER_PERCENT)


def stored(path: str, service: str) -> str | None:
    """The value on file for *service*; None where it has no line. Raises RouterError."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise RouterError(
            f"expected the map of splits at {path}, but found: {error.strerror}."
            " Run the load_balancer role on this host."
        ) from error
    values = [line.split()[1] for line in lines if len(line.split()) > 1 and line.split()[0] == service]
    return values[-1] if values else None


def store(path: str, service: str, buckets: str | None) -> None:
    """Put *buckets* on file for *service* (None: no line), atomically; other services' lines stay as they are."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split()[:1] != [service]]
    if buckets is not None:
        kept.append(f"{service} {buckets}")
    replace(path, "".join(f"{line}\n" for line in kept))


def in_force(admin: AdminSocket, path: str, service: str) -> str | None:
    """The value that this process uses for *service*; None where the map has no entry. Raises RouterError."""
    answer = admin.ask(f"show map {path}")
    values = []
    for line in answer.splitlines():
        words = line.split()
        if not line.startswith("0x"):
            if line:
                raise RouterError(
                    f"expected HAProxy to use the map {path}, but it says: {line}"
                    " Run the load_balancer role on this host."
                )
        elif words[1:2] == [service] and len(words) > 2:
            values.append(words[2])
    return values[-1] if values else None


def command(path: str, service: str, buckets: str, known: bool) -> str:
    """The command that puts *buckets* in force; ``set map`` cannot make an entry that is not *known*."""
    return f"{'set' if known else 'add'} map {path} {service} {buckets}"
