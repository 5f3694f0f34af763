# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HAProxy's counters, read: ``show stat`` and ``show sess`` as values."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS

from .base import Member, Pool, UnknownMember, UnknownPool

# A server is called UP from HAProxy's start until its first check fails. UP alone is no evidence: the
# last check must have passed as well. "INI" is the state before the first one.
_UNCHECKED = "INI"
_PASSED = re.compile(r"L[4567]OKC?$")


def backend(service: str, color: str) -> str:
    """The name of the backend that holds *color* of *service*."""
    return f"{service}_{color}"


def pools(stat: str, service: str) -> dict[str, Pool]:
    """Both pools of *service* from the CSV answer to ``show stat``. Raises UnknownPool."""
    rows = list(csv.DictReader(stat.removeprefix("# ").splitlines()))
    return {color: _pool(rows, backend(service, color)) for color in COLORS}


def member(stat: str, service: str, color: str, name: str) -> Member:
    """One member of *color* from the CSV answer to ``show stat``. Raises UnknownMember."""
    rows = csv.DictReader(stat.removeprefix("# ").splitlines())
    mine = {row["svname"]: row for row in _servers(row for row in rows if row.get("pxname") == backend(service, color))}
    if name not in mine:
        known = ", ".join(sorted(mine)) or "no member"
        raise UnknownMember(
            f"expected {color} of {service} to have a member {name}, but HAProxy knows {known}. Nothing was changed."
            " Run the load_balancer role with this host in the pool's group."
        )
    row = mine.pop(name)
    passed = _healthy(row) or (row.get("status") == "DRAIN" and _passed(row))
    return Member(passed, int(row.get("scur") or 0), _state(row), sum(map(_healthy, mine.values())))


def unchecked(pool: Pool) -> bool:
    """Whether a member's first health check is still to come."""
    return any(state.endswith(_UNCHECKED) for state in pool.members.values())


def sessions(show_sess: str, backend_name: str, server: str = "") -> list[str]:
    """The ids of the sessions of *backend_name*, of one *server* or all, from the answer to ``show sess``."""
    found = []
    for line in show_sess.splitlines():
        identity, _colon, rest = line.partition(":")
        theirs = re.escape(server) if server else r"\S+"
        if re.search(rf"(?:^|\s)be={re.escape(backend_name)}\s+srv={theirs}(?:\s|$)", rest):
            found.append(identity)
    return found


def _pool(rows: Iterable[Mapping[str, str]], name: str) -> Pool:
    mine = [row for row in rows if row.get("pxname") == name]
    totals = [row for row in mine if row.get("svname") == "BACKEND"]
    if not totals:
        raise UnknownPool(
            f"expected HAProxy to have a backend {name}, but found none of that name."
            " Nothing was changed. Run the load_balancer role with this service among its services."
        )
    servers = _servers(mine)
    return Pool(
        healthy=sum(_healthy(row) for row in servers),
        total=len(servers),
        sessions=int(totals[0].get("scur") or 0),
        members={str(row["svname"]): _state(row) for row in servers},
    )


def _servers(rows: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    return [row for row in rows if row.get("svname") not in ("BACKEND", "FRONTEND")]


def _check(row: Mapping[str, str]) -> str:
    # A check in progress shows the last result behind "* ".
    return (row.get("check_status") or "").removeprefix("* ")


def _passed(row: Mapping[str, str]) -> bool:
    return bool(_PASSED.match(_check(row)))


def _healthy(row: Mapping[str, str]) -> bool:
    status = row.get("status") or ""
    # "UP 1/3" is up and has begun to fail; DRAIN, MAINT, NOLB and "no check" are not for new users.
    return (status == "UP" or status.startswith("UP ")) and _passed(row)


def _state(row: Mapping[str, str]) -> str:
    check = _check(row)
    return f"{row.get('status')} {check}".strip() if check else str(row.get("status"))
