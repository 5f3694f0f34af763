# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalidations where AWS answers as no emulator does: of the past, page by page, and without room."""

from __future__ import annotations

import pytest
from a_cdn import E1, WHEN, config, listing, refused, tells
from a_vendor import gives, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.invalidation import Invalidation, Invalidations
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError

SINCE = WHEN.timestamp()


def at(minute):
    return WHEN.replace(minute=minute)


def invalidations(*those, more="", **asked):
    items = [{"Id": its_id, "CreateTime": at(minute), "Status": "Completed"} for its_id, minute in those]
    return listing("list_invalidations", "InvalidationList", *items, more=more, DistributionId="E1", **asked)


def invalidation(its_id, minute, *paths, reference="r1", status="Completed"):
    batch = {"Paths": {"Quantity": len(paths), "Items": list(paths)}, "CallerReference": reference}
    return {"Id": its_id, "Status": status, "CreateTime": at(minute), "InvalidationBatch": batch}


def looks(its_id, *of, **more):
    answer = {"Invalidation": invalidation(its_id, *of, **more)}
    return gives("cloudfront", "get_invalidation", answer, DistributionId="E1", Id=its_id)


def test_the_one_with_a_reference_and_these_paths_in_any_order_is_known():
    answers = (
        invalidations(("I3", 3), ("I2", 2)),
        looks("I3", 3, "/other", reference="r3"),
        looks("I2", 2, "/b", "/a"),
    )
    with vendor(*answers) as aws:
        its = Invalidations(aws, "E1").known_as("r1", ["/a", "/b"], SINCE)
    assert its == Invalidation("I2", "Completed", at(2).timestamp(), ["/b", "/a"], "r1")


def test_a_reference_with_other_paths_is_told_of():
    told = "reference: expected a new one for /a, /b, but 'r1' is I2's, which is for /a"
    answers = (invalidations(("I2", 2)), looks("I2", 2, "/a"))
    with vendor(*answers) as aws, pytest.raises(StackError, match=told):
        Invalidations(aws, "E1").known_as("r1", ["/a", "/b"], SINCE)


def test_what_is_older_is_neither_known_nor_asked_for():
    answers = (
        invalidations(("I3", 3), more="I2"),
        looks("I3", 3, "/a", reference="r3"),
        invalidations(("I2", 2), ("I1", 1), more="I0", Marker="I2"),
    )
    with vendor(*answers) as aws:
        assert Invalidations(aws, "E1").known_as("r1", ["/a"], at(3).timestamp()) is None


@pytest.mark.parametrize(("second", "known"), [(["/b", "#c"], None), (["/a*", "/b"], "I2")])
def test_one_that_covers_all_is_looked_for_on_each_page(second, known):
    answers = (
        invalidations(("I3", 3), more="I2"),
        looks("I3", 3, "/a/x"),
        invalidations(("I2", 2), Marker="I2"),
        looks("I2", 2, *second),
    )
    with vendor(*answers) as aws:
        its = Invalidations(aws, "E1").covering(["/a/x", "/b"], SINCE)
    assert (its and its.id) == known


@pytest.mark.parametrize("kept", [{}, {"CacheTagConfig": {"HeaderName": "x-cache-tag"}}])
def test_tags_are_for_a_distribution_that_keeps_them(kept):
    with vendor(tells(E1, config(**kept))) as aws:
        those = Invalidations(aws, "E1")
        if kept:
            assert those.keep_tags() is None
        else:
            with pytest.raises(StackError, match="but E1 reads them from no header"):
                those.keep_tags()


def test_an_invalidation_is_made_as_soon_as_there_is_room(clock):
    asked = {"Paths": {"Quantity": 1, "Items": ["/a"]}, "CallerReference": "r1"}
    asks = {"operation": "create_invalidation", "DistributionId": "E1", "InvalidationBatch": asked}
    busy = refused(code="TooManyInvalidationsInProgress", **asks)
    made = invalidation("I1", 1, "/a", status="InProgress")
    with vendor(busy, busy, gives("cloudfront", given={"Invalidation": made}, **asks)) as aws:
        its = Invalidations(aws, "E1").create(["/a"], 60, "r1")
    assert (its.id, its.done, clock.slept) == ("I1", False, [10.0, 10.0])


def test_an_invalidation_without_room_is_told_of(clock):
    clock.pause = 61.0
    busy = refused("create_invalidation", "TooManyInvalidationsInProgress")
    told = "waited 60 s for room for another invalidation of E1, which did not come"
    with vendor(busy, busy) as aws, pytest.raises(StackError, match=told):
        Invalidations(aws, "E1").create(["/a"], 60)
