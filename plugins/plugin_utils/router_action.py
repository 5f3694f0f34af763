# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions of all modules of a router."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from .reachable import ReachableAction

# What a declared router has besides the options of its modules (rollout/declaration/service_table.py).
_NOT_OPTIONS = ("type", "group")


def on_router(router: Mapping[str, Any], deed: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The module that does a *deed* (``split``) on a declared *router* (``service.router``), and its arguments."""
    options = {key: value for key, value in router.items() if key not in _NOT_OPTIONS and value is not None}
    return f"seamless.delivery.{router['type']}_{deed}", {**options, **args}


class RouterAction(ReachableAction):
    """A load balancer that is away must fail the step it was needed for, so that the step is undone.

    Tells how long the answer took, and, where the host told its time, how far its clock is from the controller's: it
    was read somewhere between question and answer, so that the middle of the two is the best guess, and half of their
    distance is how wrong that can be (Cristian, 1989).
    """

    role_of_host = "load balancer"

    def _act(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        asked, began = time.time(), time.monotonic()
        result = self._asked(task_vars)
        took = time.monotonic() - began
        if "clock" in result:
            result["clock_offset"] = round(result["clock"] - (asked + took / 2), 6)
            result["clock_uncertainty"] = round(took / 2, 6)
        return {**result, "took": round(took, 3)}

    def _asked(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        return self._ask(task_vars)


class AnyRouterAction(RouterAction):
    """Runs the module for what is to be done on the router that a service declares: ``alb_split`` on an ``alb``.

    ``router`` among its arguments is ``service.router``; whatever else stands there is an option of the module.
    """

    #: What is to be done: the end of the module's name.
    deed: str

    def _asked(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        args = dict(self._task.args)
        return self._ask(task_vars, *on_router(args.pop("router"), self.deed, args))
