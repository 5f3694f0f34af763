# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all parts of a network have in common: tagged when made, and removed as soon as nothing uses them any more."""

from __future__ import annotations

import time
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..resource import Found, StackError, Wanted
from ..session import Aws

# After a load balancer or a NAT gateway has gone, AWS needs minutes to take its network interfaces away.
_PATIENCE, _PAUSE = 600.0, 5.0


class Ec2:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()
    #: What AWS calls it where tags are given with the call that makes it.
    resource_type = ""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        return self.aws.call("ec2", operation, *absent, **parameters)

    def tagging(self, wanted: Wanted) -> list[dict[str, Any]]:
        """The parameter TagSpecifications."""
        return [{"ResourceType": self.resource_type, "Tags": self.aws.tags(wanted.address.name)}]

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        raise StackError(f"{found.address}: AWS cannot change {', '.join(sorted(changed))} of it in place")

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids

    def remove(self, operation: str, *absent: str, **parameters: Any) -> None:
        """Remove it as soon as AWS has taken away what still uses it."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self.call(operation, *absent, **parameters)
                return
            except StackError as error:
                if _code(error) != "DependencyViolation" or time.monotonic() > deadline:
                    raise
            time.sleep(_PAUSE)


def _code(error: StackError) -> str:
    return str(getattr(error.__cause__, "response", {}).get("Error", {}).get("Code", ""))
