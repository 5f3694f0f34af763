# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every haproxy module has: which service, and where HAProxy keeps what we read and write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
