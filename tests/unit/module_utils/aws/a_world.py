# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small world instead of AWS: what is there, what was done to it, and a power cut after any number of writes."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field

from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, Found, Wanted


class PowerCut(BaseException):
    """The controller died: nothing of it goes on, not even what handles errors."""


@dataclass
class World:
    """Resources by address, and each write as ``(action, address)``. After *power* writes, there is none left."""

    there: dict[Address, Found] = field(default_factory=dict)
    writes: list[tuple[str, Address]] = field(default_factory=list)
    power: int | None = None
    refuses: frozenset[Address] = frozenset()

    def __post_init__(self):
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()

    def write(self, action: str, address: Address, found: Found | None) -> None:
        with self.lock:
            if self.power is not None and len(self.writes) >= self.power:
                raise PowerCut
            if address in self.refuses:
                raise ValueError("refused")
            if found is None:
                self.remove(address)
            else:
                self.there[address] = found
            self.writes.append((action, address))

    def remove(self, address: Address) -> None:
        gone = self.there[address]
        users = [
            str(one.address)
            for one in self.there.values()
            if any(gone.ids["id"] in _flat(value) for value in one.properties.values())
        ]
        assert not users, f"{address} was removed while {users} stand on it"
        del self.there[address]


def kind(
    world: World,
    its_name: str,
    is_precious: bool = False,
    its_fixed: frozenset[str] = frozenset(),
    is_held_by: frozenset[str] = frozenset(),
):
    """A kind of resource of that world."""

    class InWorld:
        name = its_name
        precious = is_precious
        fixed = its_fixed
        held_by = is_held_by

        def create(self, wanted: Wanted):
            address = wanted.address
            assert address not in world.there, f"{address} was made twice"
            ids = {"id": f"{its_name[:3]}-{next(world.numbers)}", "name": address.name}
            world.write("create", address, Found(address, ids, dict(wanted.properties)))
            return ids

        def change(self, found: Found, wanted: Wanted, changed):
            properties = {**found.properties, **{key: wanted.properties[key] for key in changed}}
            world.write("change", found.address, Found(found.address, found.ids, properties))

        def delete(self, found: Found):
            world.write("delete", found.address, None)

        def wait(self, ids):
            return ids

    return InWorld()


def _flat(value):
    if isinstance(value, dict):
        return [inner for one in value.values() for inner in _flat(one)]
    if isinstance(value, (list, tuple, frozenset)):
        return [inner for one in value for inner in _flat(one)]
    return [value]


class Concern:
    """A concern of *world* whose declaration is a list of Wanted."""

    def __init__(self, world: World, kinds, wanted=()):
        self.world, self.kinds, self.declared = world, kinds, wanted

    def wanted(self, others):
        return list(self.declared)

    def read(self):
        names = {one.name for one in self.kinds}
        return [one for one in self.world.there.values() if one.address.kind in names]
