# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the plan's sentences hold: what it says is found 95 times of 100 is, and what it says is cleared is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from seamless_bench.table import Figure

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.detectable import Expected, outlook

from .cases import PLAIN, Bench, percent
from .traffic import QUANTILES
from .verdicts import verdicts

ERRORS = (
    # requests a second, share, base error rate, seconds, whether with the test at the end
    (100, 0.1, 0.005, 600, False),
    (100, 0.1, 0.005, 600, True),
    (100, 0.05, 0.02, 300, False),
    (1000, 0.01, 0.001, 600, True),
    (20, 0.1, 0.01, 600, False),
    (5, 0.2, 0.0, 600, True),
)


def found(bench: Bench) -> Iterator[Figure]:
    """The smallest rise of errors that the plan promises, with errors alone."""
    for rps, share, base, seconds, ended in ERRORS:
        settings = replace(PLAIN, horizon=seconds if ended else None)
        (errors,) = outlook(Expected(rps, share, base), seconds, settings).findings
        if errors.raised is None:
            continue
        traffic = bench.simulate(2_000, seconds // 10, base, errors.raised, rps=rps, share=share)
        missed = 1 - verdicts(traffic, settings).aborts
        what = f"promised rise not found: {100 * base:g} to {100 * errors.raised:.3g} %, {rps} rps, {share:.0%}"
        yield percent(what + (", with the end test" if ended else ""), missed, 5)


def slow(bench: Bench) -> Iterator[Figure]:
    """The same for one edge, with errors measured as well; the edges beside it stay as they are where they can.

    And for errors, with the edges measured: the promise of a plan, which knows of the edges no more than their number.
    """
    expected = Expected(100, 0.1, 0.005, {float(n): share for n, share in enumerate(QUANTILES, start=1)})
    for finding, base in zip(outlook(expected, 300, PLAIN).findings[1:], QUANTILES, strict=True):
        if finding.raised is None:
            continue
        moved = [finding.raised if share == base else share for share in QUANTILES]
        lowered = np.maximum.accumulate(moved[::-1])[::-1]  # more above one edge means no fewer above lower ones
        traffic = bench.simulate(1_000, 30, 0.005, 0.005, slow=(lowered.tolist(), QUANTILES))
        what = (
            f"promised share of slow answers not found: {100 * base:g} to {100 * finding.raised:.3g} %, 100 rps, 10 %"
        )
        yield percent(what, 1 - verdicts(traffic, PLAIN).aborts, 5)
    for rps, share, base, seconds, ended in ERRORS[:3]:
        settings = replace(PLAIN, horizon=seconds if ended else None)
        errors = outlook(Expected(rps, share, base, edges=len(QUANTILES)), seconds, settings).findings[0]
        if errors.raised is None:
            continue
        alike = (QUANTILES, QUANTILES)
        traffic = bench.simulate(1_000, seconds // 10, base, errors.raised, rps=rps, share=share, slow=alike)
        what = f"promised rise not found, latency measured: {100 * base:g} to {100 * errors.raised:.3g} %, {rps} rps"
        yield percent(what + (", with the end test" if ended else ""), 1 - verdicts(traffic, settings).aborts, 5)


def cleared(bench: Bench) -> Iterator[Figure]:
    """The seconds after which the plan says that a healthy canary is cleared, with errors alone."""
    for rps, share, base in (
        (100, 0.1, 0.005),
        (100, 0.1, 0.02),
        (100, 0.1, 0.0),
        (100, 0.25, 0.01),
        (50, 0.05, 0.0003),
    ):
        (errors,) = outlook(Expected(rps, share, base), 600, PLAIN).findings
        if errors.seconds is None:
            continue
        polls = int(np.ceil(errors.seconds / 10))
        traffic = bench.simulate(1_000, polls, base, base, rps=rps, share=share)
        held = 1 - verdicts(traffic, PLAIN, promote=True).promotions
        what = f"not cleared in the promised {errors.seconds:.0f} s: {100 * base:g} % errors, {rps} rps, {share:.0%}"
        yield percent(what, held, 5)


CASES = (found, slow, cleared)
