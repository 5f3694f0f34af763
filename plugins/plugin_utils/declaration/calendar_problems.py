# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only the controller can find wrong with a calendar: a zone that it does not know, a rule that never occurs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.problem import Problem, shown
from ansible_collections.seamless.delivery.plugins.plugin_utils.calendar import missing, occurs, time_zone


def calendar_problems(calendar: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with ``service.calendar``, in which each key is right by itself."""
    where = ("service", "calendar")
    try:
        zone = time_zone(calendar["timezone"])
    except ValueError as error:
        found = shown(calendar["timezone"])
        return [Problem((*where, "timezone"), found, "a time zone such as Europe/Berlin", str(error))]
    if lacking := missing():
        return [Problem(where, lacking, "python-dateutil on the controller", "pip install python-dateutil")]
    return [
        Problem(
            (*where, kind, index, "rule"),
            shown(window["rule"]),
            "a rule that occurs",
            "no day is as it says, or UNTIL is before the first one",
        )
        for kind in ("allowed", "frozen")
        for index, window in enumerate(calendar[kind] or ())
        if not occurs(window, zone)
    ]
