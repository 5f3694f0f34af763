# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of stacks: what is planned, in which order it is done, and what is left when it dies."""

from __future__ import annotations

from contextlib import suppress

import pytest
from a_world import Concern, PowerCut, World, kind
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.aws.plan import resolve
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, Found, StackError, Wanted
from ansible_collections.seamless.delivery.plugins.module_utils.aws.stack import converge

NET, BOX, TAG = "net", "box", "tag"


def net(name="n", **properties):
    return Wanted(Address(NET, name), properties)


def box(name="b", on="n", **properties):
    return Wanted(Address(BOX, name), {"net": Address(NET, on).ref(), **properties})


def kinds(world, **box_is):
    return [kind(world, NET), kind(world, BOX, **box_is), kind(world, TAG)]


def run(world, *wanted, box_is=None, **how):
    return converge([Concern(world, kinds(world, **(box_is or {})), wanted)], **how)


def test_what_is_needed_is_made_first_whatever_the_order_of_the_declaration():
    world = World()
    outcome = run(world, box(), net())
    assert world.writes == [("create", Address(NET, "n")), ("create", Address(BOX, "b"))]
    assert outcome.plan.lines() == ["+ create net n", "+ create box b"]
    assert outcome.ids["net n"]["id"] == world.there[Address(BOX, "b")].properties["net"]


def test_a_second_run_plans_nothing_and_takes_no_lock():
    world = World()
    run(world, net(), box())

    def lock():
        pytest.fail("a run with nothing to do took the lock")

    assert run(world, net(), box(), lock=lock).as_result()["changed"] is False
    assert len(world.writes) == 2


def test_only_what_differs_is_changed_and_shown_in_names_instead_of_ids():
    world = World()
    run(world, net(), net("m"), box(size=1, color="red"))
    outcome = run(world, net(), net("m"), box(on="m", size=1, color="red"))
    assert world.writes[-1] == ("change", Address(BOX, "b"))
    assert outcome.plan.diff() == {"before": {"box b": {"net": "net n"}}, "after": {"box b": {"net": "net m"}}}
    assert outcome.plan.lines() == ["~ change box b: net"]


def test_check_mode_writes_nothing_and_shows_what_the_run_then_does():
    world = World()
    run(world, net(), box(size=1))
    before = list(world.writes)
    dry = run(world, net(), box(size=2), dry_run=True)
    assert world.writes == before
    assert run(world, net(), box(size=2)).plan.diff() == dry.plan.diff()


def test_what_is_no_longer_declared_is_removed_after_what_stands_on_it():
    world = World()
    run(world, net(), box())
    run(world, present=False)
    assert world.writes[2:] == [("delete", Address(BOX, "b")), ("delete", Address(NET, "n"))]
    assert world.there == {}


def test_what_cannot_be_changed_in_place_is_replaced_loudly_and_its_users_follow():
    world = World()
    fixed = [kind(world, NET, its_fixed=frozenset({"cidr"})), kind(world, TAG)]
    declared = [net(cidr="10.0.0.0/16"), Wanted(Address(TAG, "t"), {"net": Address(NET, "n").ref("name")})]
    converge([Concern(world, fixed, declared)])
    declared[0] = net(cidr="10.1.0.0/16")
    outcome = converge([Concern(world, fixed, declared)])
    assert outcome.plan.lines()[0] == "! replace net n: REMOVED AND MADE ANEW, for AWS cannot change cidr in place"
    assert [action for action, _address in world.writes[2:]] == ["delete", "create", "change"]


def test_a_reference_to_what_is_not_known_differs_in_a_plan_and_is_never_written():
    world = World()
    run(world, net(), box())
    # However deep it stands, and where the rest of the property is as it was.
    deep = box(rules=[{"to": frozenset({"ours", Address(NET, "later").ref()})}])
    outcome = run(world, net(), net("later"), deep, dry_run=True)
    assert outcome.plan.lines() == ["+ create net later", "~ change box b: rules"]
    assert resolve(deep.properties["net"], {Address(NET, "n"): {"id": "1"}}) == "1"
    with pytest.raises(StackError, match="net n has no id yet"):
        resolve(deep.properties["net"], {Address(NET, "n"): {"arn": "1"}})


