# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of the ledger: the table or the bucket that keeps journals, leases and locks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..resource import Found, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .kinds import LedgerBucket, LedgerTable


class Ledger:
    """What *declared* (:data:`declared.ARGUMENTS`) says of a stack's ledger."""

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        self.protected = declared.get("deletion_protection", True)
        self.kinds = (LedgerTable(aws), LedgerBucket(aws))

    def wanted(self, others: Others) -> Sequence[Wanted]:  # noqa: ARG002  it builds on nothing
        """The declared table or bucket. Raises StackError, naming what is wrong with the declaration."""
        if wrong := declaration.check(self.aws.stack, self.declared):
            raise StackError("; ".join(wrong))
        return [declaration.wanted(self.aws.stack, self.declared, self.protected)]

    def read(self) -> Sequence[Found]:
        """What is there by the declared name."""
        return list(description.read(self.aws, declaration.address(self.aws.stack, self.declared)))
