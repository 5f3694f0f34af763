# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an order is, and how one is made from what a client sent. Pure: no I/O, no clock."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from .catalog import CURRENCY, PRODUCTS

MAX_QUANTITY = 99


class BadItems(Exception):
    """The list of items does not say what is to be ordered."""


@dataclass(frozen=True)
class Order:
    """A placed order. Names and prices are those of its moment, whatever the catalog says later."""

    id: str
    session: str
    key: str
    placed: float
    """Epoch seconds."""
    release: str
    """The release that took it."""
    items: list[dict[str, Any]]
    """Of product, name, quantity, unit_cents."""
    total_cents: int

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, for the store."""
        return asdict(self)

    def public(self) -> dict[str, Any]:
        """Return what its owner may see: neither session nor key, which are means to act as the owner."""
        return {
            "id": self.id,
            "status": "placed",
            "placed": self.placed,
            "release": self.release,
            "items": self.items,
            "total_cents": self.total_cents,
            "currency": CURRENCY,
        }


def quantities(items: Any) -> dict[int, int]:
    """Return product: quantity of a list of {"product": id, "quantity": n}. Raises BadItems."""
    if not isinstance(items, list) or not items:
        raise BadItems('"items" has to be a list with at least one {"product": id, "quantity": n}')
    wanted: dict[int, int] = {}
    for place, item in enumerate(items):
        product, quantity = (item.get("product"), item.get("quantity", 1)) if isinstance(item, dict) else (None, None)
        where = f"items[{place}]"
        if type(product) is not int or product not in PRODUCTS:
            raise BadItems(f"{where}.product has to be a product's id, 1 to {max(PRODUCTS)}; found {product!r:.40}")
        if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
            raise BadItems(f"{where}.quantity has to be a whole number, 1 to {MAX_QUANTITY}; found {quantity!r:.40}")
        wanted[product] = wanted.get(product, 0) + quantity
        if wanted[product] > MAX_QUANTITY:
            raise BadItems(f"more than {MAX_QUANTITY} of product {product}")
    return wanted


def lines(wanted: dict[int, int]) -> list[dict[str, Any]]:
    """Return an order's lines, in the catalog's order."""
    return [
        {
            "product": product,
            "name": PRODUCTS[product].name,
            "quantity": wanted[product],
            "unit_cents": PRODUCTS[product].cents,
        }
        for product in sorted(wanted)
        if product in PRODUCTS
    ]


def total(items: list[dict[str, Any]]) -> int:
    """Return the cents of all lines."""
    return sum(item["quantity"] * item["unit_cents"] for item in items)


def fingerprint(wanted: dict[int, int]) -> str:
    """Return what two bodies that order the same have in common, however they spell it."""
    return hashlib.sha256(json.dumps(sorted(wanted.items())).encode()).hexdigest()
