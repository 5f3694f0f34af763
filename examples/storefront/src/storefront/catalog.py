# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is for sale. Prices are whole cents: money is no floating-point number."""

from __future__ import annotations

from dataclasses import dataclass

CURRENCY = "EUR"


@dataclass(frozen=True)
class Product:
    """One thing for sale. `hue` is the colour of its tile, in degrees; its drawing is in templates/macros.html."""

    id: int
    name: str
    cents: int
    hue: int
    text: str


PRODUCTS: dict[int, Product] = {
    product.id: product
    for product in (
        Product(
            1,
            "Field notebook",
            1290,
            215,
            "160 pages of dotted paper that lie flat, in a cover that outlives a rucksack.",
        ),
        Product(2, "Stoneware mug", 1850, 24, "Thrown by hand, glazed twice. Holds 350 ml and keeps them warm."),
        Product(3, "Reading lamp", 6400, 46, "Warm light where the page is, and nowhere else. Dims to a glow."),
        Product(4, "Fern in a pot", 2200, 140, "Easily pleased: some light, some water, a kind word."),
        Product(5, "Desk clock", 3900, 262, "Two hands, no notifications. Silent movement."),
        Product(
            6, "Headphones", 11900, 330, "Closed, light and repairable: every part has a number and can be bought."
        ),
        Product(7, "Canvas rucksack", 8900, 190, "18 litres of waxed canvas with a pocket for what must stay flat."),
        Product(
            8, "Set of pencils", 950, 78, "Twelve cedar pencils from 4H to 6B, and a sharpener that deserves them."
        ),
    )
}


def price(cents: int) -> str:
    """Return an amount as people write it: 1290 is € 12.90."""
    return f"€ {cents // 100}.{cents % 100:02d}"