@pytest.mark.parametrize("new", [(net(), box(size=2)), (net(),)])
def test_what_is_precious_is_neither_replaced_nor_removed_while_it_is_protected(new):
    world, precious = World(), {"is_precious": True, "its_fixed": frozenset({"size"})}
    run(world, net(), box(size=1), box_is=precious)
    with pytest.raises(
        StackError, match=r"nothing was changed. box b would be removed.* set deletion_protection to false"
    ):
        run(world, *new, box_is=precious)
    assert len(world.writes) == 2
    run(world, *new, box_is=precious, protected=False)
    assert len(world.writes) > 2


def test_what_belongs_to_somebody_else_is_refused_even_where_it_would_do():
    world = World({Address(NET, "n"): Found(Address(NET, "n"), {"id": "net-0"}, {}, ours=False)})
    with pytest.raises(StackError, match=r"net n exists already and does not belong to this stack"):
        run(world, net())
    run(world, present=False)
    assert world.writes == []


def test_a_need_that_nobody_declares_is_named():
    with pytest.raises(StackError, match="box b needs net n, which this stack neither has nor declares"):
        run(World(), box())


def test_a_circle_and_a_name_given_twice_are_refused():
    world = World()
    circle = [
        Wanted(Address(NET, "n"), {}, after=[Address(BOX, "b")]),
        Wanted(Address(BOX, "b"), {}, after=[Address(NET, "n")]),
    ]
    with pytest.raises(StackError, match="these need one another in a circle: net n, box b"):
        run(world, *circle)
    with pytest.raises(StackError, match="declared twice: net n"):
        run(world, net(), net())


def test_when_one_step_fails_what_needs_it_is_not_begun_and_all_of_it_is_said():
    world = World(refuses=frozenset({Address(NET, "n")}))
    with pytest.raises(StackError, match=r"net n: refused \(done before: .*; not begun: box b\)\. Nothing is lost"):
        run(world, net(), box(), net("m"))
    assert Address(BOX, "b") not in world.there


def test_another_concern_is_read_and_referred_to_but_never_written():
    world = World()
    run(world, net())
    boxes = Concern(world, [kind(world, BOX)], [box()])
    nets = Concern(world, [kind(world, NET)])
    converge([boxes], [nets])
    converge([boxes], [nets], present=False)
    assert list(world.there) == [Address(NET, "n")]


def test_a_lock_that_is_lost_stops_before_the_next_write():
    world = World()

    class Lost:
        def __enter__(self):
            def still_held():
                if world.writes:
                    raise StackError("the lock was lost")

            return still_held

        def __exit__(self, *_):
            pass

    with pytest.raises(StackError, match="the lock was lost"):
        run(world, net(), box(), lock=Lost)
    assert world.writes == [("create", Address(NET, "n"))]


# -- what AWS does not let go ---------------------------------------------------------------------


def held(world, box_is_precious=False, held_by=BOX):
    """Nets whose size is fixed, and that AWS does not remove under a box."""
    return [
        kind(world, NET, its_fixed=frozenset({"size"}), is_held_by=frozenset({held_by})),
        kind(world, BOX, is_precious=box_is_precious),
        kind(world, TAG),
    ]


def run_held(world, *wanted, kinds=held, **how):
    return converge([Concern(world, kinds(world), wanted)], **how)


def test_what_holds_a_thing_that_is_replaced_is_replaced_with_it_and_says_so():
    world = World()
    tag = Wanted(Address(TAG, "t"), {"net": Address(NET, "n").ref()})
    run_held(world, net(size=1), box())
    outcome = run_held(world, net(size=2), box(), tag)
    assert outcome.plan.lines() == [
        "! replace net n: REMOVED AND MADE ANEW, for AWS cannot change size in place",
        "! replace box b: REMOVED AND MADE ANEW, for AWS does not remove net n while this stands on it",
        "+ create tag t",
    ]
    assert [(action, address.kind) for action, address in world.writes[2:5]] == [
        ("delete", BOX),
        ("delete", NET),
        ("create", NET),
    ]
    assert run_held(world, net(size=2), box(), tag).plan.steps == []


def test_a_holder_that_is_declared_no_longer_goes_before_what_it_holds():
    world = World()
    run_held(world, net(size=1), box(), net("m"))
    run_held(world, net(size=2))
    actions = [(action, address.name) for action, address in world.writes[3:]]
    assert actions == [("delete", "b"), ("delete", "n"), ("create", "n"), ("delete", "m")]


