# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What production asks for and staging does not, looked for in a declaration before anything is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..backup.declared import ARGUMENTS as BACKUP
from ..cache.options import ARGUMENTS as CACHE
from ..compute.declared import ARGUMENTS as COMPUTE
from ..database.options import ARGUMENTS as DATABASE
from ..database.options import aurora
from ..ledger.declared import ARGUMENTS as LEDGER
from ..network.declared import ARGUMENTS as NETWORK
from ..observability.declared import ARGUMENTS as OBSERVABILITY

#: Days for which a database can be brought back to any second.
LEAST_RETENTION = 7

#: What is looked at, by concern. Nothing of it is a secret, as other parts of a stack may be.
_LOOKED_AT: Mapping[str, Sequence[str]] = {
    "backup": ("rules",),
    "cache": ("multi_az", "replicas"),
    "compute": ("size",),
    "database": ("backup", "engine", "final_snapshot", "multi_az", "replicas"),
    "ledger": ("point_in_time_recovery",),
    "network": ("vpc", "zone_count", "zones"),
    "observability": ("alarms", "subscriptions"),
}
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "backup": BACKUP,
    "cache": CACHE,
    "compute": COMPUTE,
    "database": DATABASE,
    "ledger": LEDGER,
    "network": NETWORK,
    "observability": OBSERVABILITY,
}


def missing(environment: Mapping[str, Any], stack: Mapping[str, Any], strategy: Mapping[str, Any]) -> Iterator[str]:
    """Each thing that production lacks: in the *stack*, and in the way in which its releases are rolled out."""
    if not environment["production"]:
        return
    if stack:
        yield from _stack(stack)
    if not environment.get("approval") and not _asks_a_person(strategy):
        yield (
            "approval: expected a gate of the type approval in a step of service.strategy, or environment.approval"
            " to name who approves elsewhere, such as the node of a workflow"
        )


def looked_at(stack: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`missing` needs of a *stack*, without any secret: how alarms are told counts, not to which address."""
    kept: dict[str, Any] = {key: stack[key] for key in ("deletion_protection", "lock") if key in stack}
    for concern, keys in _LOOKED_AT.items():
        if isinstance(declared := stack.get(concern), Mapping):
            kept[concern] = {key: declared[key] for key in keys if key in declared}
    told = kept.get("observability", {}).get("subscriptions")
    if isinstance(told, (list, tuple)):
        hidden = [dict.fromkeys(one, "") if isinstance(one, Mapping) else one for one in told]
        kept["observability"]["subscriptions"] = hidden
    return kept


def _stack(stack: Mapping[str, Any]) -> Iterator[str]:
    protected = stack.get("deletion_protection", True)
    if protected is not True:
        yield _lacks("deletion_protection", "true", protected)
    if not (stack.get("lock") or {}).get("table"):
        yield _lacks("lock.table", "a table for the lock, so that of two runs at once one is told", None)
    for concern, demand in (
        ("network", _network),
        ("compute", _compute),
        ("database", _database),
        ("cache", _cache),
        ("ledger", _ledger),
    ):
        if isinstance(stack.get(concern), Mapping):
            yield from demand(stack[concern])
    if not _value(stack, "backup", "rules"):
        yield _lacks("backup.rules", "one rule at least", None)
    if not _value(stack, "observability", "subscriptions"):
        yield _lacks("observability.subscriptions", "somebody who is told of alarms", None)
    if _value(stack, "observability", "alarms") == []:
        yield _lacks("observability.alarms", "those for what the stack has", [])


def _network(declared: Mapping[str, Any]) -> Iterator[str]:
    zones = declared.get("zones")
    count = len(zones) if zones else _value({"network": declared}, "network", "zone_count")
    if not declared.get("vpc") and count < 2:
        yield _lacks("network.zones", "two zones at least", count)


def _compute(declared: Mapping[str, Any]) -> Iterator[str]:
    least = _value({"compute": declared}, "compute", "size", "min")
    if least is None or least < 2:
        yield _lacks("compute.size.min", "2 instances at least, one in each zone", least)


def _database(declared: Mapping[str, Any]) -> Iterator[str]:
    stack = {"database": {"engine": DATABASE["engine"]["default"], **declared}}
    retention = _value(stack, "database", "backup", "retention")
    if retention < LEAST_RETENTION:
        yield _lacks("database.backup.retention", f"{LEAST_RETENTION} days at least", retention)
    if _value(stack, "database", "final_snapshot") is not True:
        yield _lacks("database.final_snapshot", "true", False)
    if aurora(stack["database"]):
        if not _value(stack, "database", "replicas"):
            yield _lacks("database.replicas", "one at least, for Aurora to fail over to", 0)
    elif _value(stack, "database", "multi_az") is not True:
        yield _lacks("database.multi_az", "true", False)


def _cache(declared: Mapping[str, Any]) -> Iterator[str]:
    stack = {"cache": declared}
    if _value(stack, "cache", "multi_az") is not True:
        yield _lacks("cache.multi_az", "true", False)
    if not _value(stack, "cache", "replicas"):
        yield _lacks("cache.replicas", "one at least, to fail over to", 0)


def _ledger(declared: Mapping[str, Any]) -> Iterator[str]:
    if _value({"ledger": declared}, "ledger", "point_in_time_recovery") is not True:
        yield _lacks("ledger.point_in_time_recovery", "true", False)


def _value(stack: Mapping[str, Any], concern: str, *way: str) -> Any:
    """What is declared at *way*, or the default that the concern's module has for it."""
    options, declared = _OPTIONS[concern], stack.get(concern)
    value: Any = None
    for key in way:
        option = options[key]
        value = declared[key] if isinstance(declared, Mapping) and key in declared else option.get("default")
        options, declared = option.get("options", {}), value
    return value


def _asks_a_person(strategy: Mapping[str, Any]) -> bool:
    watched: Sequence[Mapping[str, Any]] = (*(strategy.get("steps") or ()), strategy.get("bake") or {})
    return any(gate.get("type") == "approval" for step in watched for gate in step.get("gates") or ())


def _lacks(key: str, expected: str, found: Any) -> str:
    shown = str(found).lower() if isinstance(found, bool) else found if isinstance(found, int) else "none"
    return f"{key}: production expects {expected}, but found {shown}"
