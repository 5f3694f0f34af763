# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate: whether what the probe saw lets a rollout go on. Missing evidence never passes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .outcome import PROBE_ITSELF

DEFAULTS: dict[str, float] = {"max_failed": 0, "max_slow_percent": 5, "min_sent": 1}


def problems(analysis: Mapping[str, Any], gate: Mapping[str, Any], died: str | None) -> list[str]:
    """Return why the gate does not hold, in words for the operator; nothing when it holds.

    `gate` has max_failed and min_sent (requests), max_slow_percent (of those sent), and optionally
    max_wrong_release (requests). `died` says why the probe is not running although nobody stopped it, or is None.
    """
    limits = DEFAULTS | {key: value for key, value in gate.items() if value is not None}
    sent, failed = analysis["sent"], analysis["failed"]
    found = [f"{died}, so that what users got since then is unknown"] if died else []
    if sent < limits["min_sent"]:
        found.append(f"only {sent} requests were sent, and the gate asks for {limits['min_sent']:g}: no evidence")
    if failed > limits["max_failed"]:
        reasons = ", ".join(f"{count} {reason}" for reason, count in analysis["errors"].items())
        found.append(f"{failed} of {sent} requests failed ({reasons}), and the gate allows {limits['max_failed']:g}")
        if own := sum(analysis["errors"].get(reason, 0) for reason in PROBE_ITSELF):
            found.append(f"{own} of them are the probe's own doing: lower its rate, or raise max_in_flight")
    slow = 100 * analysis["slow"] / sent if sent else 0.0
    if slow > limits["max_slow_percent"]:
        found.append(f"{slow:.2f} % of the requests were slow, and the gate allows {limits['max_slow_percent']:g} %")
    allowed = limits.get("max_wrong_release")
    if allowed is not None and analysis["wrong_release"] > allowed:
        found.append(f"{analysis['wrong_release']} requests got the wrong release, and the gate allows {allowed:g}")
    if analysis["unreadable"]:
        found.append(f"{analysis['unreadable']} lines of the record cannot be read")
    return found
