# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Versions as they are meant, parameters as AWS has them, and waiting that ends."""

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.aws import patience
from ansible_collections.seamless.delivery.plugins.module_utils.aws.engines import (
    apart,
    as_declared,
    batches,
    overlap,
    parts,
    private_subnets,
    refused_version,
    settings,
    wrong_window,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, StackError


@pytest.mark.parametrize(
    ("running", "declared", "major", "upgrades", "meant"),
    [
        ("16.4", "16", 1, False, "16"),
        ("16.4", "16.4", 1, False, "16.4"),
        ("16.4", "16.3", 1, True, "16.3"),
        ("16.4", "16.3", 1, False, "16.4"),
        ("16.4", "16.5", 1, True, "16.4"),
        ("16.10", "16.9", 1, True, "16.9"),  # as numbers, not as text
        ("16.4", "1", 1, False, "16.4"),  # 1 is not a beginning of 16
        ("17.1", "16.3", 1, True, "17.1"),
        ("8.0.36", "8.0", 2, False, "8.0"),
        ("8.4.1", "8.0.35", 2, True, "8.4.1"),
        ("8.0.mysql_aurora.3.04.0", "8.0", 2, False, "8.0"),
    ],
)
def test_a_version_means_what_begins_with_it(
    running: str, declared: str, major: int, upgrades: bool, meant: str
) -> None:
    assert as_declared(running, declared, major, upgrades) == meant


@pytest.mark.parametrize(
    ("running", "declared", "major", "consent", "why"),
    [
        ("16.4", "16.5", 1, False, ""),
        ("16.4", "16.3", 1, True, "cannot go back to 16.3"),
        ("16.4", "15", 1, True, "cannot go back to 15"),
        ("16.4", "17", 1, False, "is a major upgrade"),
        ("16.4", "17", 1, True, ""),
        ("8.0.36", "8.4", 2, False, "is a major upgrade"),
        ("8.0.36", "8.0.37", 2, False, ""),
    ],
)
def test_an_engine_does_not_go_back_and_goes_far_only_with_consent(
    running: str, declared: str, major: int, consent: bool, why: str
) -> None:
    refused = refused_version(running, declared, major, consent)
    assert (why in refused) if why else refused == ""


def test_a_versions_numbers_end_where_words_begin() -> None:
    assert parts("8.0.mysql_aurora.3.04.0") == (8, 0)
    assert parts("x") == ()


def test_settings_and_what_to_do_for_them() -> None:
    old = settings({"a": 1, "b": True, "c": "x=y"})
    assert old == {"a=1", "b=1", "c=x=y"}
    assert apart(old, settings({"a": 2, "c": "x=y", "d": False})) == ({"a": "2", "d": "0"}, ["b"])
    assert [len(some) for some in batches(list(range(41)))] == [20, 20, 1]


@pytest.mark.parametrize(
    ("window", "daily", "right"),
    [
        (None, True, True),
        ("03:00-04:00", True, True),
        ("23:30-00:30", True, True),
        ("24:00-01:00", True, False),
        ("3:00-4:00", True, False),
        ("Sun:04:00-Sun:05:00", False, True),
        ("sun:04:00-05:00", False, False),
        ("03:00-04:00", False, False),
    ],
)
def test_windows_of_time(window: str | None, daily: bool, right: bool) -> None:
    assert (wrong_window("x", window, daily) == []) is right


def test_the_stacks_own_private_subnets_unless_others_are_named() -> None:
    names = ["shop-private-a", "shop-private-b", "shop-public-a", "shop2-private-a"]
    others = [Address("subnet", name) for name in names] + [Address("vpc", "shop-private-a")]
    assert {str(one) for one in private_subnets("shop", None, others)} == {
        "subnet shop-private-a",
        "subnet shop-private-b",
    }
    assert private_subnets("shop", ["subnet-1"], others) == {"subnet-1"}
    with pytest.raises(StackError, match="subnets: expected 1 or more in different zones, but found none"):
        private_subnets("other", None, others)
    with pytest.raises(StackError, match=r"subnets: expected 2 or more .*, but found 1: declare network with as many"):
        private_subnets("shop2", None, others, least=2)


@pytest.mark.parametrize(
    ("daily", "weekly", "common"),
    [
        ("03:00-04:00", "sun:03:30-sun:04:30", True),
        ("03:00-04:00", "Sun:04:00-Sun:05:00", False),
        ("23:30-00:30", "mon:00:00-mon:01:00", True),
        ("23:30-00:30", "sun:23:00-mon:00:10", True),
        ("00:30-01:00", "sun:23:00-mon:00:30", False),
        ("12:00-12:30", "tue:11:00-wed:11:00", True),
        ("03:00-04:00", None, False),
        ("soon", "sun:03:30-sun:04:30", False),
    ],
)
def test_windows_that_overlap(daily: str, weekly: str | None, common: bool) -> None:
    assert overlap(daily, weekly) is common


def test_waiting_ends_with_what_is_seen_or_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(patience.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    assert patience.until(lambda: "there" if now[0] >= 30 else None, "it", longest=60, pause=10) == "there"
    assert now == [30.0]
    with pytest.raises(StackError, match="waited 60 s for it, which did not come"):
        patience.until(lambda: None, "it", longest=60, pause=10)
