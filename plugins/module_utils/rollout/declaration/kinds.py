# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of single values that a declaration is made of.

A kind says what it expects (``expected``, for messages and for the reference) and checks a value:
``check`` returns the value as the declaration goes on with it, or appends to *problems* and returns INVALID.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from .problem import Problem, Where, nearest, shown


class _Invalid:
    """The type of INVALID, which no declaration can contain."""


INVALID: Final = _Invalid()


class Kind(Protocol):
    """What every kind of value offers."""

    @property
    def expected(self) -> str:
        """What a right value is, to go on after "expected ..."."""

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """The normalised value, or INVALID with at least one more problem in *problems*."""


@dataclass(frozen=True)
class Text:
    """A text that a pattern matches in full."""

    pattern: str
    expected: str

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """A text is left as it is."""
        if isinstance(value, str) and re.fullmatch(self.pattern, value):
            return value
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        hint = f'a number in YAML; put it in quotes: "{value}"' if number else ""
        problems.append(Problem(where, shown(value), self.expected, hint))
        return INVALID


@dataclass(frozen=True)
class Number:
    """A number from ``low`` to ``high``, both included; ``unit`` is part of what is expected."""

    low: float
    high: float
    unit: str = ""
    whole: bool = False

    @property
    def expected(self) -> str:
        """Such as "a whole number of percent from 1 to 100"."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind}{f' of {self.unit}' if self.unit else ''} from {self.low:g} to {self.high:.10g}"

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """A number is left as it is; one written as a text is refused, since YAML tells the two apart."""
        right = isinstance(value, int if self.whole else (int, float)) and not isinstance(value, bool)
        if right and self.low <= value <= self.high:
            return value
        text = isinstance(value, str) and re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", value)
        hint = "a text in YAML; write it without quotes, or end the template with | int or | float" if text else ""
        problems.append(Problem(where, shown(value), self.expected, hint))
        return INVALID


@dataclass(frozen=True)
class Flag:
    """True or false."""

    expected: str = "true or false"

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """A truth value is left as it is; the words yes, no, on, off are ones in YAML."""
        if isinstance(value, bool):
            return value
        problems.append(Problem(where, shown(value), self.expected))
        return INVALID


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def expected(self) -> str:
        """Such as "refuse or extend"."""
        return " or ".join(self.words)

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """A word is left as it is."""
        if isinstance(value, str) and value in self.words:
            return value
        problems.append(Problem(where, shown(value), self.expected, nearest(str(value), self.words)))
        return INVALID


@dataclass(frozen=True)
class Parsed:
    """A text that a parser takes; the parser raises ValueError with a hint, which may be empty."""

    parse: Callable[[str], object]
    expected: str

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """A text is left as it is."""
        hint = ""
        if isinstance(value, str):
            try:
                self.parse(value)
                return value
            except ValueError as error:
                hint = str(error)
        problems.append(Problem(where, shown(value), self.expected, hint))
        return INVALID


_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


def _hostname(text: str) -> None:
    """Labels as RFC 1123, section 2.1, has them; the last is not all digits, or it would be an address."""
    if "://" in text or "/" in text:
        raise ValueError("leave out the scheme and the path")
    if ":" in text:
        raise ValueError("leave out the port")
    if len(text) > 253 or not re.fullmatch(rf"({_LABEL}\.)*{_LABEL}", text) or text.rpartition(".")[2].isdigit():
        raise ValueError("")


def _address(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        _hostname(text)


def _network(text: str) -> None:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError("") from None
    if "/" in text and str(network.network_address) != str(ipaddress.ip_address(text.partition("/")[0])):
        raise ValueError(f"that is an address within {network}; write the network itself, or the address alone")


HOSTNAME: Final = Parsed(_hostname, "a host name such as shop.example.test")
ADDRESS: Final = Parsed(_address, "an IP address or a host name")
NETWORK: Final = Parsed(_network, "a network such as 10.111.0.0/24, or one IP address")