def test_what_nobody_stands_on_is_replaced_in_its_turn():
    world = World()
    run_held(world, net(size=1), net("m", size=1))
    run_held(world, net(size=2), Wanted(Address(NET, "m"), {"size": 2}, after=[Address(NET, "n")]))
    assert [(action, address.name) for action, address in world.writes[2:]] == [
        ("delete", "n"),
        ("create", "n"),
        ("delete", "m"),
        ("create", "m"),
    ]


@pytest.mark.parametrize("protected", [True, False])
def test_nothing_precious_goes_for_what_it_stands_on(protected):
    world = World()

    def kinds(world):
        return held(world, box_is_precious=True)

    run_held(world, net(size=1), box(), kinds=kinds)
    with pytest.raises(StackError, match=r"nothing was changed. net n would be .* while box b stands on it: leave it"):
        run_held(world, net(size=2), box(), kinds=kinds, protected=protected)
    assert len(world.writes) == 2


def test_nothing_is_replaced_under_what_another_concern_has():
    world = World()
    run_held(world, net(size=1), box())
    nets, boxes = held(world)[:2]
    with pytest.raises(StackError, match=r"AWS does not remove it while box b stands on it"):
        converge([Concern(world, [nets], [net(size=2)])], [Concern(world, [boxes])])
    assert len(world.writes) == 2


# -- whatever it dies at --------------------------------------------------------------------------

NAMES = st.lists(st.sampled_from("abcd"), unique=True)


@st.composite
def declarations(draw):
    """Nets, boxes that stand on some of them, and tags that stand on some of the boxes."""
    nets = draw(NAMES.filter(bool))
    boxes = draw(NAMES)
    tags = draw(NAMES) if boxes else []
    return [
        *(net(name, size=draw(st.integers(0, 1))) for name in nets),
        *(box(name, on=draw(st.sampled_from(nets)), size=draw(st.integers(0, 1))) for name in boxes),
        *(Wanted(Address(TAG, name), {"box": Address(BOX, draw(st.sampled_from(boxes))).ref()}) for name in tags),
    ]


def canonical(world):
    """What is there, with the name of each net instead of its id."""
    names = {one.ids["id"]: one.address.name for one in world.there.values()}
    return {
        address: {key: names.get(value, value) for key, value in one.properties.items()}
        for address, one in world.there.items()
    }


def wanted_words(declared):
    return {
        one.address: {key: getattr(value, "to", [None, value])[1] for key, value in one.properties.items()}
        for one in declared
    }


@settings(max_examples=60, deadline=None)
@given(first=declarations(), then=declarations(), power=st.integers(0, 12))
def test_a_run_that_dies_after_any_write_is_gone_on_with_by_the_next(first, then, power):
    world = World()
    run(world, *first)
    world.power = len(world.writes) + power
    with suppress(PowerCut):
        run(world, *then)
    world.power = None
    run(world, *then)
    assert canonical(world) == wanted_words(then)
    assert run(world, *then).plan.steps == []


@settings(max_examples=100, deadline=None)
@given(first=declarations(), then=declarations(), power=st.integers(0, 16), chained=st.booleans())
def test_nothing_is_ever_removed_under_what_stands_on_it(first, then, power, chained):
    """The world refuses that, as AWS does; here nets, or nets and boxes, can only be replaced."""

    def kinds(world):
        fixed = frozenset({"size"})
        boxes = kind(world, BOX, its_fixed=fixed if chained else frozenset(), is_held_by=frozenset({TAG}))
        return [kind(world, NET, its_fixed=fixed, is_held_by=frozenset({BOX})), boxes, kind(world, TAG)]

    world = World()
    run_held(world, *first, kinds=kinds)
    world.power = len(world.writes) + power
    with suppress(PowerCut):
        run_held(world, *then, kinds=kinds)
    world.power = None
    run_held(world, *then, kinds=kinds)
    assert canonical(world) == wanted_words(then)
    assert run_held(world, *then, kinds=kinds).plan.steps == []


def test_the_world_catches_a_kind_that_does_not_say_what_holds_it():
    world = World()

    def unsafe(world):
        return held(world, held_by=TAG)

    run_held(world, net(size=1), box(), kinds=unsafe)
    with pytest.raises(StackError, match="net n was removed while"):
        run_held(world, net(size=2), box(), kinds=unsafe)
