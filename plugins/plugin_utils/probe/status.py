# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe's status file: what a person or the action plugin reads while it runs.

JSON, replaced as a whole once a second. `ended` is null while it runs; when it is null and the process is gone,
the probe died. `late_ms` says how late the probe itself woke (see `pace`): null values mean that it has not yet.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

from . import VERSION
from .config import Config
from .histogram import Histogram
from .outcome import Shot
from .pace import STARVED


class Status:
    """Counts, and writes them down."""

    def __init__(self, config: Config) -> None:
        self._path = Path(config.status)
        self._config = config
        self._started = time.time()
        self._kinds: dict[str, Counter[str]] = {}
        self._errors: Counter[str] = Counter()
        self._last_errors: dict[str, dict[str, Any]] = {}
        self._late = Histogram()
        self._starved = 0
        self._starved_at: float | None = None

    def note(self, shot: Shot) -> None:
        """Count a request that has ended."""
        kind = self._kind(shot.kind)
        if shot.error:
            kind["failed"] += 1
            self._errors[shot.error] += 1
            self._last_errors[shot.kind] = {"reason": shot.error, "detail": shot.detail, "at": time.time()}
        else:
            kind["ok"] += 1

    def opened(self, kind: str) -> None:
        """Count a stream or websocket that is open now."""
        self._kind(kind)["opened"] += 1

    def woke(self, seconds_late: float) -> None:
        """Note how late the pacer woke."""
        self._late.add(seconds_late * 1000)
        if seconds_late > STARVED:
            self._starved += 1
            self._starved_at = time.time()

    def snapshot(self, in_flight: int, held: int, unsent: int, ended: str | None) -> dict[str, Any]:
        """Return the status as it is written."""
        failed = sum(self._errors.values())
        ok = sum(kind["ok"] for kind in self._kinds.values())
        now = time.time()
        late = self._late.summary()
        return {
            "version": VERSION,
            "pid": os.getpid(),
            "service": self._config.service,
            "address": self._config.address,
            "port": self._config.port,
            "started": self._started,
            "updated": now,
            "ended": ended,
            "sent": ok + failed + in_flight + held,
            "ok": ok,
            "failed": failed,
            "in_flight": in_flight,
            "held": held,
            "rate": round((ok + failed) / max(now - self._started, 0.001), 1),
            "kinds": {name: dict(counts) for name, counts in self._kinds.items()},
            "errors": dict(self._errors),
            "last_errors": self._last_errors,
            "late_ms": {"p50": late["p50"], "p99": late["p99"], "max": late["max"], "starved": self._starved},
            "starved_at": self._starved_at,
            "unsent": unsent,
        }

    def write(self, **now: Any) -> None:
        """Replace the status file; a reader sees the old one or the new one, whole."""
        partial = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        partial.write_text(json.dumps(self.snapshot(**now), indent=1) + "\n", encoding="utf-8")
        partial.replace(self._path)

    def _kind(self, name: str) -> Counter[str]:
        return self._kinds.setdefault(name, Counter(ok=0, failed=0, opened=0))
