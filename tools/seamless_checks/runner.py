# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs sections and shows, for each, how long it took and what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from .counts import Counts, of_step
from .sections import BIN, RESULTS, ROOT, Step, on_request, sections


@dataclass(frozen=True)
class Result:
    """What one step came to, and in how many seconds."""

    section: str
    step: str
    counts: Counts
    seconds: float


def main(argv: list[str] | None = None) -> int:
    """Run the sections that *argv* names; 0 when all passed, 1 when any failed, 2 for an unknown name."""
    regular = sections()
    known = {**regular, **on_request()}
    wanted = sys.argv[1:] if argv is None else argv
    unknown = [name for name in wanted if name not in known and name != "all"]
    if unknown or not wanted:
        print(f"expected some of: all {' '.join(known)}; found: {' '.join(wanted) or 'nothing'}", file=sys.stderr)
        return 2
    names = list(regular) if "all" in wanted else wanted
    RESULTS.mkdir(parents=True, exist_ok=True)
    results = [result for name in names for result in run_section(name, known[name])]
    return conclude(results)


def run_section(name: str, steps: list[Step]) -> list[Result]:
    """Run each step, whatever came of the one before; a section without any has failed, not passed."""
    print(f"\n━━ {name} {'━' * (100 - len(name))}", flush=True)
    if not steps:
        print(f"   nothing to run: {name} has no step", flush=True)
        return [Result(name, "(none found)", Counts(failed=1), 0)]
    results = []
    for step in steps:
        results.append(run_step(name, step))
        word = "FAILED" if results[-1].counts.failed else "ok"
        print(f"── {step.name}: {word} ({results[-1].counts}) in {results[-1].seconds:.1f} s", flush=True)
    total = sum(result.seconds for result in results)
    print(f"━━ {name}: {sum((result.counts for result in results), Counts())} in {total:.0f} s", flush=True)
    return results


def run_step(section: str, step: Step) -> Result:
    """Run one command with its output passed through; a program that is missing is a failure like another."""
    if step.junit:
        step.junit.unlink(missing_ok=True)  # the last run's counts are not this one's
    started = time.monotonic()
    environment = {**os.environ, **step.environment, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    try:
        status = subprocess.run(step.argv, cwd=ROOT, env=environment, check=False).returncode
    except OSError as error:
        print(f"cannot run {step.argv[0]}: {error.strerror}", flush=True)
        status = 127
    return Result(section, step.name, of_step(status, step.junit), time.monotonic() - started)


def conclude(results: list[Result]) -> int:
    """Print the table and the line of totals, and keep the latter for .ci/run."""
    print(f"\n{'section':<12} {'step':<24} {'seconds':>8} {'passed':>7} {'failed':>7} {'skipped':>8}")
    for result in results:
        counts = result.counts
        mark = "  <- failed" if counts.failed else ""
        print(
            f"{result.section:<12} {result.step:<24} {result.seconds:>8.1f}"
            f" {counts.passed:>7} {counts.failed:>7} {counts.skipped:>8}{mark}"
        )
    total = sum((result.counts for result in results), Counts())
    print(f"\nall of it took {sum(result.seconds for result in results):.0f} s")
    print(f"tests: {total}", flush=True)
    (RESULTS / "summary").write_text(f"tests: {total}\n", encoding="utf-8")
    return 1 if total.failed else 0
