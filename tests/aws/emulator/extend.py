# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What moto lacks or does otherwise than AWS and the collection relies on: a file in extensions/ for each service.

An extension mends moto when it is imported. Where it keeps state of its own, it appends what empties it to ``RESETS``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from . import extensions

RESETS: list[Callable[[], None]] = []


def load() -> None:
    """Import every extension."""
    for module in pkgutil.iter_modules(extensions.__path__):
        importlib.import_module(f"{extensions.__name__}.{module.name}")


def reset() -> None:
    """Empty what extensions keep."""
    for empty in RESETS:
        empty()
