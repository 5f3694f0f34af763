# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders the document as one self-contained page, in the clothes of the rollout's report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.seamless.delivery.plugins.plugin_utils.report.html import embed, template

from . import figures

_SIZES = {"wide": figures.WIDE, "narrow": figures.NARROW}


def headline(document: dict[str, Any]) -> str:
    """The verdict in one sentence."""
    found = document["reaction"]
    within = "within" if found["within"] else "above"
    return f"More capacity is in service {found['seconds']:g} s after an overload, {within} the {found['limit']:g} s"


def render(document: dict[str, Any], stem: str) -> str:
    """The page of a document, whose JSON is kept beside it as <stem>.json. The same document gives the same page."""
    return template("scaling.html.j2", Path(__file__).parent / "templates").render(
        report=document,
        headline=headline(document),
        tone="good" if document["reaction"]["within"] else "bad",
        reaction={name: figures.reaction(document["reaction"], canvas) for name, canvas in _SIZES.items()},
        runs=[
            (found, {name: figures.run(found, canvas) for name, canvas in _SIZES.items()})
            for found in document["traces"]
        ],
        stem=stem,
        embedded=embed(document),
    )
