# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of others on the judge's traffic, side by side. No limits: theirs are not ours to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from seamless_bench.table import Figure

from . import rivals
from .cases import BASES, ENDED, PLAIN, RISES, TEN_MINUTES, Bench, compared, percent
from .traffic import Traffic
from .verdicts import Outcome, verdicts

RULES: dict[str, Callable[[Traffic], Outcome]] = {
    "judge": lambda traffic: verdicts(traffic, PLAIN),
    "judge with the end test": lambda traffic: verdicts(traffic, ENDED),
    "Flagger-like": rivals.flagger,
    "Kayenta-like": rivals.kayenta,
    "z-test at every poll": rivals.z_test,
}


def alike(bench: Bench) -> Iterator[Figure]:
    """Who aborts a canary that is as good as the old release, in ten minutes, at rest and in an outage of both."""
    for base in BASES:
        traffic = bench.simulate(2_000, TEN_MINUTES, base, base)
        for name, rule in RULES.items():
            yield percent(f"{name}: A/A aborted, {100 * base:g} % errors, 100 rps", rule(traffic).aborts, None)
    rates = np.where((np.arange(TEN_MINUTES) >= 20) & (np.arange(TEN_MINUTES) < 50), 0.2, 0.005)
    traffic = bench.simulate(2_000, TEN_MINUTES, rates, rates)
    for name, rule in RULES.items():
        yield percent(f"{name}: aborted when both fail by 20 % for 5 min", rule(traffic).aborts, None)


def worse(bench: Bench) -> Iterator[Figure]:
    """Who finds a rise, in how many requests (the mean of the runs that find it), with 10 s between polls."""
    for rise in ("x2", "x5", "+5 points"):
        traffic = bench.simulate(2_000, TEN_MINUTES, 0.005, RISES[rise])
        for name, rule in RULES.items():
            times, share = compared(rule(traffic), RISES[rise])
            yield percent(f"{name}: {rise} at 0.5 % found in 10 min", share, None)
            if share > 0:
                yield Figure(f"{name}: requests to find {rise} at 0.5 %", times, "x bound")


CASES = (alike, worse)
