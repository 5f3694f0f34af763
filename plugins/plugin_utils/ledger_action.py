# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of all modules of the ledger."""

from __future__ import annotations

from .reachable import ReachableAction


class LedgerAction(ReachableAction):
    """A ledger that is away stops a deploy before it begins; a rollback goes on without it."""

    role_of_host = "ledger's host"
    advice = (
        "bring it back before you deploy; a rollback works without it:"
        """ rollback.yml -e '{"rollout_reason": "<why>"}'"""
    )
