# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of all modules of a release."""

from __future__ import annotations

from .reachable import ReachableAction


class ReleaseAction(ReachableAction):
    """An application host that is away must fail the phase it was needed for, with a sentence."""

    role_of_host = "application host"
