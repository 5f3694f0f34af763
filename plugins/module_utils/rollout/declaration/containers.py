# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of values that hold others: sections with known keys, variants by type, lists and maps.

Every one goes through all that it holds, so that one run names every mistake; what is wrong is left out
of the result, and checks across keys look at the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .kinds import INVALID, Kind
from .problem import Problem, Where, nearest, shown

REQUIRED: Final = object()
"""The default of a key that has none."""


@dataclass(frozen=True)
class Key:
    """A key of a section. With the default None, null is a right value and means "none"."""

    kind: Kind
    description: str
    default: Any = REQUIRED


@dataclass(frozen=True)
class Section:
    """A mapping with known keys."""

    keys: Mapping[str, Key]
    expected: str = "a mapping of keys and values"

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """The section with its defaults filled in, in the table's order."""
        if not isinstance(value, Mapping):
            problems.append(Problem(where, shown(value), f"{self.expected} ({', '.join(self.keys)})"))
            return INVALID
        _refuse_unknown(value, self.keys, where, problems)
        return {
            name: checked
            for name, key in self.keys.items()
            if (checked := self._one(name, key, value, where, problems)) is not INVALID
        }

    @staticmethod
    def _one(name: str, key: Key, section: Mapping[str, Any], where: Where, problems: list[Problem]) -> Any:
        if name not in section and key.default is REQUIRED:
            problems.append(Problem((*where, name), "no such key", key.kind.expected, key.description))
            return INVALID
        value = section.get(name, key.default)
        if value is None and key.default is None:
            return None
        return key.kind.check(value, (*where, name), problems)


@dataclass(frozen=True)
class Variants:
    """A mapping whose ``type`` says which keys it has."""

    sections: Mapping[str, Section]
    description: str

    @property
    def expected(self) -> str:
        """Names the types."""
        return f"a mapping whose type is {' or '.join(self.sections)}"

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """The section of that type, its ``type`` included."""
        if not isinstance(value, Mapping):
            problems.append(Problem(where, shown(value), self.expected))
            return INVALID
        known = " or ".join(self.sections)
        if "type" not in value:
            problems.append(Problem((*where, "type"), "no such key", known, self.description))
            return INVALID
        chosen = value["type"]
        section = self.sections.get(chosen) if isinstance(chosen, str) else None
        if section is None:
            problems.append(Problem((*where, "type"), shown(chosen), known, nearest(str(chosen), self.sections)))
            return INVALID
        rest = {name: inner for name, inner in value.items() if name != "type"}
        return {"type": str(chosen), **section.check(rest, where, problems)}


@dataclass(frozen=True)
class Either:
    """A mapping that has exactly one of some keys, which says what else it has."""

    sections: Mapping[str, Section]

    @property
    def expected(self) -> str:
        """Names the keys."""
        return f"a mapping with either {' or '.join(self.sections)}"

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """The section of that key."""
        if not isinstance(value, Mapping):
            problems.append(Problem(where, shown(value), self.expected))
            return INVALID
        found = [name for name in self.sections if name in value]
        if len(found) != 1:
            problems.append(Problem(where, " and ".join(found) or f"none among {shown(value)}", self.expected))
            return INVALID
        return self.sections[found[0]].check(value, where, problems)


@dataclass(frozen=True)
class ListOf:
    """A list of at least ``least`` items of one kind; with ``single``, one item alone stands for a list of it."""

    item: Kind
    least: int = 0
    single: bool = False

    @property
    def expected(self) -> str:
        """Such as "a list, of at least 1, each ..."."""
        size = f", of at least {self.least}," if self.least else ""
        either = f"{self.item.expected}, or " if self.single else ""
        return f"{either}a list{size} each {self.item.expected}" if not either else f"{either}a list of them"

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """The list of the items that are right."""
        if self.single and isinstance(value, str):
            value = [value]
        if not isinstance(value, (list, tuple)) or len(value) < self.least:
            problems.append(Problem(where, shown(value), self.expected))
            return INVALID
        items = [self.item.check(item, (*where, index), problems) for index, item in enumerate(value)]
        return [item for item in items if item is not INVALID]


@dataclass(frozen=True)
class MapOf:
    """Values of one kind by any of the known ``names``; ``always`` holds those that are there undeclared."""

    names: tuple[str, ...]
    item: Kind
    always: Mapping[str, Any] = field(default_factory=dict)

    @property
    def expected(self) -> str:
        """Names the names."""
        return f"a mapping; for any of {', '.join(self.names)}: {self.item.expected}"

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """The values that are right, in the order of ``names``."""
        if not isinstance(value, Mapping):
            problems.append(Problem(where, shown(value), self.expected))
            return INVALID
        _refuse_unknown(value, self.names, where, problems)
        given = {**self.always, **value}
        checked = {name: self.item.check(given[name], (*where, name), problems) for name in self.names if name in given}
        return {name: inner for name, inner in checked.items() if inner is not INVALID}


def _refuse_unknown(given: Mapping[Any, Any], known: Iterable[str], where: Where, problems: list[Problem]) -> None:
    """The value is not repeated: what stands under a key that nobody knows may be a secret."""
    names = tuple(known)
    problems.extend(
        Problem((*where, str(name)), "an unknown key", "a known key", nearest(str(name), names))
        for name in given
        if name not in names
    )
