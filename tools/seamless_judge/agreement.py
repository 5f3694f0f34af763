# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the arrays say what the judge says: the same runs through both, decision by decision."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.judge import Judge
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.verdict import HEALTHY, REGRESSED
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.windows import Window

from .traffic import Traffic
from .verdicts import NEVER, verdicts


def windows(traffic: Traffic, run: int) -> Iterator[Window]:
    """One run as the judge gets it."""
    edges = () if traffic.slow_c is None else tuple(float(number + 1) for number in range(traffic.slow_c.shape[0]))
    for poll in range(traffic.n_c.shape[1]):
        arms = []
        for n, events, slow in (
            (traffic.n_c, traffic.c, traffic.slow_c),
            (traffic.n_b, traffic.b, traffic.slow_b),
        ):
            slower = () if slow is None else tuple(int(k) for k in slow[:, run, poll])
            arms.append({"other": Counts(int(n[run, poll]), int(events[run, poll]), slower)})
        yield Window(traffic.poll * poll, traffic.poll * (poll + 1), *arms, origins=("lb1",), edges=edges)


def decide(traffic: Traffic, run: int, settings: Settings, promote: bool) -> tuple[int, int]:
    """The polls at which the judge itself says regressed, or healthy; NEVER where it does not."""
    judge = Judge(settings)
    for poll, window in enumerate(windows(traffic, run)):
        word = judge.observe(window).word
        if word == REGRESSED:
            return poll, NEVER
        if word == HEALTHY and promote:
            return NEVER, poll
    return NEVER, NEVER


def disagreements(traffic: Traffic, settings: Settings, promote: bool) -> int:
    """In how many runs the two differ."""
    outcome = verdicts(traffic, settings, promote)
    ours = np.array([decide(traffic, run, settings, promote) for run in range(traffic.runs)])
    return int(((ours[:, 0] != outcome.regressed) | (ours[:, 1] != outcome.healthy)).sum())
