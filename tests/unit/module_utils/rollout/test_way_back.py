# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import PHASES
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.way_back import (
    NoWayBack,
    Way,
    way_back,
    way_back_without_journal,
)

ON_BLUE, ON_GREEN = {"blue": 100, "green": 0}, {"blue": 0, "green": 100}


def told(book: Any) -> Way:
    return way_back(fold(book.events))


def test_an_open_rollout_is_ended(journal: Any) -> None:
    way = told(journal().released("r1", "v1", "green", None).opened("r2", "v2", "blue", "v1"))
    assert way.as_dict() == {
        "color": "green",
        "release": "v1",
        "leaves": "v2",
        "rollout": "r2",
        "message": "rollout r2 is ended; users go back to v1 in green",
        "in_place": False,
        "split": ON_GREEN,
    }


def test_the_first_release_ever_has_no_way_back(journal: Any) -> None:
    with pytest.raises(NoWayBack, match="deploy v1 again to go on"):
        told(journal().opened("r1", "v1"))


def test_a_finished_rollout_is_undone_by_one_of_its_own(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    way = told(book)
    assert (way.color, way.release, way.leaves, way.rollout) == ("green", "v1", "v2", None)
    assert way.message == "users go from v2 in blue back to v1 in green"
    # Interrupted, it still leads there, and afterwards there is nothing left to undo.
    again = told(book.opened("r3", "v1", "green", "v2", kind="rollback"))
    assert (again.color, again.release, again.leaves, again.rollout) == ("green", "v1", "v2", "r3")
    done = told(book.closed("r3", "rolled_back"))
    assert (done.color, done.release, done.leaves, done.rollout) == ("green", "v1", "v1", None)
    assert "nothing to change" in done.message


def test_a_release_that_failed_its_smoke_tests_is_no_way_back(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    book.opened("r3", "v3", "green", "v2").phases("r3", PHASES[:1]).closed("r3", "failed")
    with pytest.raises(NoWayBack, match="green holds no complete release"):
        told(book)


def test_there_is_no_way_back_before_the_first_release(journal: Any) -> None:
    with pytest.raises(NoWayBack, match="no release has ever been rolled out"):
        told(journal())


def test_there_is_no_way_back_to_a_color_that_is_being_overwritten(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    book.opened("r3", "v3", "green", "v2")
    book.say("r3", ("phase.intended", {"phase": "install"})).closed("r3", "failed")
    with pytest.raises(NoWayBack, match=r"green holds no complete release to go back to \(v2 is live in blue\)"):
        told(book)


def test_without_a_journal_the_operators_word_decides() -> None:
    way = way_back_without_journal({"lb1": ON_BLUE}, "green")
    assert (way.color, way.release, way.leaves, way.rollout) == ("green", None, None, None)
    assert way.as_dict()["split"] == ON_GREEN
    with pytest.raises(ValueError, match="expected a color"):
        way_back_without_journal({"lb1": ON_BLUE}, "red")


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({}, "Now: no load balancer answers."),
        ({"lb2": ON_BLUE, "lb1": ON_GREEN}, "Now: lb1: blue 0 % / green 100 %; lb2: blue 100 % / green 0 %."),
    ],
)
@pytest.mark.parametrize("declared", [None, ""])
def test_without_a_journal_nobody_guesses(shown: Any, told: str, declared: str | None) -> None:
    with pytest.raises(NoWayBack) as refused:
        way_back_without_journal(shown, declared)
    assert told in str(refused.value)
    assert '"rollout_to": "blue"' in str(refused.value)
