# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module, and adds how far the host's clock is from the controller's."""

from __future__ import annotations

from ansible_collections.seamless.delivery.plugins.plugin_utils.router_action import RouterAction as ActionModule

__all__ = ["ActionModule"]
