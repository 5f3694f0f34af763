# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stack where AWS tells of what was made a while later."""

from __future__ import annotations

import pytest
from a_world import Concern, World, kind

from ansible_collections.seamless.delivery.plugins.module_utils.aws import stack
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, StackError, Wanted
from ansible_collections.seamless.delivery.plugins.module_utils.aws.stack import converge

NET, BOX = "net", "box"


def kinds(world):
    return [kind(world, NET), kind(world, BOX)]


def net(**properties):
    return Wanted(Address(NET, "n"), properties)


def box():
    return Wanted(Address(BOX, "b"), {"net": Address(NET, "n").ref()})


class Late(Concern):
    """Tells of the past for so many looks after a write."""

    def __init__(self, world, kinds, wanted, looks):
        super().__init__(world, kinds, wanted)
        self.looks, self.left, self.seen, self.past = looks, 0, 0, []

    def read(self):
        if len(self.world.writes) > self.seen:
            self.seen, self.left = len(self.world.writes), self.looks
        if self.left:
            self.left -= 1
            return list(self.past)
        self.past = super().read()
        return list(self.past)


@pytest.fixture
def naps(monkeypatch):
    """How long was waited, without waiting."""
    taken = []
    monkeypatch.setattr(stack.time, "monotonic", lambda: sum(taken))
    monkeypatch.setattr(stack.time, "sleep", taken.append)
    return taken


def test_a_run_ends_once_what_it_made_is_told_and_the_next_one_makes_nothing_twice(naps):
    world = World()
    late = Late(world, kinds(world), [net(size=1), box()], looks=7)
    converge([late])
    assert len(naps) == 7
    assert converge([late]).plan.steps == []
    late.declared = [net(size=2), box()]
    converge([late])
    assert len(naps) == 7, "only for what it has made"


def test_the_next_run_would_make_it_twice_where_nobody_waits(naps, monkeypatch):
    monkeypatch.setattr(stack, "_until_told", lambda *_: None)
    world = World()
    late = Late(world, kinds(world), [net()], looks=7)
    converge([late])
    with pytest.raises(StackError, match="net n was made twice"):
        converge([late])


def test_nobody_waits_longer_than_a_minute(naps):
    world = World()
    assert converge([Late(world, kinds(world), [net()], looks=10_000)]).as_result()["changed"]
    assert sum(naps) == 60
