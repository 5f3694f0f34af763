# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a service's traffic is divided between its two colors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

COLORS = ("blue", "green")


def other(color: str) -> str:
    """The color that is not *color*. Raises ValueError for anything but blue and green."""
    if color not in COLORS:
        raise ValueError(f"expected a color, blue or green, but found {color!r}")
    return COLORS[1 - COLORS.index(color)]


@dataclass(frozen=True)
class Split:
    """The percentage of traffic of each color, whole numbers that always add up to 100.

    A frozen value: compare with ``==``, make another with :meth:`all_on` or :meth:`parse`.
    """

    blue: int
    green: int

    def __post_init__(self) -> None:
        for color in COLORS:
            share = getattr(self, color)
            if isinstance(share, bool) or not isinstance(share, int):
                raise ValueError(f"split: {color} must be a whole number of percent, but found {share!r}")
            if not 0 <= share <= 100:
                raise ValueError(f"split: {color} must be between 0 and 100 percent, but found {share}")
        if self.blue + self.green != 100:
            raise ValueError(
                f"split: the colors must add up to 100, but blue {self.blue} and green {self.green}"
                f" add up to {self.blue + self.green}"
            )

    @classmethod
    def parse(cls, value: object) -> Split:
        """A split from ``{"blue": 75, "green": 25}``; digits in strings are taken as numbers.

        Raises ValueError that names the key and what was expected.
        """
        if not isinstance(value, Mapping):
            raise ValueError(f"split: expected a mapping such as {{blue: 75, green: 25}}, but found {value!r}")
        unknown = sorted(str(key) for key in value if key not in COLORS)
        missing = [color for color in COLORS if color not in value]
        if unknown or missing:
            raise ValueError(f"split: expected exactly the colors blue and green, but found {sorted(map(str, value))}")
        return cls(**{color: _whole(color, value[color]) for color in COLORS})

    @classmethod
    def giving(cls, color: str, percent: int) -> Split:
        """The split that gives *color* so many percent, and the rest to the other one."""
        return cls(**{color: percent, other(color): 100 - percent})

    @classmethod
    def all_on(cls, color: str) -> Split:
        """The split that gives *color* all of the traffic."""
        other(color)
        return cls(blue=100 if color == "blue" else 0, green=100 if color == "green" else 0)

    def share(self, color: str) -> int:
        """The percentage of *color*."""
        other(color)
        return int(getattr(self, color))

    def colors(self) -> tuple[str, ...]:
        """The colors that get any traffic, blue first."""
        return tuple(color for color in COLORS if self.share(color))

    def live(self) -> str | None:
        """The color that has all the traffic, or None while both have some."""
        return self.colors()[0] if len(self.colors()) == 1 else None

    def as_dict(self) -> dict[str, int]:
        """The split as options and results carry it."""
        return {color: self.share(color) for color in COLORS}

    def __str__(self) -> str:
        return f"blue {self.blue} % / green {self.green} %"


def _whole(color: str, share: object) -> int:
    if isinstance(share, str) and share.strip().isdecimal():
        return int(share)
    if isinstance(share, bool) or not isinstance(share, int):
        raise ValueError(f"split: {color} must be a whole number of percent, but found {share!r}")
    return share
