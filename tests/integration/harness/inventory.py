# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab's own inventory with shorter durations: same hosts, same roles, same story, told faster."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]

#: Seconds, and requests per second. A stream or websocket ends before the drain's deadline, so none may ever break.
FASTER: dict[str, Any] = {
    "strategy": {"commit_delay": 2, "drain": {"deadline": 8}, "bake": {"duration": 1}},
    "runtime": {"start_deadline": 8},
    "probe": {
        "rate": 50,
        "paths": {"slow": "/slow?seconds=1", "stream": "/stream?seconds=2"},
        "streams": 2,
        "stream_seconds": 3,
        "websockets": 2,
        "websocket_seconds": 2,
    },
}


def write(folder: Path, changes: dict[str, Any] = FASTER, topology: str = "lab") -> Path:
    """Copy inventories/*topology* to the same place in *folder*, with *changes* to the service; returns its path there.

    In that place, because the lab's files say where others are relative to the inventory.
    """
    inventory = folder / "inventories" / topology
    shutil.copytree(ROOT / "inventories" / topology, inventory, dirs_exist_ok=True)
    declared = inventory / "group_vars" / "all" / "service.yml"
    content = yaml.safe_load(declared.read_text(encoding="utf-8"))
    content["service"] = merged(content["service"], changes)
    declared.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return inventory


def merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """*base* with *changes*, mapping by mapping."""
    result = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        result[key] = merged(base[key], value) if both else value
    return result
