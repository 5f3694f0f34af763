# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of DNS: a hosted zone, and records that point to what the stack has, or to anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..parts import Parts
from ..resource import Found, Kind, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .kinds import HealthCheck, HostedZone, Record


class Dns:
    """What *declared* (:data:`declared.ARGUMENTS`) says of a stack's names.

    Certificates stand on its zone, so that it comes before them, though its records stand on later concerns.
    """

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        self.kinds: Sequence[Kind] = (HostedZone(aws), HealthCheck(aws), Record(aws))
        self.parts = Parts(declaration.sorts(declared))

    def wanted(self, others: Others) -> Sequence[Wanted]:  # noqa: ARG002 -- it refers to what comes later
        """The declared resources. Raises StackError, naming what is wrong with the declaration."""
        if wrong := declaration.check(self.declared):
            raise StackError("; ".join(wrong))
        return list(declaration.wanted(self.aws.stack, self.declared, self.parts.sorts))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        return list(description.read(self.aws, self.declared, self.parts))
