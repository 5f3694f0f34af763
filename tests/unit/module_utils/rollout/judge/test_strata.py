# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.strata import Strata, Stratum
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.table import Metric, Table, metrics


def test_windows_are_merged_until_the_canary_has_three_requests(one):
    strata = Strata()
    assert strata.add(one(0, Counts(1, 1), Counts(9, 0)), 0) == []
    assert strata.add(one(1, Counts(1, 0), Counts(9, 1)), 0) == []
    assert strata.add(one(2, Counts(1, 0), Counts(8, 0)), 0) == [Stratum("other", Counts(3, 1), Counts(26, 1))]
    assert strata.add(one(3, Counts(5, 0), Counts(8, 0)), 0) == [Stratum("other", Counts(5, 0), Counts(8, 0))]


def test_a_time_at_which_the_canary_was_not_asked_is_compared_with_nothing(one):
    strata = Strata()
    strata.add(one(0, Counts(2, 0), Counts(9, 0)), 0)
    strata.add(one(1, Counts(0, 0), Counts(500, 400)), 0)
    assert strata.add(one(2, Counts(1, 0), Counts(9, 0)), 0) == [Stratum("other", Counts(3, 0), Counts(18, 0))]


def test_a_canary_without_a_baseline_is_compared_with_nothing(one):
    assert Strata().add(one(0, Counts(50, 50), Counts(0, 0)), 0) == []


def test_routes_become_ready_together(one):
    strata = Strata()
    pay, rest = {"pay": Counts(1, 1)}, {"rest": Counts(2, 0)}
    assert strata.add(one(0, pay, {"pay": Counts(9, 0)}), 0) == []
    ready = strata.add(one(1, rest, {"rest": Counts(9, 0), "pay": Counts(7, 0)}), 0)
    assert ready == [Stratum("pay", Counts(1, 1), Counts(9, 0)), Stratum("rest", Counts(2, 0), Counts(9, 0))]


def test_nothing_is_pooled_across_splits(one):
    strata = Strata()
    strata.add(one(0, Counts(2, 2), Counts(9, 9)), (False, 0))
    assert strata.add(one(1, Counts(2, 0), Counts(9, 0)), (False, 1)) == []
    assert strata.add(one(2, Counts(2, 0), Counts(9, 0)), (False, 1)) == [Stratum("other", Counts(4, 0), Counts(18, 0))]


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=30))
def test_errors_have_no_say_in_the_merging(steps):
    """The rule looks at the number of the canary's requests alone: with other outcomes the strata are the same."""
    from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.windows import Window

    sizes = []
    for bad in (True, False):
        strata = Strata()
        found = []
        for number, (requests, failed) in enumerate(steps):
            canary = Counts(requests, requests if failed and bad else 0)
            window = Window(number, number + 1, {"other": canary}, {"other": Counts(10, 0)}, ("lb1",))
            found.append([(each.canary.requests, each.baseline.requests) for each in strata.add(window, 0)])
        sizes.append(found)
    assert sizes[0] == sizes[1]


def test_a_metric_is_errors_or_an_edge():
    errors, slow = metrics((0.25,))
    strata = [
        Stratum("pay", Counts(10, 1, (4,)), Counts(90, 2, (30,))),
        Stratum("other", Counts(5, 0), Counts(45, 1)),
        Stratum("rest", Counts(0, 0), Counts(45, 1, (2,))),
    ]
    assert errors.tables(strata) == [
        ("pay", Table(10, 1, 90, 2)),
        ("other", Table(5, 0, 45, 1)),
        ("rest", Table(0, 0, 45, 1)),
    ]
    assert slow.tables(strata) == [("pay", Table(10, 4, 90, 30)), ("rest", Table(0, 0, 45, 2))]
    assert (errors.name, slow.name) == ("errors", "slower than 0.25 s")
    assert Metric() == errors


@pytest.mark.parametrize("enough", [1, 10])
def test_how_much_is_enough_can_be_said(one, enough):
    assert bool(Strata(enough).add(one(0, Counts(5, 0), Counts(9, 0)), 0)) == (enough == 1)
