#!/usr/bin/env python3
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the last tests took of each folder: `branch_coverage.py LEAST FOLDER... [--without PATTERN...] [--data FILE]`.

LEAST is in percent; a FOLDER can be several paths with commas between them, which count as one. FILE is where the tests
kept their coverage, by default where those of the units do.
`coverage report --fail-under` counts statements and branches together, which flatters: most code is statements.
Here the branches alone must reach LEAST, and both together. Prints one line a folder, and where one has too few, the
files that lack most.
"""

from __future__ import annotations

import argparse
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
    parser = argparse.ArgumentParser(usage=(__doc__ or "").splitlines()[0])
    parser.add_argument("least", type=float)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--data")
    asked = parser.parse_args(arguments)
    data = Coverage(data_file=asked.data) if asked.data else Coverage()
    return max(0 if enough(folder, asked.least, data, asked.without) else 1 for folder in asked.folders)


def enough(folder: str, least: float, data: Coverage, without: list[str]) -> bool:
    """Say how much of *folder* was taken; whether that is *least* percent or more."""
    try:
        measured = measure(folder, data, without)
    except CoverageException as error:
        print(f"{folder}: expected the data of a run of the tests, but {error}")
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


def measure(folder: str, data: Coverage, without: list[str]) -> dict[str, Any]:
    """coverage's own report of *folder*: of the files below each of its paths, or of those that it is a pattern of."""
    data.load()
    include = [path if path.endswith(".py") else f"{path}/*" for path in folder.split(",")]
    with tempfile.TemporaryDirectory() as kept:
        file = Path(kept) / "coverage.json"
        data.json_report(outfile=str(file), include=include, omit=without)
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
