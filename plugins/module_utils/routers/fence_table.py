# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is remembered of a router on AWS: fence, since when its split is in force, what is armed, break-glass notes.

One item of the ledger's table, written under a condition, so that of two writers only the one with the higher fencing
number goes on. The load balancer itself has no condition on a write: a writer that was overtaken between its claim and
its write could still be late. So a claim is good for :data:`GOOD_FOR` seconds alone, after which its writer refuses to
write, and who overtakes another waits until the other's claim has run out.

An answer may be lost though the deed was done. So each claim has a token, and keeps what it replaced: the same call
made again is told from somebody else's claim, changes nothing twice, and has the first one's answer.

API: DynamoDB, version 2012-08-10, ``UpdateItem`` with ``ConditionExpression``.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

from . import guards
from .armed import Armed
from .aws_calls import AwsCalls, ConditionFailed
from .base import RouterError, StaleFence

#: Seconds within which what was claimed is sent, and answered: the client's own limit for one call is below it.
GOOD_FOR = 4.0
#: What a client of the table, or of what is written under a claim, may take for one call; the router itself says what
#: is tried again.
ONE_CALL = {"retries": {"total_max_attempts": 1}, "connect_timeout": GOOD_FOR / 4, "read_timeout": GOOD_FOR / 2}
#: How many seconds two controllers' clocks may be apart.
APART = 5.0
#: Who takes users back, as a refusal says it.
BY_AWS = "EventBridge Scheduler takes users back to {} within a minute of that"
_LONGEST_TAG = 256
_NOT_OVERTAKEN = "(attribute_not_exists(fence) OR fence <= :fence)"
_STILL_DUE = "(attribute_not_exists(due) OR due > :now)"
_NOT_MADE = "(attribute_not_exists(claim) OR claim <> :claim)"
#: What a claim replaces, each kept under this prefix.
_REPLACED = ("fence", "given", "moved_at", "claimed_at")
_WAS = "was_"


@dataclass(frozen=True)
class Memory:
    """The highest fence, the split last written with its moment (epoch seconds), what is armed, and the notes."""

    fence: int = 0
    split: Mapping[str, int] | None = None
    moved_at: float | None = None
    claimed_at: float = 0.0
    armed: Armed | None = None
    #: Whether the table could not be asked.
    lost: bool = False
    notes: list[dict[str, Any]] = field(default_factory=list)

    def since(self, split: Mapping[str, int]) -> float | None:
        """Since when *split* is in force; None where another one was written last."""
        return self.moved_at if self.split == dict(split) else None


