# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lock of a stack: of two runs at once, one goes on and the other one is told who is at work.

One item of a ledger's table, written under a condition. It is renewed while it is held, so that a run which died is in
nobody's way for longer than :data:`LASTS`; by whose clock, the runs have to agree within a few seconds.

API: DynamoDB, version 2012-08-10, ``PutItem`` and ``UpdateItem`` with ``ConditionExpression``.
"""

from __future__ import annotations

import getpass
import os
import platform
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from ..rollout.lease import clock
from .resource import StackError
from .session import Aws

#: Seconds for which the lock is good without being renewed, and between two renewals.
LASTS, RENEWED_EVERY = 60.0, 10.0

_REFUSED = "ConditionalCheckFailedException"
_MINE = "#token = :token"


class Lock:
    """The lock of the stack of *aws*, in *table*. With *takeover*, a reason, it is taken from whoever holds it."""

    def __init__(
        self,
        aws: Aws,
        table: str,
        takeover: str | None = None,
        lasts: float = LASTS,
        renewed_every: float = RENEWED_EVERY,
    ) -> None:
        self.aws = aws
        self.table = table
        self.takeover = takeover
        self.lasts = lasts
        self.renewed_every = renewed_every
        self._token = uuid.uuid4().hex
        self._until = 0.0

    @contextmanager
    def __call__(self) -> Iterator[Callable[[], None]]:
        """Hold it. What it gives raises StackError once the lock was lost; ask it before each write."""
        self._take()
        ended = threading.Event()
        keeper = threading.Thread(target=self._keep, args=(ended,), daemon=True)
        keeper.start()
        try:
            yield self._still_held
        finally:
            ended.set()
            keeper.join()
            with suppress(StackError):  # it runs out by itself
                self._call("delete_item", Key=self._key(), **self._if(_MINE))

    def _take(self) -> None:
        now = time.time()
        item = {
            "token": {"S": self._token},
            "holder": {"S": f"{getpass.getuser()} on {platform.node()} (process {os.getpid()})"},
            "since": {"N": repr(now)},
            "until": {"N": repr(now + self.lasts)},
            **({"takeover": {"S": self.takeover}} if self.takeover else {}),
        }
        # Its own token is there already where an answer was lost and the same was asked again.
        free = {} if self.takeover else self._if(f"attribute_not_exists(#token) OR #until < :now OR {_MINE}", now=now)
        if not self._call("put_item", Item={**self._key(), **item}, **free):
            raise StackError(f"nothing was changed. {self._holder()}. {self._advice()}")
        self._until = now + self.lasts

    def _keep(self, ended: threading.Event) -> None:
        while not ended.wait(self.renewed_every):
            until = time.time() + self.lasts
            update = {"Key": self._key(), "UpdateExpression": "SET #until = :until", **self._if(_MINE, until=until)}
            with suppress(StackError):  # asked again the next time, until it has run out
                self._until = until if self._call("update_item", **update) else 0.0

    def _still_held(self) -> None:
        if time.time() >= self._until:
            raise StackError(f"this run has lost the lock of the stack. {self._holder()}")

    def _holder(self) -> str:
        """Who holds it, since when and until when."""
        item = self._call("get_item", Key=self._key(), ConsistentRead=True).get("Item")
        if not item:
            return "Whoever was at work on this stack has ended"
        since, until = (clock(float(item[key]["N"])) for key in ("since", "until"))
        why = f", having taken it over ({item['takeover']['S']})" if "takeover" in item else ""
        return f"{item['holder']['S']} is at work on this stack since {since}{why}, with a lock until {until}"

    def _advice(self) -> str:
        return (
            f"Run this again when that one has ended; a run that died leaves its lock for {self.lasts:g} s. When"
            " you know that run to be wrong, take the lock from it: lock: {takeover: <your reason>}; it begins no"
            f" other step after {self.renewed_every:g} s"
        )

    def _key(self) -> dict[str, Any]:
        return {"service": {"S": self.aws.stack}, "item": {"S": "stack#lock"}}

    def _if(self, condition: str, **numbers: float) -> dict[str, Any]:
        """The parameters of a *condition*; of names and values, the table wants those alone that occur."""
        names = {f"#{name}": name for name in ("token", "until") if f"#{name}" in condition or name in numbers}
        values: dict[str, Any] = {f":{name}": {"N": repr(number)} for name, number in numbers.items()}
        return {
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {**values, ":token": {"S": self._token}},
        }

    def _call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """The answer; empty where the condition does not hold."""
        try:
            return self.aws.call("dynamodb", operation, _REFUSED, TableName=self.table, **parameters)
        except StackError as error:
            raise StackError(f"the lock in table {self.table} cannot be used ({error}); aws_ledger makes it") from error
