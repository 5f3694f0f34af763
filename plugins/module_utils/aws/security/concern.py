# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of security: GuardDuty, Inspector and Security Hub in this region, and who is told of their findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..resource import Found, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .kinds import Detector, FindingsRule, Hub, Scan


class Security:
    """What *declared* (:data:`declared.ARGUMENTS`) says of who watches over a stack's account and region."""

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        self.kinds = tuple(kind(aws) for kind in (FindingsRule, Detector, Hub, Scan))
        self._there = description.There()

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """The declared resources. Raises StackError, naming what is wrong with the declaration."""
        if wrong := declaration.check(self.declared):
            raise StackError("; ".join(wrong))
        return list(declaration.wanted(self.aws.stack, self.declared, others, self._there.given))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        self._there = description.read(self.aws)
        return self._there.found
