# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the declarations of all concerns share: names, and the resources of other concerns that they build on."""

from __future__ import annotations

import re
from collections.abc import Collection

from .resource import Address, StackError

# Target groups and load balancers have 32 characters, the longest suffix of ours six ("-green").
_STACK = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_STACK = 26


def checked_name(stack: str) -> str:
    """*stack*, when it can name everything of a stack. Raises StackError."""
    if not _STACK.fullmatch(stack) or len(stack) > LONGEST_STACK:
        raise StackError(
            f"stack: expected at most {LONGEST_STACK} small letters, digits and single hyphens, beginning with a"
            f" letter, but found {stack!r}"
        )
    return stack


def named(kind: str, stack: str, part: str = "") -> Address:
    """The address of a stack's resource of this *kind*; *part* tells it from others of the kind."""
    return Address(kind, f"{stack}-{part}" if part else stack)


def only(kind: str, name: str, others: Collection[Address], option: str) -> Address:
    """The address of another concern's resource. Raises StackError, naming the *option* that would do instead."""
    address = Address(kind, name)
    if address not in others:
        raise StackError(f"{option}: this stack has no {address}: declare it, or name one of your own by its id")
    return address


def few_subnets(found: int, least: int) -> str:
    """What to tell where something needs *least* subnets and there are fewer."""
    return (
        f"subnets: expected {least} or more in different zones, but found {found or 'none'}: declare network with as"
        " many zones (zone_count), or name your own by their ids"
    )
