# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is for sale. Prices are whole cents: money is no floating-point number."""

from __future__ import annotations

from dataclasses import dataclass

CURRENCY = "EUR"


@dataclass(frozen=True)
class Product:
    """One thing for sale. `art` is the inside of a 64x64 line drawing, `hue` the colour of its tile in degrees."""

    id: int
    name: str
    cents: int
    text: str
    hue: int
    art: str


PRODUCTS: dict[int, Product] = {
    product.id: product
    for product in (
        Product(
            1, "Field notebook", 1290, "160 pages of dotted paper that lie flat, in a cover that outlives a rucksack.",
            215, '<rect x="18" y="10" width="30" height="44" rx="3"/><path d="M25 10v44M32 22h10M32 30h10M32 38h6"/>',
        ),
        Product(
            2, "Stoneware mug", 1850, "Thrown by hand, glazed twice. Holds 350 ml and keeps them warm.",
            24, '<path d="M14 20h28v24a8 8 0 0 1-8 8H22a8 8 0 0 1-8-8zM42 26h5a6 6 0 0 1 0 14h-5M22 8v5M28 6v7M34 8v5"/>',
        ),
        Product(
            3, "Reading lamp", 6400, "Warm light where the page is, and nowhere else. Dims to a glow.",
            46, '<path d="M20 54h24M32 54V34L20 20M14 26l14-14 6 6-14 14zM36 22l6 6M40 14l6 2"/>',
        ),
        Product(
            4, "Fern in a pot", 2200, "Easily pleased: some light, some water, a kind word.",
            140, '<path d="M20 40h24l-4 15H24zM32 40V20M32 28c-8 0-13-5-13-12 8 0 13 5 13 12zM32 24c0-8 5-13 13-13 0 8-5 13-13 13z"/>',
        ),
        Product(
            5, "Desk clock", 3900, "Two hands, no notifications. Silent movement.",
            262, '<circle cx="32" cy="32" r="20"/><path d="M32 20v12l8 5M32 12v3M32 49v3M12 32h3M49 32h3M18 50l-4 5M46 50l4 5"/>',
        ),
        Product(
            6, "Headphones", 11900, "Closed, light and repairable: every part has a number and can be bought.",
            330, '<path d="M12 40v-6a20 20 0 0 1 40 0v6"/><rect x="10" y="36" width="10" height="16" rx="4"/><rect x="44" y="36" width="10" height="16" rx="4"/>',
        ),
        Product(
            7, "Canvas rucksack", 8900, "18 litres of waxed canvas with a pocket for what must stay flat.",
            190, '<path d="M16 28a16 14 0 0 1 32 0v22a5 5 0 0 1-5 5H21a5 5 0 0 1-5-5zM26 15V11a6 6 0 0 1 12 0v4M22 36h20v12H22zM30 36v5"/>',
        ),
        Product(
            8, "Set of pencils", 950, "Twelve cedar pencils from 4H to 6B, and a sharpener that deserves them.",
            78, '<path d="M14 50l3-11L41 15l8 8-24 24zM37 19l8 8M17 39l8 8M44 12l3-2 7 7-2 3"/>',
        ),
    )
}


def price(cents: int) -> str:
    """Return an amount as people write it: 1290 is € 12.90."""
    return f"€ {cents // 100}.{cents % 100:02d}"
