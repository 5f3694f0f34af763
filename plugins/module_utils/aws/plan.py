# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What would be done to a stack: each resource compared with what is wanted of it. Pure: nothing here talks to AWS.

The same plan is shown in check mode and carried out otherwise, so that the diff shown is the diff made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .resource import STACK_TAG, Address, Found, Kind, Ref, StackError, Wanted, refs, stands_on
from .words import spoken

CREATE, CHANGE, REPLACE, DELETE = "create", "change", "replace", "delete"
_MARKS = {CREATE: "+", CHANGE: "~", REPLACE: "!", DELETE: "-"}


@dataclass(frozen=True)
class Step:
    """One resource that does not stay as it is: what is done to it, from what, to what, and which properties differ."""

    action: str
    address: Address
    found: Found | None = None
    wanted: Wanted | None = None
    changed: frozenset[str] = frozenset()
    #: Why it cannot be changed in place, where it is replaced.
    because: frozenset[str] = frozenset()
    #: What is replaced and stands under it, where it is replaced for that alone.
    under: frozenset[Address] = frozenset()


@dataclass(frozen=True)
class Plan:
    """The steps, each after those that it needs; removals come last, but for those that go :meth:`ahead`.

    ``known`` has the ids of all that is there.
    """

    steps: Sequence[Step]
    known: Mapping[Address, Mapping[str, str]]

    def diff(self) -> dict[str, dict[str, Any]]:
        """Before and after, of what changes alone, by resource and in the user's words."""
        names = {value: address for address, ids in self.known.items() for part, value in ids.items() if part != "name"}
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for step in self.steps:
            mentioned = step.changed if step.action in (CHANGE, REPLACE) else None
            if step.found is not None:
                before[str(step.address)] = spoken(step.found.properties, names, mentioned)
            if step.wanted is not None:
                after[str(step.address)] = spoken(step.wanted.properties, names, mentioned)
        return {"before": before, "after": after}

    def lines(self) -> list[str]:
        """The plan for people, a line a step; what is replaced says so, and why."""
        told = []
        for step in self.steps:
            line = f"{_MARKS[step.action]} {step.action} {step.address}"
            if step.action == CHANGE:
                line += f": {', '.join(sorted(step.changed))}"
            elif step.action == REPLACE:
                line += f": REMOVED AND MADE ANEW, for AWS {_why(step)}"
            told.append(line)
        return told

    def ahead(self, kinds: Mapping[str, Kind]) -> list[Step]:
        """What is removed before anything is made: what is replaced although others hold it, and those others.

        They are replaced or removed as well. What nobody holds is replaced in its turn, so that it is missed less.
        """
        going = [step.found for step in self.steps if step.action in (REPLACE, DELETE) and step.found]
        holders = _holders(_replaced(self.steps), going, kinds)
        chosen = {*holders, *(one for ones in holders.values() for one in ones)}
        return [step for step in self.steps if step.address in chosen]

    def counts(self) -> dict[str, int]:
        """How many resources are created, changed, replaced and deleted."""
        return {action: sum(step.action == action for step in self.steps) for action in _MARKS}


def plan(
    wanted: Sequence[Wanted], found: Sequence[Found], kinds: Sequence[Kind], protected: bool = True, only: bool = True
) -> Plan:
    """What has to be done so that exactly the *wanted* resources of these *kinds* are there.

    Resources in *found* of other kinds are only referred to. While *protected*, nothing precious is removed or
    replaced. What holds a resource that is replaced is replaced with it, unless that is precious. Without *only*, what
    is ours and no longer wanted stays. Raises StackError, naming everything that stands in the way.
    """
    by_kind = {kind.name: kind for kind in kinds}
    known = {one.address: one.ids for one in found}
    there = {one.address: one for one in found}
    ordered = _ordered(wanted, known)
    removals = _removals(wanted, found, kinds) if only else []
    held: dict[Address, frozenset[Address]] = {}
    steps = [*_steps(ordered, there, known, by_kind, held), *removals]
    while (more := _holders(_replaced(steps), found, by_kind)) != held:  # each round replaces more, and never less
        held = more
        steps = [*_steps(ordered, there, known, by_kind, held), *removals]
    lost = _lost(steps, by_kind) if protected else ()
    _refuse([*_foreign(wanted, there), *_immovable(steps, held, by_kind), *lost])
    return Plan(steps, known)


def resolve(value: Any, known: Mapping[Address, Mapping[str, str]]) -> Any:
    """*value* with each Ref replaced by the identifier that is known. Raises StackError where there is none."""
    if isinstance(value, Ref):
        if not _born(value, known):
            raise StackError(f"{value.to} has no {value.part} yet: run this again once it is there")
        return known[value.to][value.part]
    if isinstance(value, Mapping):
        return {key: resolve(one, known) for key, one in value.items()}
    if isinstance(value, frozenset):
        return frozenset(resolve(one, known) for one in value)
    if isinstance(value, (list, tuple)):
        return [resolve(one, known) for one in value]
    return value


def _born(value: Any, known: Mapping[Address, Mapping[str, str]]) -> bool:
    """Whether every Ref in *value* is to what is known."""
    return all(ref.part in known.get(ref.to, {}) for ref in refs(value))


