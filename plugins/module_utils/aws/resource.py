# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stack is made of: resources as they are wanted and as they are found, in the user's words.

A concern (network, load balancing, database ...) declares :class:`Wanted` resources, reads :class:`Found` ones, and has
a :class:`Kind` for each sort of resource that knows how AWS makes, changes and removes it. Nothing here talks to AWS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

_T = TypeVar("_T")

#: The tag by which a stack knows its own: what does not carry it is not touched.
STACK_TAG = "seamless:stack"


class StackError(Exception):
    """The stack was not changed, or the message says what was and what was not. It says what to do."""


@dataclass(frozen=True)
class Ref:
    """What another resource of the stack is known by: its ``id``, ``arn``, ``dns_name`` ..., once it is there."""

    to: Address
    part: str = "id"

    def __str__(self) -> str:
        return str(self.to)


class Address(NamedTuple):
    """Which resource: its kind and its name, both in the user's words, as in ``target group shop-blue``."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    def ref(self, part: str = "id") -> Ref:
        """What it will be known by, once it is there."""
        return Ref(self, part)


#: Resources of other concerns, with their properties as far as they are known.
Others = Mapping[Address, Mapping[str, Any]]


@dataclass(frozen=True)
class Wanted:
    """A resource as it is declared.

    ``properties`` maps the user's words to values: numbers, strings, mappings, lists where the order counts, frozensets
    where it does not, and a :class:`Ref` where another resource's identifier belongs. What is not mentioned is left to
    AWS. ``once`` is used when the resource is made and never compared, such as a first password. ``after`` names
    resources that must be there before, besides those that the properties refer to.
    """

    address: Address
    properties: Mapping[str, Any]
    once: Mapping[str, Any] = field(default_factory=dict)
    after: Sequence[Address] = ()

    def needs(self) -> frozenset[Address]:
        """The resources that have to be there before this one."""
        return frozenset([*self.after, *(ref.to for ref in refs((self.properties, self.once)))])


@dataclass(frozen=True)
class Found:
    """A resource as AWS describes it.

    ``ids`` are the identifiers by which others refer to it; ``properties`` are in the words of :class:`Wanted`.
    ``ours`` is whether it carries the stack's tag. ``busy`` is what AWS is at, such as ``creating``: it may be read,
    but a change has to wait.
    """

    address: Address
    ids: Mapping[str, str]
    properties: Mapping[str, Any]
    ours: bool = True
    busy: str = ""


class Kind(Protocol):
    """How AWS makes, changes and removes one sort of resource. Properties come with every Ref resolved."""

    #: Its name in the user's words, as in :class:`Address`.
    name: ClassVar[str]
    #: The properties that AWS cannot change in place: another value means another resource.
    fixed: ClassVar[frozenset[str]]
    #: Whether data, or an address that others know, is lost with it: it is removed only when that was declared.
    precious: ClassVar[bool]
    #: The kinds that AWS does not let it be removed under: one of them that stands on it has to go before it.
    held_by: ClassVar[frozenset[str]]

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        """Make it; returns its ids. One call that both makes and tags it, so that a run that dies leaves no orphan."""

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        """Bring the *changed* properties (names) of *found* to what is wanted."""

    def delete(self, found: Found) -> None:
        """Remove it; returns when what it stands on can be removed as well."""

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        """Return once others can build on it, with all the ids that are known by then."""


class Readable(Protocol):
    """What there is of a stack, for those who build on it."""

    def read(self) -> Sequence[Found]:
        """What is there, of this stack or by a name that it wants; in as few calls as can be."""


class Concern(Readable, Protocol):
    """One concern of a stack."""

    #: In the order in which they build on one another: removed in the reverse order.
    kinds: Sequence[Kind]

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """What is declared, where *others* are the resources of the concerns that this one can build on.

        Raises StackError for a declaration that cannot be.
        """


def refs(value: Any) -> Iterator[Ref]:
    """Every Ref in a value, however deep."""
    return _within(value, Ref)


def stands_on(user: Found, one: Found) -> bool:
    """Whether AWS says of *user* that it refers to *one*: by an identifier, for names are not told from other words."""
    ids = {value for part, value in one.ids.items() if part != "name" and value}
    return user.address != one.address and any(value in ids for value in _within(user.properties, str))


def _within(value: Any, sort: type[_T]) -> Iterator[_T]:
    """All of one *sort* in a value, however deep."""
    if isinstance(value, sort):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _within(one, sort)
    elif isinstance(value, (list, tuple, frozenset)):
        for one in value:
            yield from _within(one, sort)
