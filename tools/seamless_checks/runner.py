# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs sections and shows, for each, how long it took and what came of it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from .counts import Counts, failed_tests, of_step
from .sections import BESIDE, BIN, BUSY, RESULTS, ROOT, Step, on_request, sections

LAST_IN_LINE = ("nice", "-n", "19")


@dataclass(frozen=True)
class Result:
    """What one step came to, in how many seconds, and which tests of it failed."""

    section: str
    step: str
    counts: Counts
    seconds: float
    failed: Sequence[str] = ()


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
    began = time.monotonic()
    lanes = [lane for lane in ([name for name in lane if name in names[:-1]] for lane in BESIDE) if lane]
    first = [name for name in names if not any(name in lane for lane in lanes)]
    with ThreadPoolExecutor(1) as thread:
        others = thread.submit(run_beside, [{name: known[name] for name in lane} for lane in lanes])
        results = [result for name in first for result in run_section(name, known[name])]
        results += others.result()
    for lane in lanes:
        print(_log(lane).read_text(encoding="utf-8", errors="replace"), flush=True)
    return conclude(results, time.monotonic() - began)


def run_beside(lanes: Sequence[Mapping[str, list[Step]]]) -> list[Result]:
    """Run each lane's sections, lanes at the same time, with the least right to the processor; logs are for the end.

    Others can wait for the lock on BUSY, which is held until then, whatever becomes of this program.
    """
    with BUSY.open("w", encoding="utf-8") as busy, ThreadPoolExecutor(len(BESIDE)) as threads:
        fcntl.flock(busy, fcntl.LOCK_EX)
        return [result for lane in threads.map(_run_lane, lanes) for result in lane]


def _run_lane(named: Mapping[str, list[Step]]) -> list[Result]:
    niced = {name: [replace(step, argv=[*LAST_IN_LINE, *step.argv]) for step in named[name]] for name in named}
    with _log(named).open("w", encoding="utf-8") as said:
        return [result for name, steps in niced.items() for result in run_section(name, steps, said)]


def _log(lane: Iterable[str]) -> Path:
    return RESULTS / f"{'-'.join(lane)}.log"


def run_section(name: str, steps: list[Step], said: IO[str] | None = None) -> list[Result]:
    """Run each step, whatever came of the one before; a section without any has failed, not passed.

    What is said goes to *said*, or to where this program's own words go.
    """
    print(f"\n━━ {name} {'━' * (100 - len(name))}", file=said, flush=True)
    if not steps:
        print(f"   nothing to run: {name} has no step", file=said, flush=True)
        return [Result(name, "(none found)", Counts(failed=1), 0)]
    results = []
    for step in steps:
        results.append(run_step(name, step, said))
        word = "FAILED" if results[-1].counts.failed else "ok"
        line = f"── {step.name}: {word} ({results[-1].counts}) in {results[-1].seconds:.1f} s"
        print(line, file=said, flush=True)
    total = sum(result.seconds for result in results)
    counts = sum((result.counts for result in results), Counts())
    print(f"━━ {name}: {counts} in {total:.0f} s", file=said, flush=True)
    return results


def run_step(section: str, step: Step, said: IO[str] | None = None) -> Result:
    """Run one command with its output passed through; a program that is missing is a failure like another."""
    if step.junit:
        step.junit.unlink(missing_ok=True)  # the last run's counts are not this one's
    started = time.monotonic()
    environment = {**os.environ, **step.environment, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    try:
        status = subprocess.run(
            step.argv, cwd=ROOT, env=environment, check=False, stdout=said, stderr=said and subprocess.STDOUT
        ).returncode
    except OSError as error:
        print(f"cannot run {step.argv[0]}: {error.strerror}", file=said, flush=True)
        status = 127
    seconds = time.monotonic() - started
    return Result(
        section, step.name, of_step(status, step.junit), seconds, failed_tests(step.junit) if step.junit else ()
    )


def conclude(results: list[Result], took: float) -> int:
    """Print the table, what failed and the line of totals, and keep the latter for .ci/run."""
    print(f"\n{'section':<12} {'step':<24} {'seconds':>8} {'passed':>7} {'failed':>7} {'skipped':>8}")
    for result in results:
        counts = result.counts
        mark = "  <- failed" if counts.failed else ""
        print(
            f"{result.section:<12} {result.step:<24} {result.seconds:>8.1f}"
            f" {counts.passed:>7} {counts.failed:>7} {counts.skipped:>8}{mark}"
        )
    total = sum((result.counts for result in results), Counts())
    for told in (told for result in results for told in result.failed):
        print(f"\nFAILED {told}")
    print(f"\nall of it took {took:.0f} s")
    print(f"tests: {total}", flush=True)
    (RESULTS / "summary").write_text(f"tests: {total}\n", encoding="utf-8")
    return 1 if total.failed else 0
