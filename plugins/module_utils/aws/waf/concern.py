# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of web application firewalls: a web ACL and its lists of addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..resource import Found, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .kinds import AddressList, WebAcl


class Waf:
    """What *declared* (:data:`declared.ARGUMENTS`) says of a stack's firewall; with a ``scope`` alone, it is read."""

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        self.scope = declared.get("scope", declaration.REGIONAL)
        self.kinds = (AddressList(aws, self.scope), WebAcl(aws, self.scope))

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """The declared resources. Raises StackError, naming what is wrong with the declaration."""
        if wrong := declaration.check(self.declared):
            raise StackError("; ".join(wrong))
        return list(declaration.wanted(self.aws.stack, self.declared, others))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        return list(description.read(self.aws, self.scope))
