# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of backups: a vault, a plan for what carries the stack's tag, and a test that it can be restored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..resource import Found, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .kinds import BackupRole, Plan, RestoreTest, RestoreTestSelection, Selection, Vault


class Backup:
    """What *declared* (:data:`declared.ARGUMENTS`) says of a stack's backups."""

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        its = (kind(aws) for kind in (Vault, Plan, Selection, RestoreTest, RestoreTestSelection))
        self.kinds = (BackupRole(aws, declaration.role(aws.stack).name), *its)

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """The declared resources. Raises StackError, naming what is wrong with the declaration."""
        if wrong := declaration.check(self.declared):
            raise StackError("; ".join(wrong))
        return list(declaration.wanted(self.aws.stack, self.declared, others))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        return list(description.read(self.aws))
