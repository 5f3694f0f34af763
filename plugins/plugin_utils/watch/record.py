# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was counted in a step, kept on the controller: a watch that is interrupted goes on with the same evidence.

One reading is one line of JSON. A torn last line is what a crash leaves, and is no evidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts, Reading, Sample


class Record:
    """The readings of one phase, in *directory*."""

    def __init__(self, directory: Path, phase: str) -> None:
        self.path = directory / f"{phase}.counts.jsonl"

    def append(self, at: float, reading: Reading) -> None:
        """Keep one more reading, which was taken *at* (epoch seconds)."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"at": at, **asdict(reading)}, separators=(",", ":")) + "\n"
        if not self._whole():
            line = "\n" + line
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line)

    def readings(self) -> Iterator[tuple[float, Reading]]:
        """What was kept so far and when it was taken, oldest first; lines that cannot be read are left out."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    value = json.loads(line)
                    yield float(value["at"]), _reading(value)
                except (ValueError, KeyError, TypeError):
                    continue

    def conclude(self, conclusion: Mapping[str, Any]) -> None:
        """Keep what the watch came to, its history for drawing among it, where the report finds it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(conclusion, separators=(",", ":")) + "\n"
        self.path.with_suffix("").with_suffix(".watch.json").write_text(text, encoding="utf-8")

    def _whole(self) -> bool:
        """Whether the file ends with a line's end: nothing may be glued to what a crash has torn."""
        if not self.path.exists() or self.path.stat().st_size == 0:
            return True
        with self.path.open("rb") as file:
            file.seek(-1, 2)
            return file.read(1) == b"\n"


def _reading(value: dict[str, Any]) -> Reading:
    samples = tuple(
        Sample(
            at=float(sample["at"]),
            origin=str(sample["origin"]),
            incarnation=str(sample["incarnation"]),
            counts={
                color: {
                    route: Counts(int(counts["requests"]), int(counts["errors"]), tuple(counts["slower"]))
                    for route, counts in routes.items()
                }
                for color, routes in sample["counts"].items()
            },
        )
        for sample in value["samples"]
    )
    return Reading(tuple(value["edges"]), samples, dict(value.get("missing") or {}))
