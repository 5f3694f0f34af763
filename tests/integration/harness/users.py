# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users in the background: the project's own probe, at a declared rate, for as long as a `with` block runs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe import declare, process, readiness
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.analysis import analyse
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.config import parse
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.rows import Row, read_rows

from .inventory import merged


class Users:
    """Users of *service* (a declaration without templates), recorded in *folder*.

    ``saw()`` is the analysis of everything so far; after the block, of everything.
    """

    def __init__(self, service: Mapping[str, Any], folder: Path, **probe: Any) -> None:
        self.folder = folder
        self._configuration = declare.configuration(merged(dict(service), {"probe": probe}), folder)

    def __enter__(self) -> Self:
        config = parse(self._configuration)
        self._child = process.start(self.folder, self._configuration)
        until = time.monotonic() + 15
        while True:
            status = process.status(self.folder)
            if status and readiness.ready(config, status):
                return self
            if self._child.poll() is not None or time.monotonic() > until:
                self.__exit__()
                problem = readiness.overdue(config, status, 15) or process.log_tail(self.folder)
                raise AssertionError(f"the users in the background got no answer: {problem}")
            time.sleep(0.1)

    def __exit__(self, *_error: object) -> None:
        if self._child.poll() is None:
            self._child.terminate()
        self._child.wait(60)

    def so_far(self) -> str:
        """What the probe says of itself, without reading what it has recorded."""
        status = process.status(self.folder) or {}
        return f"{status.get('failed', 0):,} of {status.get('sent', 0):,} failed, {status.get('unsent', 0):,} not sent"

    def rows(self) -> list[Row]:
        """What was recorded so far, without what cannot be read."""
        return [row for row in read_rows(self.folder / declare.ROWS) if row is not None]

    def saw(self, cutovers: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """The analysis, with who must not have answered when, given the *cutovers* ({at, from, to})."""
        status = process.status(self.folder) or {}
        found = analyse(read_rows(self.folder / declare.ROWS), list(cutovers), late_ms=status.get("late_ms"))
        return found | {"unsent": status.get("unsent", 0)}
