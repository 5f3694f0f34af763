# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a declaration, in words that a person can act on."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

Where = tuple[Union[str, int], ...]
"""The way to a value: keys and list indexes, ``("service", "smoke", 0, "path")``."""

LONGEST_SHOWN = 80
"""Characters of a wrong value that a message repeats."""


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, what was found, what was expected, and what to do (``hint``, may be empty)."""

    where: Where
    found: str
    expected: str
    hint: str = ""

    @property
    def path(self) -> str:
        """The way to the value as people write it, ``service.smoke[0].path``."""
        text = ""
        for part in self.where:
            text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
        return text

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, found {self.found}" + (f" ({self.hint})" if self.hint else "")


def shown(value: Any) -> str:
    """A wrong value as a message repeats it: short, on one line, containers by their size only."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    if isinstance(value, str):
        return _cut(json.dumps(str(value), ensure_ascii=False))
    if isinstance(value, Mapping):
        return f"a mapping of {len(value)} keys"
    if isinstance(value, Sequence):
        return f"a list of {len(value)} items"
    return _cut(f"{value} (a {'number' if isinstance(value, (int, float)) else type(value).__name__})")


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the known name that *name* was probably meant to be; else all of them, or nothing to choose from."""
    names = sorted(known)
    if close := difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6):
        return f"did you mean {close[0]}?"
    return f"known are {', '.join(names)}" if names else "there is none yet"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
