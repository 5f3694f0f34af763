# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables as people read them: a row of Markdown for each key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .containers import REQUIRED, Key, ListOf, Section, Variants

HEAD = ("| Key | Expected | Default | Meaning |", "| --- | --- | --- | --- |")


def table(name: str, section: Section) -> str:
    """The reference of a section, its nested sections included, whose keys begin with *name*."""
    return "\n".join([*HEAD, *_rows(name, section)])


def _rows(prefix: str, section: Section) -> Iterator[str]:
    for name, key in section.keys.items():
        way = f"{prefix}.{name}"
        kind = key.kind
        nested = kind.item if isinstance(kind, ListOf) and isinstance(kind.item, Section) else kind
        if isinstance(nested, Section):
            yield _row(way, "a list of mappings" if nested is not kind else "a mapping", key)
            yield from _rows(f"{way}[]" if nested is not kind else way, nested)
        elif isinstance(nested, Variants):
            yield from _variants(way, nested, key)
        else:
            yield _row(way, kind.expected, key)


def _variants(way: str, variants: Variants, key: Key) -> Iterator[str]:
    types = " or ".join(f"`{name}`" for name in variants.sections)
    default = "required" if key.default is REQUIRED else _default(key.default["type"])
    yield f"| `{way}.type` | {types} | {default} | {variants.description} |"
    for section in variants.sections.values():
        yield from _rows(way, section)


def _row(way: str, expected: str, key: Key) -> str:
    return f"| `{way}` | {expected.replace('|', chr(92) + '|')} | {_default(key.default)} | {key.description} |"


def _default(default: Any) -> str:
    if default is REQUIRED:
        return "required"
    return "" if default == {} else f"`{json.dumps(default)}`"
