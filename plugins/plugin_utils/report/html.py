# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders a report document as one self-contained page: no script that runs, nothing fetched, all text escaped."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from .facts import particulars, tiles
from .figures import NARROW, WIDE, figures
from .store import stem
from .verdict import verdict
from .watch_words import steps
from .words import duration, instant, milliseconds, phase_name

_TEMPLATES = Path(__file__).parent / "templates"


def render(document: dict[str, Any]) -> str:
    """The page of a report document. The same document always gives the same page."""
    return template("report.html.j2").render(
        report=document,
        verdict=verdict(document),
        tiles=tiles(document),
        particulars=particulars(document),
        figures=[(name, found) for name, found in _figures(document) if found],
        steps=steps(document),
        stem=stem(document["rollout"]),
        embedded=embed(document),
    )


def template(name: str, *folders: Path) -> Template:
    """A template of this page, or of another in *folders*: with the filters, and the style sheet with its hash."""
    made = Environment(
        loader=FileSystemLoader([*folders, _TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"duration": duration, "instant": instant, "milliseconds": milliseconds, "phase": phase_name}
    # The page's policy allows this very style sheet and nothing else, so its hash must be over these very bytes.
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    made.globals |= {
        "style": Markup(style),  # noqa: S704 - our own style sheet, nobody else's words
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    }
    return made.get_template(name)


def _figures(document: dict[str, Any]) -> list[tuple[str, dict[str, Any] | None]]:
    """Both drawings go into the page and the style sheet shows one: text on a phone is then as large as anywhere."""
    return [("wide", figures(document, WIDE)), ("narrow", figures(document, NARROW))]


def embed(document: dict[str, Any]) -> Markup:
    """The document as JSON that cannot end the element it stands in, nor be read as markup."""
    text = json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - escaped for a script element right above
