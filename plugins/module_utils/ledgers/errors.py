# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be wrong with a ledger, whatever it is kept in."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger could not be read or written; nothing was changed. The message says where and what to do."""


class NotAtWork(Exception):
    """Something was asked of a rollout that is not in progress, or that nobody works on; nothing was written."""

    def __init__(self, rollout: str | None, action: str) -> None:
        found = f"rollout {rollout} is open, but nobody works on it" if rollout else "none is open"
        super().__init__(
            f"{action} needs a rollout in progress, and {found}. status.yml shows what there is;"
            " deploy.yml goes on with an open rollout, rollback.yml ends it"
        )
