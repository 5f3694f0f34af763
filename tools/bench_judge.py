#!/usr/bin/env python3
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-judge``: the judge in simulated rollouts, beside the rules of others; the figures of docs/judge.md.

``tools/bench_judge.py [--part PART] [SEED]``: PART of the runs that the limits ask for (1, all, by default; 0.05 is a
quick look, whose shares are coarse). Prints a table, writes reports/bench/judge.json, and fails when a figure is above
its limit. Same seed and part, same figures, but for the one that is a duration.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
from seamless_bench.table import Figure, keep
from seamless_judge import cases, comparison, itself, promises

SEED = 20261125


def main(arguments: list[str]) -> int:
    """0 when every figure is within its limit."""
    parser = argparse.ArgumentParser(description="The canary judge in simulated rollouts.")
    parser.add_argument("seed", nargs="?", type=int, default=SEED)
    parser.add_argument("--part", type=float, default=1.0, help="part of the runs that the limits ask for")
    options = parser.parse_args(arguments)
    print(f"numpy's default_rng with the seed {options.seed}, {options.part:g} of the runs", flush=True)
    figures: list[Figure] = []
    for number, case in enumerate((*itself.CASES, *cases.CASES, *promises.CASES, *comparison.CASES)):
        began = time.monotonic()
        # A generator of its own for each question: one more run here changes nothing there.
        bench = cases.Bench(np.random.default_rng([options.seed, number]), options.part)
        for figure in case(bench):
            figures.append(figure)
            print(f"  {figure.row()}", flush=True)
        print(f"  {case.__name__}: {time.monotonic() - began:.0f} s", flush=True)
    return keep("judge", figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
