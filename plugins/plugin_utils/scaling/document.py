# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the document of a scaling report: a declared policy, its worst case, and what it makes of some traces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.assessment import assessed
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.policy import policy
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.simulate import simulate
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.summary import as_dict
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.traces import trace
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.words import one_line

SCHEMA_VERSION = "1.0"


def build(
    declared: object, traces: Mapping[str, Any], *, service: str = "", environment: str | None = None
) -> dict[str, Any]:
    """The document. It has no time of its own: the same declaration always gives the same one.

    Raises ValueError, naming what is wrong with the declaration or with which trace.
    """
    made = policy(declared)
    runs = []
    for name, given in traces.items():
        try:
            runs.append({"name": one_line(name), **as_dict(simulate(made, trace(given)))})
        except ValueError as error:
            raise ValueError(f"traces.{one_line(name)}: {error}") from error
    return {
        "schema_version": SCHEMA_VERSION,
        "service": one_line(service or "service"),
        "environment": one_line(environment) if environment else None,
        "policy": vars(made) | {"steps": [list(step) for step in made.steps]},
        "reaction": assessed(declared),
        "traces": runs,
    }