def same(wanted: Any, found: Any) -> bool:
    """Whether *found* has all that is *wanted*. Of mappings only the keys that are wanted count; {} wants no key."""
    if isinstance(wanted, Mapping) and wanted:
        return isinstance(found, Mapping) and all(key in found and same(one, found[key]) for key, one in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, (list, tuple)) and len(wanted) == len(found) and all(map(same, wanted, found))
    return bool(wanted == found)


def _steps(
    wanted: Iterable[Wanted],
    there: Mapping[Address, Found],
    known: Mapping[Address, Mapping[str, str]],
    kinds: Mapping[str, Kind],
    held: Mapping[Address, frozenset[Address]],
) -> Iterable[Step]:
    reborn: set[Address] = set()
    for one in wanted:
        found = there.get(one.address)
        if found is None:
            reborn.add(one.address)
            yield Step(CREATE, one.address, wanted=one)
            continue
        standing = {address: ids for address, ids in known.items() if address not in reborn}
        changed = frozenset(
            key
            for key, value in one.properties.items()
            if not (
                key in found.properties
                and _born(value, standing)
                and same(resolve(value, standing), found.properties[key])
            )
        )
        because = changed & kinds[one.address.kind].fixed
        under = frozenset() if because else held.get(one.address, frozenset())
        if because or under:
            reborn.add(one.address)
            yield Step(REPLACE, one.address, found, one, changed, because, under)
        elif changed:
            yield Step(CHANGE, one.address, found, one, changed)


def _replaced(steps: Iterable[Step]) -> list[Found]:
    return [step.found for step in steps if step.action == REPLACE and step.found]


def _holders(
    held: Iterable[Found], among: Collection[Found], kinds: Mapping[str, Kind]
) -> dict[Address, frozenset[Address]]:
    """Those *among* others that have to go before the *held*, or before another of them; for each, which it holds."""
    holders: dict[Address, frozenset[Address]] = {}
    left = list(held)
    for one in left:
        kind = kinds.get(one.address.kind)
        for user in among if kind else ():
            if user.address.kind in kind.held_by and stands_on(user, one):
                left += [] if user.address in holders else [user]
                holders[user.address] = holders.get(user.address, frozenset()) | {one.address}
    return holders


def _removals(wanted: Sequence[Wanted], found: Sequence[Found], kinds: Sequence[Kind]) -> list[Step]:
    declared = {one.address for one in wanted}
    ranks = {kind.name: rank for rank, kind in enumerate(kinds)}
    unwanted = [one for one in found if one.ours and one.address.kind in ranks and one.address not in declared]
    return [
        Step(DELETE, one.address, one)
        for one in sorted(unwanted, key=lambda one: (-ranks[one.address.kind], one.address))
    ]


def _ordered(wanted: Sequence[Wanted], known: Mapping[Address, Any]) -> list[Wanted]:
    """Each after all that it needs, otherwise in the order given."""
    left = {one.address: one for one in wanted}
    if len(left) < len(wanted):
        times = Counter(one.address for one in wanted)
        twice = ", ".join(str(address) for address, number in times.items() if number > 1)
        raise StackError(f"declared twice: {twice}. Give each a name of its own")
    for one in wanted:
        missing = sorted(str(need) for need in one.needs() if need not in left and need not in known)
        if missing:
            raise StackError(
                f"{one.address} needs {', '.join(missing)}, which this stack neither has nor declares: declare it,"
                " or name one of your own by its id"
            )
    ordered: list[Wanted] = []
    while left:
        ready = [one for one in left.values() if not any(need in left for need in one.needs())]
        if not ready:
            raise StackError(f"these need one another in a circle: {', '.join(map(str, left))}")
        ordered += [left.pop(one.address) for one in ready]
    return ordered


def _foreign(wanted: Iterable[Wanted], there: Mapping[Address, Found]) -> list[str]:
    return [
        f"{one.address} exists already and does not belong to this stack (it lacks the tag {STACK_TAG}): give yours"
        " another name, tag the other one if this stack is to have it, or remove it yourself"
        for one in wanted
        if one.address in there and not there[one.address].ours
    ]


def _lost(steps: Iterable[Step], kinds: Mapping[str, Kind]) -> list[str]:
    return [
        f"{step.address} would be removed{' and made anew' if step.action == REPLACE else ''}, and what it holds with"
        " it: set deletion_protection to false in the same run if that is meant"
        + (", or make it as another stack beside this one, and move users there first" * (step.action == REPLACE))
        for step in steps
        if step.action in (DELETE, REPLACE) and kinds[step.address.kind].precious
    ]


def _immovable(
    steps: Iterable[Step], held: Mapping[Address, frozenset[Address]], kinds: Mapping[str, Kind]
) -> list[str]:
    """What is held by something that does not go, or that would only go for that and is precious."""
    going = {step.address: step for step in steps if step.action in (REPLACE, DELETE)}
    return [
        f"{', '.join(map(str, sorted(ones)))} would be removed and made anew, but AWS does not remove it while {user}"
        " stands on it: leave it as it is, declare another one beside it, and remove it once it is no longer used"
        for user, ones in held.items()
        if user not in going or (going[user].under and kinds[user.kind].precious)
    ]


def _why(step: Step) -> str:
    if step.because:
        return f"cannot change {', '.join(sorted(step.because))} in place"
    return f"does not remove {', '.join(map(str, sorted(step.under)))} while this stands on it"


def _refuse(reasons: Sequence[str]) -> None:
    if reasons:
        raise StackError("nothing was changed. " + "; ".join(reasons))