class FenceTable:
    """The memory of the router *name* of a *service*, in the ledger's *table*.

    *clock* needs ``time()`` and ``sleep(seconds)``.
    """

    def __init__(self, service: str, name: str, table: str, calls: AwsCalls, clock: Any) -> None:
        self.service = service
        self.clock = clock
        self._calls = calls
        self._where = {"TableName": table, "Key": {"service": {"S": service}, "item": {"S": f"router#{name}"}}}

    def read(self) -> Memory:
        """What is remembered; an empty memory before the first write."""
        return _memory(self._calls.patiently("get_item", ConsistentRead=True, **self._where).get("Item", {}))

    def claim(
        self,
        fence: int,
        split: Split,
        note: Mapping[str, Any] | None = None,
        armed: Armed | None = None,
    ) -> Memory:
        """Say that *split* is about to be written under *fence*; returns what was remembered before.

        With *armed*, that is what happens in case of silence from now on. With a *note*, which is that of broken
        glass, no deadline is too late. Where the claim of somebody with a lower number may still be in use, waits
        until it is not. Raises StaleFence where a higher number was here before, TooLate where a deadline is past by
        which this should have come, and then nothing was changed.
        """
        now = self.clock.time()
        before = self._update(fence, split, now, note, armed)
        if 0 < before.fence < fence and abs(now - before.claimed_at) < GOOD_FOR + APART:
            self.clock.sleep(GOOD_FOR)
            self._update(fence, split, self.clock.time(), None, armed)
        return before

    def break_glass(
        self,
        fence: int,
        split: Split,
        before: Split | None,
        glass: Mapping[str, Any],
        keep: Callable[[Mapping[str, Any]], None],
    ) -> tuple[Memory, int]:
        """A claim without a lease, under a number above all others, with a note; what was remembered, and that number.

        Users come first: where the table cannot be asked, *keep* writes the note down elsewhere. Raises StaleFence.
        """
        note = {
            **glass,
            "at": self.clock.time(),
            "before": None if before is None else before.as_dict(),
            "after": split.as_dict(),
        }
        try:
            highest = max(fence, self.read().fence + 1)
            return self.claim(highest, split, note), highest
        except StaleFence:
            raise
        except RouterError:
            keep(note)
            return Memory(lost=True), fence

    def _update(
        self,
        fence: int,
        split: Split,
        now: float,
        note: Mapping[str, Any] | None,
        armed: Armed | None,
        late: bool = False,
    ) -> Memory:
        token = str(uuid.uuid4())
        values: dict[str, Any] = {
            ":fence": {"N": str(fence)},
            ":split": {"S": _text(split.as_dict())},
            ":now": {"N": repr(now)},
            ":claim": {"S": token},
            ":never": {"NULL": True},
        }
        kept = ", ".join(f"{_WAS}{name} = if_not_exists({name}, :never)" for name in _REPLACED)
        update = f"SET {kept}, claim = :claim, fence = :fence, given = :split, moved_at = :now, claimed_at = :now"
        if armed is not None:
            update += ", armed = :armed, due = :due"
            values |= {":armed": {"S": _text(armed.as_dict())}, ":due": {"N": repr(armed.deadline)}}
        if note is not None:
            update += ", notes = list_append(if_not_exists(notes, :none), :note)"
            values |= {":none": {"L": []}, ":note": {"L": [{"S": _text(note)}]}}
        conditions = [_NOT_MADE, _NOT_OVERTAKEN, *([] if late or note else [_STILL_DUE])]
        try:
            answer = self._calls.patiently(
                "update_item",
                UpdateExpression=update,
                ConditionExpression=" AND ".join(conditions),
                ExpressionAttributeValues=values,
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **self._where,
            )
        except ConditionFailed as failed:
            if failed.item.get("claim") == {"S": token}:
                return _memory(_replaced(failed.item))
            there = _memory(failed.item)
            self.check(there, fence)
            guards.still_due(self.service, split, there.armed, now, BY_AWS)
            if late or note:
                raise
            return self._update(fence, split, now, note, armed, late=True)  # to go back is never too late
        return _memory(answer.get("Attributes", {}))

    def check(self, there: Memory, fence: int) -> None:
        """Raises StaleFence where *fence* is below the one that is remembered *there*."""
        if fence < there.fence:
            raise StaleFence(
                f"fencing number {fence} is stale: {self.service} was last written under {there.fence}, so another"
                " rollout has taken the lease since, or somebody broke the glass. Nothing was changed."
                " Run the playbook again: it takes a new lease and starts from what it finds."
            )

    def settle(self, fence: int) -> None:
        """Nothing is armed any more. Raises StaleFence."""
        self._under(fence, "REMOVE armed, due SET fence = :fence", {})

    def forget_notes(self, count: int, fence: int) -> None:
        """Drop the *count* oldest notes, which the ledger holds now. Raises StaleFence."""
        left = [{"S": _text(note)} for note in self.read().notes[count:]]
        self._under(fence, "SET notes = :left, fence = :fence", {":left": {"L": left}})

    def _under(self, fence: int, update: str, values: Mapping[str, Any]) -> None:
        try:
            self._calls.patiently(
                "update_item",
                UpdateExpression=update,
                ConditionExpression=_NOT_OVERTAKEN,
                ExpressionAttributeValues={":fence": {"N": str(fence)}, **values},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **self._where,
            )
        except ConditionFailed as failed:
            self.check(_memory(failed.item), fence)
            raise


def as_tag(note: Mapping[str, Any]) -> str:
    """A note of broken glass as the value of a tag, as far as that may be long and may have such characters."""
    return re.sub(r"[^\w\s+=._:/@-]", " ", _text(note)[:_LONGEST_TAG])


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), sort_keys=True)


def _replaced(item: Mapping[str, Any]) -> dict[str, Any]:
    """The *item* as it was before its claim, but for what that has armed and noted."""
    was = {name: item[f"{_WAS}{name}"] for name in _REPLACED}
    before = {name: value for name, value in was.items() if "NULL" not in value}
    return {**{name: value for name, value in item.items() if name not in was}, **before} if before else {}


def _memory(item: Mapping[str, Any]) -> Memory:
    if not item:
        return Memory()
    armed = json.loads(item["armed"]["S"]) if "armed" in item else None
    return Memory(
        armed=None if armed is None else Armed(**{**armed, "back_to": Split.parse(armed["back_to"])}),
        fence=int(item["fence"]["N"]),
        split=json.loads(item["given"]["S"]) if "given" in item else None,
        moved_at=float(item["moved_at"]["N"]) if "moved_at" in item else None,
        claimed_at=float(item["claimed_at"]["N"]) if "claimed_at" in item else 0.0,
        notes=[json.loads(note["S"]) for note in item.get("notes", {}).get("L", ())],
    )
