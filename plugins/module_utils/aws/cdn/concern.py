# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of content delivery: a CloudFront distribution with its policies and functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..parts import Parts
from ..resource import Found, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .deployment import DeploymentPolicy, StagingDistribution
from .kinds import CachePolicy, Distribution, Function, OriginAccessControl, ResponseHeadersPolicy, tell


class Cdn:
    """What *declared* (:data:`options.ARGUMENTS`) says of a stack's content delivery network."""

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        self.parts = Parts(declaration.sorts(declared), lambda sorts: tell(aws, sorts))
        kinds = (
            OriginAccessControl,
            CachePolicy,
            ResponseHeadersPolicy,
            Function,
            Distribution,
            StagingDistribution,
            DeploymentPolicy,
        )
        self.kinds = tuple(kind(aws, self.parts) for kind in kinds)

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """The declared resources. Raises StackError, naming what is wrong with the declaration."""
        if wrong := declaration.check(self.declared):
            raise StackError("; ".join(wrong))
        if self.declared["aliases"] and not self.declared["certificate"]:
            declaration.edge_certificate(self.aws.region)
        return list(declaration.wanted(self.aws.stack, self.declared, others))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        return list(description.read(self.aws, self.parts))
