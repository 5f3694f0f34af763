# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a handler needs, in one place: `request.app[SHOP]`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from aiohttp import web

from .config import Config
from .lifecycle import Lifecycle
from .observability import Metrics
from .rendering import Pages
from .store import Store


@dataclass(frozen=True)
class Shop:
    """One process of the shop."""

    config: Config
    store: Store
    pages: Pages
    metrics: Metrics
    lifecycle: Lifecycle
    started: float = field(default_factory=time.time)
    """Epoch seconds."""


SHOP = web.AppKey("shop", Shop)
