# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carts and orders on disk: an SQLite file, behind four questions that another database can answer as well.

SQLite blocks, an event loop must not: one thread of its own does all the work. One thread is also what makes the
answer to a repeated order simple, because no two of them are ever placed at once.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from .order import Order

T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS cart (
    session TEXT NOT NULL, product INTEGER NOT NULL, quantity INTEGER NOT NULL,
    PRIMARY KEY (session, product)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY, session TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (session, key)
) WITHOUT ROWID;
"""
# Two releases share the file of a color, one after the other, and a rollback brings back the older: changes to the
# schema only ever add, so that each release finds what it knows.


class KeyReused(Exception):
    """The idempotency key came before, with another body."""


class Store(Protocol):
    """What the shop asks of its storage."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def check(self) -> None:
        """Raise where it cannot be read from."""

    async def cart(self, session: str) -> dict[int, int]:
        """Return product: quantity of a user's cart."""

    async def put(self, session: str, product: int, quantity: int) -> None:
        """Make a cart hold *quantity* of a product; 0 takes it out."""

    async def place(self, order: Order, fingerprint: str, *, empty_cart: bool = False) -> tuple[Order, bool]:
        """Keep an order, durably, and return it and True; or the one that has its session and key already, and False.

        Raises KeyReused where that one was made from a body with another fingerprint.
        """

    async def order(self, order_id: str) -> Order | None:
        """Return an order."""


class SQLiteStore:
    """The storage of one process of the shop, in one file."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "storefront.sqlite3"
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._db: sqlite3.Connection

    async def open(self) -> None:
        await self._run(self._open)

    async def close(self) -> None:
        await self._run(lambda: self._db.close())
        self._thread.shutdown()

    async def check(self) -> None:
        await self._run(lambda: self._db.execute("SELECT 1 FROM orders LIMIT 1").fetchone())

    async def cart(self, session: str) -> dict[int, int]:
        query = "SELECT product, quantity FROM cart WHERE session = ? ORDER BY product"
        return dict(await self._run(lambda: self._db.execute(query, (session,)).fetchall()))

    async def put(self, session: str, product: int, quantity: int) -> None:
        def work() -> None:
            with self._db:
                self._db.execute("DELETE FROM cart WHERE session = ? AND product = ?", (session, product))
                if quantity:
                    self._db.execute("INSERT INTO cart VALUES (?, ?, ?)", (session, product, quantity))

        await self._run(work)

    async def place(self, order: Order, fingerprint: str, *, empty_cart: bool = False) -> tuple[Order, bool]:
        return await self._run(lambda: self._place(order, fingerprint, empty_cart))

    async def order(self, order_id: str) -> Order | None:
        query = "SELECT body FROM orders WHERE id = ?"
        row = await self._run(lambda: self._db.execute(query, (order_id,)).fetchone())
        return Order(**json.loads(row[0])) if row else None

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self._path, timeout=5)
        self._db.execute("PRAGMA journal_mode = WAL")
        # An order that was confirmed must survive a power cut: one fsync for each is what that costs.
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)

    def _place(self, order: Order, fingerprint: str, empty_cart: bool) -> tuple[Order, bool]:
        query = "SELECT fingerprint, body FROM orders WHERE session = ? AND key = ?"
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            found = self._db.execute(query, (order.session, order.key)).fetchone()
            if found and found[0] != fingerprint:
                raise KeyReused
            if found:
                return Order(**json.loads(found[1])), False
            self._db.execute(
                "INSERT INTO orders VALUES (?, ?, ?, ?, ?)",
                (order.id, order.session, order.key, fingerprint, json.dumps(order.to_dict())),
            )
            if empty_cart:
                self._db.execute("DELETE FROM cart WHERE session = ?", (order.session,))
        return order, True

    async def _run(self, work: Callable[[], T]) -> T | Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
