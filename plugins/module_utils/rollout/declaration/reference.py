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
        nested = kind.item if isinstance(kind, ListOf) and isinstance(kind.item, (Section, Variants)) else kind
        inner = way if nested is kind else f"{way}[]"
        if isinstance(nested, Section):
            yield _row(way, "a mapping" if nested is kind else "a list of mappings", key)
            yield from _rows(inner, nested)
        elif isinstance(nested, Variants):
            if nested is not kind:
                yield _row(way, "a list of mappings", key)
            yield from _variants(inner, nested, key)
        else:
            yield _row(way, kind.expected, key)


def _variants(way: str, variants: Variants, key: Key) -> Iterator[str]:
    """What all variants have stands once, at the end; before it, what only one has, with its type."""
    types = " or ".join(f"`{name}`" for name in variants.sections)
    known = isinstance(key.default, dict) and "type" in key.default
    default = _default(key.default["type"]) if known else "required"
    yield f"| `{way}.type` | {types} | {default} | {variants.description} |"
    sections = variants.sections.values()
    shared = {
        name: key
        for section in sections
        for name, key in section.keys.items()
        if all(other.keys.get(name) is key for other in sections)
    }
    for type_, section in variants.sections.items():
        own = {name: key for name, key in section.keys.items() if name not in shared}
        note = f" (`{type_}`)" if len(variants.sections) > 1 else ""
        yield from (row[:-2] + f"{note} |" for row in _rows(way, Section(own)))
    yield from _rows(way, Section(shared))


def _row(way: str, expected: str, key: Key) -> str:
    return f"| `{way}` | {expected.replace('|', chr(92) + '|')} | {_default(key.default)} | {key.description} |"


def _default(default: Any) -> str:
    if default is REQUIRED:
        return "required"
    return "" if default == {} else f"`{json.dumps(default)}`"
