# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of databases: RDS with read replicas, here and in other regions, or Aurora."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..parts import Parts
from ..resource import Found, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import distant, regions
from . import found as description
from .distant import DistantReplica, DistantSubnets
from .kinds import Cluster, Database, Parameters, Subnets, tell
from .options import check


class Databases:
    """What *declared* (:data:`options.ARGUMENTS`) says of a stack's database."""

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        self.protected = declared.get("deletion_protection", True)
        self.parts = Parts(declaration.sorts(declared), lambda sorts: tell(aws, sorts))
        data = (Cluster(aws, declared), Database(aws, declared, self.parts))
        elsewhere = (DistantSubnets(aws, self.parts), DistantReplica(aws, declared, self.parts))
        self.kinds = (Subnets(aws), Parameters(aws, self.parts), *data, *elsewhere)
        self._found: list[Found] = []

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """The declared resources. Raises StackError for a declaration that cannot be, or not from what was read."""
        home = self.aws.region
        wrong = [*check(self.declared), *regions.check(self.declared, home)]
        if wrong := wrong or list(declaration.refused(self.declared, self._found)):
            raise StackError("; ".join(wrong))
        return list(declaration.wanted(self.aws.stack, home, self.declared, others, self.protected))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        self._found = list(description.read(self.aws, self.declared, self.parts))
        self._found += distant.read(self.aws, self.declared, regions.of_sorts(self.parts.sorts), self.parts)
        return self._found
