# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML. What every user sees alike is rendered once, at start: a request for it costs no template.

All templates are loaded then as well, so that a broken one fails the release's start and not a user's request. The
style is part of each page: in the middle of a rollout, a page of one release that asks for its stylesheet may reach
the other one.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .catalog import PRODUCTS, price
from .config import Config
from .order import MAX_QUANTITY

ACCENTS = ("#4f46e5", "#0f766e", "#b45309", "#be185d", "#0369a1", "#6d28d9")
"""One for each major version in turn, so that one sees at a glance which release answered; white text is readable
on each (contrast 4.5 or more)."""


class Pages:
    """The pages of one release."""

    def __init__(self, config: Config) -> None:
        self._environment = Environment(
            loader=PackageLoader("storefront"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        style = self._environment.get_template("style.css").render(
            accent=accent(config.version), products=PRODUCTS.values()
        )
        self._environment.globals.update(
            version=config.version,
            release=config.release,
            color=config.color,
            style=Markup(style),  # noqa: S704 - our own file
            price=price,
            max_quantity=MAX_QUANTITY,
        )
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.policy = f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; frame-ancestors 'none'"
        """The Content-Security-Policy: our style, our forms, and nothing else. There is no script."""
        names = [name for name in self._environment.list_templates() if name.endswith(".html")]
        self._templates = {name.removesuffix(".html"): self._environment.get_template(name) for name in names}
        self.catalog = self.render("broken" if config.faults.smoke else "catalog", products=PRODUCTS.values())
        self.products = {product.id: self.render("product", product=product) for product in PRODUCTS.values()}

    def render(self, template: str, **values: Any) -> bytes:
        """Return a page."""
        return self._templates[template].render(values).encode()


def accent(version: str) -> str:
    """Return a version's colour."""
    major = version.partition(".")[0]
    return ACCENTS[(int(major) - 1) % len(ACCENTS)] if major.isdigit() else ACCENTS[0]
