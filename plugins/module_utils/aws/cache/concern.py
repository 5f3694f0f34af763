# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of caches: an ElastiCache replication group of Valkey or Redis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from ..parts import Parts
from ..resource import Found, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .kinds import Cache, Parameters, Subnets
from .options import check


class Caches:
    """What *declared* (:data:`options.ARGUMENTS`) says of a stack's cache."""

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared

        def tell(sorts: AbstractSet[str]) -> None:
            cache.tell(sorts)

        self.parts = Parts(declaration.sorts(declared), tell)
        cache = Cache(aws, declared, self.parts)
        self.kinds = (Subnets(aws), Parameters(aws, self.parts), cache)
        self._found: Sequence[Found] = ()

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """The declared resources. Raises StackError for a declaration that cannot be, or not from what was read."""
        wrong = check(self.declared) or list(declaration.refused(self.declared, self._found))
        if wrong:
            raise StackError("; ".join(wrong))
        return list(declaration.wanted(self.aws.stack, self.declared, others))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        self._found = list(description.read(self.aws, self.declared, self.parts))
        return self._found
