# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a service's declaration (`service` in the inventory) to the probe's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .config import ConfigError

ROWS, STATUS, CONFIG, LOG = "rows.csv", "status.json", "config.json", "probe.log"


def configuration(service: Mapping[str, Any], directory: Path) -> dict[str, Any]:
    """Return the configuration, unchecked but for where its pieces come from. Raises ConfigError.

    `service.probe` may hold any key of `config.Config`, and wins; the rest comes from `service.entry` and
    `service.clients`. `slow_ms` and `tolerance_ms` are the analysis's, not the probe's.
    """
    entry = _section(service, "entry")
    wishes = _section(service, "probe")
    names = entry.get("hostnames") or [entry.get("address")]
    found: dict[str, Any] = {
        "service": service.get("name"),
        "address": entry.get("address"),
        "port": entry.get("port", 443),
        "server_name": names[0] if isinstance(names, list) else names,
        "ca_file": entry.get("ca_file") or None,
        "cookie": _section(service, "clients").get("cookie"),
    }
    found |= {key: value for key, value in wishes.items() if key not in ("slow_ms", "tolerance_ms")}
    if found.get("verify") is False:
        found.pop("ca_file")  # `verify: false` was declared: an authority that the users' clients trust is no mistake
    return found | {"rows": str(directory / ROWS), "status": str(directory / STATUS)}


def _section(service: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = service.get(name) or {}
    if not isinstance(section, Mapping):
        raise ConfigError(f"service.{name}: expected keys and values, found {section!r}.")
    return section
