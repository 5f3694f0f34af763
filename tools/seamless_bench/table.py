# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures as a table for people, and as a file that the next run can be compared with."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from seamless_demo.steps import ROOT


@dataclass(frozen=True)
class Figure:
    """One measured value in *unit*; a figure with a *limit* must not be above it."""

    what: str
    value: float
    unit: str = ""
    limit: float | None = None

    @property
    def met(self) -> bool:
        """Whether it is within its limit."""
        return self.limit is None or self.value <= self.limit

    def row(self) -> str:
        """Its row of the table."""
        number = f"{self.value:,.0f}" if float(self.value).is_integer() else f"{self.value:.2f}"
        limit = "" if self.limit is None else f"{self.limit:g} {self.unit}{'' if self.met else ': missed'}"
        return f"| {self.what} | {number} {self.unit} | {limit} |"


def keep(name: str, figures: Sequence[Figure]) -> int:
    """Print *figures* and write them to reports/bench/<name>.json; 1 when one is above its limit, else 0."""
    print(f"\n{machine()}\n\n| what | figure | at most |\n| --- | ---: | ---: |")
    print("\n".join(figure.row() for figure in figures), flush=True)
    folder = ROOT / "reports" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    document = {"machine": machine(), "figures": [{**asdict(figure), "met": figure.met} for figure in figures]}
    (folder / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return int(not all(figure.met for figure in figures))


def machine() -> str:
    """What the figures depend on most."""
    load = os.getloadavg()[0]
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} at the end"
    )
