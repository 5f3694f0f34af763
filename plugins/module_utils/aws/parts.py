# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which sorts of parts a stack has ever had, so that a run looks for no others: each sort looked for is a call.

A part that is declared no longer has to be found still, though nothing refers to it: the run that let go of it may have
died before it removed it. So the resource that parts belong to, their anchor, says of which sorts there have been any:
from its making on, or from before the first one is made. That is never taken back. Where there is no anchor (yet),
every sort is looked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

#: The tag by which an anchor says it, where its description comes with its tags.
HAS_TAG = "seamless:has"


def said(sorts: Collection[str]) -> str:
    """*sorts* of parts as an anchor says them."""
    return " ".join(sorted(sorts))


def tagged(tags: Iterable[Mapping[str, Any]] | None) -> str:
    """What an anchor with these *tags* says."""
    return next((str(tag["Value"]) for tag in tags or () if tag["Key"] == HAS_TAG), "")


def tag(sorts: Collection[str]) -> list[dict[str, str]]:
    """The tag by which an anchor says *sorts*; none where there are none."""
    return [{"Key": HAS_TAG, "Value": said(sorts)}] if sorts else []


class Parts:
    """The sorts of parts of one anchor: those *declared*, and those that it has had.

    *write* has an anchor that is there say them, where parts are made before it is next written.
    """

    def __init__(self, declared: Mapping[str, Any], write: Callable[[frozenset[str]], None] = lambda _: None) -> None:
        self._declared = frozenset(sort for sort, given in declared.items() if given)
        self._write = write
        self._lock = threading.Lock()
        self._there: frozenset[str] | None = None
        #: What the anchor is to say.
        self.sorts = self._declared

    def read(self, text: str | None) -> None:
        """The anchor says *text*; None where there is none."""
        self._there = None if text is None else frozenset(text.split())
        self.sorts = self._declared | (self._there or frozenset())

    def sought(self, sort: str) -> bool:
        """Whether parts of that *sort* may be there."""
        return self._there is None or sort in self.sorts

    def saw(self, sorts: Iterable[str]) -> None:
        """There are parts of these *sorts*."""
        self.sorts |= frozenset(sorts)

    def remember(self, sort: str) -> None:
        """Before a part of a *sort* is made: an anchor that is there says so from now on."""
        with self._lock:
            if self._there is not None and sort not in self._there:
                self.sorts |= {sort}
                self._write(self.sorts)
                self._there = self.sorts
