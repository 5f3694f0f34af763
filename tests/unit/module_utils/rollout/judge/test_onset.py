# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.onset import Onset
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.table import Table

CALM, BAD = Table(100, 1, 900, 9), Table(100, 10, 900, 10)


def test_it_began_where_the_evidence_last_was_lowest():
    onset = Onset()
    for number, (table, ratio) in enumerate([(CALM, -0.5), (BAD, 0.7), (CALM, -0.9), (BAD, 2.0), (BAD, 2.5)]):
        onset.take(10.0 * number, [("other", table, ratio)])
    assert onset.since == 30
    assert (onset.c, onset.n_c, onset.b, onset.n_b) == (20, 200, 20, 1800)
    assert onset.gain == pytest.approx(4.5)


def test_the_route_is_the_one_that_gave_most():
    onset = Onset()
    assert onset.route is None
    onset.take(0.0, [("pay", BAD, 2.0), ("other", CALM, -0.1), ("rest", CALM, 0.1)])
    assert onset.route == "pay"


def test_the_odds_ratio_is_mantel_and_haenszels():
    onset = Onset()
    onset.take(0.0, [("pay", BAD, 2.0), ("other", Table(50, 5, 100, 2), 1.0)])
    above = 10 * 890 / 1000 + 5 * 98 / 150
    below = 10 * 90 / 1000 + 2 * 45 / 150
    assert onset.odds_ratio == pytest.approx(above / below)


def test_without_an_event_of_the_baseline_there_is_no_odds_ratio():
    onset = Onset()
    assert onset.odds_ratio is None
    onset.take(0.0, [("other", Table(10, 10, 90, 0), 5.0)])
    assert onset.odds_ratio is None
