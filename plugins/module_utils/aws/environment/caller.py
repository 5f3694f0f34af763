# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An environment on AWS as an inventory declares it (``aws_environment``), and whether the caller is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_ACCOUNT = re.compile(r"\d{12}")

#: The option ``environment``.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "account": {"type": "str", "required": True},
    "region": {"type": "str", "required": True},
    "production": {"type": "bool", "default": False},
    "approval": {"type": "str"},
    "shared": {"type": "list", "elements": "str", "default": []},
}


def strayed(environment: Mapping[str, Any], account: str, region: str | None, caller: str) -> Iterator[str]:
    """What is wrong with where the *caller* (an ARN) is: its *account* and its *region* are not those declared."""
    declared = environment["account"]
    if not _ACCOUNT.fullmatch(declared):
        yield f"environment.account: expected 12 digits, in quotes so that none is lost, but found {declared!r}"
    elif account != declared:
        yield (
            f"environment.account: expected credentials of the account {declared}, but found those of {account}"
            f" ({caller}): choose another profile, or another inventory"
        )
    if region != environment["region"]:
        yield (
            f"environment.region: expected the region {environment['region']}, but found"
            f" {region or 'none'}: set it with AWS_REGION, the profile, or module_defaults of group/aws"
        )
