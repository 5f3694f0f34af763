# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks a service's metric source once; documented in the module of the same name."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.base import SourceError
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.registry import open_source

ARGUMENTS: dict[str, Any] = {
    "service": {"type": "dict", "required": True},
    "addresses": {"type": "dict", "required": True},
}

_RECENT = 3600.0
"""Seconds that are looked back on, by a source without counters of its own."""


class ActionModule(ActionBase):
    """The action ``seamless.delivery.counts_info``."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(argument_spec=ARGUMENTS)
        service = plain(options["service"])
        try:
            addresses = plain(options["addresses"])
            reading = open_source(service["metrics"]["source"], service, addresses, time.time() - _RECENT).read()
        except SourceError as error:
            raise AnsibleActionFail(str(error)) from error
        missing = dict(reading.missing)
        if not reading.samples:
            why = "; ".join(f"{origin}: {reason}" for origin, reason in sorted(missing.items()))
            return {"failed": True, "missing": missing, "msg": f"{service['name']}: nothing can be counted ({why})"}
        counts = {
            sample.origin: {
                color: {route: asdict(values) for route, values in routes.items()}
                for color, routes in sample.counts.items()
            }
            for sample in reading.samples
        }
        return {"changed": False, "edges": list(reading.edges), "counts": counts, "missing": missing}
