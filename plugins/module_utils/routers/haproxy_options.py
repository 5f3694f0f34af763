# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every haproxy module has: which service, and where HAProxy keeps what we read and write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

from .armed import Revert
from .guard_client import GUARD
from .haproxy import MAP, MASTER, SOCKET, STATE, HAProxyRouter


def arguments(**more: Any) -> dict[str, Any]:
    """The argument spec shared by the haproxy modules, and *more*."""
    return {
        "service": {"type": "str", "required": True},
        "socket": {"type": "path", "default": SOCKET},
        "master_socket": {"type": "path", "default": MASTER},
        "map": {"type": "path", "default": MAP},
        "state_dir": {"type": "path", "default": STATE},
        "guard_socket": {"type": "path", "default": GUARD},
        **more,
    }


def router(params: Mapping[str, Any]) -> HAProxyRouter:
    """The router that the options in *params* describe."""
    return HAProxyRouter(
        params["service"],
        socket_path=params["socket"],
        map_path=params["map"],
        state_dir=params["state_dir"],
        master_path=params["master_socket"],
        guard_path=params["guard_socket"],
    )


def revert(params: Mapping[str, Any]) -> Revert | None:
    """What the options in *params* ask for in case of silence; None where they confirm. Raises ValueError."""
    if params["revert_after"] is None:
        return None
    back = Revert(Split.parse(params["revert_to"]), params["revert_after"], params["rollout"])
    if back.to == Split.parse(params["split"]):
        raise ValueError(f"revert_to: expected another split than the one to put in force, but both are {back.to}")
    return back
