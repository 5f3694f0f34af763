#!/usr/bin/env python3
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the last unit tests took of each folder: `branch_coverage.py LEAST FOLDER...`, LEAST in percent.

`coverage report --fail-under` counts statements and branches together, which flatters: most code is statements.
Here the branches alone must reach LEAST, and both together. Prints one line a folder, and where one has too few, the
files that lack most.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from coverage import Coverage
from coverage.exceptions import CoverageException

SHOWN = 5


def main(arguments: list[str]) -> int:
    """0 when every folder has its share, 1 when one has not, or when nothing was measured."""
    least, folders = float(arguments[0]), arguments[1:]
    return max(0 if enough(folder, least) else 1 for folder in folders)


def enough(folder: str, least: float) -> bool:
    """Say how much of *folder* was taken; whether that is *least* percent or more."""
    try:
        measured = measure(folder)
    except CoverageException as error:
        print(f"{folder}: expected the data of a run of the unit tests, but {error}")
        return False
    totals = measured["totals"]
    taken, there = totals["covered_branches"], totals["num_branches"]
    branches, both = 100 * taken / there if there else 0.0, totals["percent_covered"]
    print(
        f"{folder}: {taken} of {there} branches, {branches:.1f} %; with statements {both:.1f} % (at least {least:g} %)"
    )
    if min(branches, both) >= least:
        return True
    lacking = sorted(measured["files"].items(), key=lambda entry: entry[1]["summary"]["percent_covered"])
    for name, file in lacking[:SHOWN]:
        print(f"  {name}: lines {file['missing_lines']}, branches {file['missing_branches']}")
    return False


def measure(folder: str) -> dict[str, Any]:
    """coverage's own report of *folder*."""
    data = Coverage()
    data.load()
    with tempfile.TemporaryDirectory() as kept:
        file = Path(kept) / "coverage.json"
        data.json_report(outfile=str(file), include=[f"{folder}/*"])
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
