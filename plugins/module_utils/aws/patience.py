# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Patience with what AWS takes minutes for, where botocore's waiters know too few states."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from .resource import StackError

_T = TypeVar("_T")


def until(look: Callable[[], _T | None], for_what: str, longest: float = 3600.0, pause: float = 10.0) -> _T:
    """What *look* returns, as soon as that is not None; asked again after *pause* seconds, for *longest* seconds.

    Raises StackError when it does not come.
    """
    deadline = time.monotonic() + longest
    while True:
        seen = look()
        if seen is not None:
            return seen
        if time.monotonic() > deadline:
            raise StackError(f"waited {longest:.0f} s for {for_what}, which did not come: see its events at AWS")
        time.sleep(pause)
