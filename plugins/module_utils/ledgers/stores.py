# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stores that a ledger can be kept in. A new one is a new file here and a line in :data:`STORES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..rollout.lease import LeaseError
from .file import FileLedger, LedgerError, NotAtWork

STORES = {"file": FileLedger}

#: The options that all modules of the ledger have (see the documentation fragment ``ledger``).
ARGUMENTS: dict[str, dict[str, Any]] = {
    "service": {"type": "str", "required": True},
    "type": {"type": "str", "choices": sorted(STORES), "default": "file"},
    "path": {"type": "path", "default": "/var/lib/seamless/ledger"},
}

#: What a module turns into ``fail_json``: each message says what to do.
ERRORS = (LeaseError, LedgerError, NotAtWork, ValueError)


def open_ledger(params: Mapping[str, Any], now: Callable[[], float]) -> FileLedger:
    """The ledger that a module's *params* name."""
    return STORES[params["type"]](params["path"], params["service"], now)


def told(error: Exception) -> dict[str, bool]:
    """What kind of failure *error* is, for those who react to it.

    ``lost``: somebody else has the lease. ``unusable``: the store itself refuses, as when its disk is full.
    """
    return {"lost": isinstance(error, LeaseError), "unusable": isinstance(error, LedgerError)}
