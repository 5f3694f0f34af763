# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many passed, failed and were skipped: of a command, of a JUnit file, of all together."""

from __future__ import annotations

# The files are those that our own tools wrote a moment ago.
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Counts:
    """Numbers of tests; they add up with ``+``."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def of_step(status: int, junit: Path | None) -> Counts:
    """The counts of a command that ended with *status* and wrote *junit*, or wrote none.

    A command that failed counts at least one failure, and one that should have counted tests but counted none
    has failed: a suite that was not collected must not look like a suite that passed.
    """
    if junit is None:
        return Counts(passed=1) if status == 0 else Counts(failed=1)
    counts = of_junit(junit) if junit.is_file() else Counts()
    if counts.failed == 0 and (status != 0 or counts.passed == 0):
        return counts + Counts(failed=1)
    return counts


def failed_tests(path: Path, most_lines: int = 8, width: int = 160) -> list[str]:
    """Each test of a JUnit file that failed, with the beginning and the end of why; none of an unreadable file."""
    try:
        cases = list(ET.parse(path).getroot().iter("testcase"))  # noqa: S314
    except (ET.ParseError, OSError):
        return []
    told = []
    for case in cases:
        for why in (*case.findall("failure"), *case.findall("error")):
            lines = [line[:width] for line in (why.get("message") or "").splitlines() if line.strip()]
            if len(lines) > most_lines:
                lines = [lines[0], "...", *lines[2 - most_lines :]]
            told.append("\n".join([f"{case.get('classname')}::{case.get('name')}", *(f"    {line}" for line in lines)]))
    return told


def of_junit(path: Path) -> Counts:
    """Sums the suites of a JUnit file. An unreadable one (its writer was killed) counts nothing."""
    try:
        suites = list(ET.parse(path).getroot().iter("testsuite"))  # noqa: S314
    except ET.ParseError:
        return Counts()
    tests, failed, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites for name in names)
        for names in (["tests"], ["failures", "errors"], ["skipped"])
    )
    return Counts(tests - failed - skipped, failed, skipped)
