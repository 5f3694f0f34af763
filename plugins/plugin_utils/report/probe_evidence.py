# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the probe's analysis into the report's shape. What the probe did not measure stays None, never 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .journal import ReportError, number
from .words import clean

PERIODS = ("before", "during", "after")
QUANTILES = ("p50", "p95", "p99", "max")


def evidence(analysis: Mapping[str, Any]) -> dict[str, Any]:
    """The report's `probe`: {sent, failed, slow, wrong_release, rate, errors, by_second, latency, ...}.

    `rate` is what was sent in a second on average, from the first second of the probe to its last.
    Raises ReportError where a count that a verdict rests on is missing: it must not be read as zero.
    """
    rows = sorted((_second(row) for row in analysis.get("by_second") or []), key=lambda row: row["second"])
    sent = _count(analysis, "sent")
    span = rows[-1]["second"] - rows[0]["second"] + 1 if rows else 0
    return {
        "sent": sent,
        "failed": _count(analysis, "failed"),
        "slow": _count(analysis, "slow"),
        "wrong_release": _count(analysis, "wrong_release"),
        "rate": round(sent / span, 1) if span else None,
        "errors": {clean(reason): int(found) for reason, found in (analysis.get("errors") or {}).items()},
        "by_second": rows,
        "latency": {period: _quantiles((analysis.get("latency") or {}).get(period)) for period in PERIODS},
        "last_from_ms": number(analysis.get("last_from_ms")),
        "first_to_ms": number(analysis.get("first_to_ms")),
        "late_ms": _late(analysis.get("late_ms")),
        "unreadable": int(analysis.get("unreadable") or 0),
    }


def long_lived(analysis: Mapping[str, Any] | None) -> dict[str, int] | None:
    """{opened, broken} streams and websockets; None where none were counted."""
    found = (analysis or {}).get("long_lived")
    if not isinstance(found, Mapping):
        return None
    return {"opened": _count(found, "opened", "long_lived."), "broken": _count(found, "broken", "long_lived.")}


def _count(found: Mapping[str, Any], key: str, where: str = "") -> int:
    value = found.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ReportError(
            f"Probe analysis, {where}{key}: expected a count (a whole number, 0 or more), found {value!r}. "
            "Pass the whole analysis that the probe returned, or none when no probe ran."
        )
    return int(value)


def _second(row: Mapping[str, Any]) -> dict[str, Any]:
    where = f"by_second[{row.get('second')!r}]."
    return {
        "second": _count(row, "second", where),
        "sent": _count(row, "sent", where),
        "failed": _count(row, "failed", where),
        "slow": int(row.get("slow") or 0),
        "wrong": int(row.get("wrong") or 0),
        "releases": {clean(name): int(found) for name, found in (row.get("releases") or {}).items()},
        "p50_ms": number(row.get("p50_ms")),
        "p99_ms": number(row.get("p99_ms")),
    }


def _quantiles(found: object) -> dict[str, float | None] | None:
    if not isinstance(found, Mapping):
        return None
    values = {name: number(found.get(name)) for name in QUANTILES}
    return None if all(value is None for value in values.values()) else values


def _late(found: object) -> float | dict[str, float] | None:
    """How late the probe itself woke, in ms: one number, or a summary of several."""
    if isinstance(found, Mapping):
        return {clean(name): value for name, value in found.items() if number(value) is not None}
    return number(found)
