# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of certificates: one that AWS issues for domains in Route 53, or one that is imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ..dns.declared import ZONE
from ..resource import Found, Kind, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .kinds import Certificate


class Certificates:
    """What *declared* (:data:`declared.ARGUMENTS`) says of a stack's certificate; with {} it is only read.

    Where what uses the certificate is declared elsewhere (*alone*), one that is still in use stays until a later run.
    """

    def __init__(self, aws: Aws, declared: Mapping[str, Any], alone: bool = False) -> None:
        self.aws = aws
        self.declared = declared
        self.alone = alone
        self.kinds: Sequence[Kind] = (Certificate(aws, declared.get("zone_id")),)
        self._current: tuple[Mapping[str, Any], datetime] | None = None

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """The declared certificate. Raises StackError for a mistake, and where one ends soon and has no successor."""
        if wrong := declaration.check(self.declared):
            raise StackError("; ".join(wrong))
        if self._current and (late := declaration.late(self.declared, *self._current, datetime.now(timezone.utc))):
            raise StackError(late)
        zones = [one for one in others if one.kind == ZONE]
        return [declaration.wanted(self.aws.stack, self.declared, zones)]

    def read(self) -> Sequence[Found]:
        """What is there of it, and of those before it."""
        described = description.details(self.aws)
        there = list(description.read(self.aws, self.declared, described))
        self._current, kept = None, []
        for one, found in zip(described, there):
            current = found.address == declaration.named(declaration.CERTIFICATE, self.aws.stack)
            if current and "NotAfter" in one:
                self._current = (found.properties, one["NotAfter"])
            if current or not (self.alone and one.get("InUseBy")):
                kept.append(found)
        return kept
