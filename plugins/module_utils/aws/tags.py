# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tags that a stack's declaration gives each resource: what AWS and we let them be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .resource import StackError

# What all services take: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ecs-service-tag.html
_TEXT = re.compile(r"[\w\s+=.:/@-]*")
_SIGNS = "letters, digits, spaces and + - = . _ : / @"
_LONGEST_KEY, _LONGEST_VALUE = 128, 256
# AWS has room for 50 tags; the stack's, the sorts of parts, what is held, and the name are ours.
_MOST = 46


def checked_tags(declared: Mapping[Any, Any]) -> dict[str, str]:
    """The tags *declared*; numbers as text. Raises StackError, naming every mistake."""
    wrong = [told for key, value in declared.items() for told in _wrong(key, value)]
    if len(declared) > _MOST:
        wrong.append(f"tags: expected {_MOST} at most, but found {len(declared)}")
    if wrong:
        raise StackError("; ".join(wrong))
    return {str(key): str(value) for key, value in declared.items()}


def _wrong(key: Any, value: Any) -> Iterator[str]:
    name = str(key)
    if name == "Name" or name.lower().startswith(("aws:", "seamless:")):
        yield f"tags: expected other keys than Name, and none that begins with aws: or seamless:, but found {name!r}"
    elif not 1 <= len(name) <= _LONGEST_KEY or not _TEXT.fullmatch(name):
        yield f"tags: expected keys of 1 to {_LONGEST_KEY} {_SIGNS}, but found {name!r}"
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        yield f"tags.{name}: expected a text in quotes, but found {value!r}"
    elif len(str(value)) > _LONGEST_VALUE or not _TEXT.fullmatch(str(value)):
        yield f"tags.{name}: expected at most {_LONGEST_VALUE} {_SIGNS}, but found {value!r}"
