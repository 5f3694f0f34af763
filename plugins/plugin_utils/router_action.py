# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of all modules of a router."""

from __future__ import annotations

from .reachable import ReachableAction


class RouterAction(ReachableAction):
    """A load balancer that is away must fail the step it was needed for, so that the step is undone."""

    role_of_host = "load balancer"
