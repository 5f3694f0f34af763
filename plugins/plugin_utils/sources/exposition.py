# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads Prometheus's text format, as much of it as counters need: names, labels and values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?[ \t]*")
_LABEL = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"\s*(,|$)')
_ESCAPES = {"n": "\n"}


@dataclass(frozen=True)
class Line:
    """One sample. ``value`` is as it was written: what is told apart by it may be longer than a float."""

    name: str
    labels: dict[str, str]
    value: str


def lines(text: str) -> Iterator[Line]:
    """Every sample of *text*; comments and empty lines are none. Raises ValueError for any other line."""
    for raw in text.splitlines():
        if not raw.strip() or raw.startswith("#"):
            continue
        match = _LINE.fullmatch(raw)
        if match is None:
            raise ValueError(f"expected a line of Prometheus's text format, found {raw[:80]!r}")
        name, labels, value = match.groups()
        float(value)  # a ValueError of its own
        yield Line(name, _labels(labels or ""), value)


def _labels(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _LABEL.match(text, at)
        if match is None:
            raise ValueError(f'expected labels such as color="blue", found {text[:80]!r}')
        found[match[1]] = re.sub(r"\\(.)", lambda escaped: _ESCAPES.get(escaped[1], escaped[1]), match[2])
        at = match.end()
    return found
