# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ledger in a DynamoDB table, whose partition key is ``service`` and whose sort key is ``item``.

Item ``event#000000012`` has the twelfth event as a line of JSON, item ``lease`` the lease and how often it was written.
Both are written in one transaction, under the condition that the lease is the one that was read and that no such event
is there yet. Whether a lease has run out is decided by its own times: nothing is left to the table's time to live.

API: DynamoDB, version 2012-08-10, ``Query`` and ``TransactWriteItems``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..aws.session import Aws
from ..rollout.journal import Event
from .shared import Draft, Overtaken, SharedLedger, Snapshot

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html: 400 KB for an item, its names and
# its key included.
LARGEST = 400 * 1024 - 1024
_REFUSED = ("ConditionalCheckFailedException", "TransactionCanceledException", "TransactionConflictException")


class DynamoDBLedger(SharedLedger):
    """The journal and the lease of one *service*, in *table*."""

    def __init__(self, service: str, now: Callable[[], float], aws: Aws, table: str, **more: Any) -> None:
        super().__init__(service, f"DynamoDB table {table}", now, **more)
        self.aws = aws
        self.table = table

    def _load(self, whole: bool) -> Snapshot:
        # Newest first, and "lease" sorts after "event#...": one question has both. The newest segment begins with what
        # the ones before it added up to.
        lease, version, lines = None, 0, []
        for item in self._newest_first({} if whole else {"Limit": 2}):
            if item["item"]["S"] == "lease":
                lease, version = self._lease_in(item["lease"]["S"]), int(item["version"]["N"])
                continue
            lines.append(item["event"]["S"] + "\n")
            if not whole or item["type"]["S"] == "ledger.carried":
                break
        return Snapshot(lease, self._parsed("".join(reversed(lines))), version)

    def _newest_first(self, limit: Mapping[str, int]) -> Iterator[Mapping[str, Any]]:
        yield from self.aws.pages(
            "dynamodb",
            "query",
            "Items",
            TableName=self.table,
            KeyConditionExpression="service = :service AND #item BETWEEN :first AND :last",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues={
                ":service": {"S": self.service},
                ":first": {"S": "event#"},
                ":last": {"S": "lease"},
            },
            ScanIndexForward=False,
            ConsistentRead=True,
            **limit,
        )

    def _store(self, found: Snapshot, draft: Draft) -> None:
        lease = self._lease_write(found, draft)
        if not draft.events:
            self._write("put_item", **lease["Put"])
            return
        puts = [self._event_put(event) for event in draft.events]
        self._write("transact_write_items", TransactItems=[lease, *puts])

    def _lease_write(self, found: Snapshot, draft: Draft) -> dict[str, Any]:
        """The lease where it changes, and otherwise the condition that nobody else changed it."""
        key = {"service": {"S": self.service}, "item": {"S": "lease"}}
        condition = {
            "TableName": self.table,
            "ConditionExpression": "#version = :version" if found.version else "attribute_not_exists(#item)",
            "ExpressionAttributeNames": {"#version": "version"} if found.version else {"#item": "item"},
        }
        if found.version:
            condition["ExpressionAttributeValues"] = {":version": {"N": str(found.version)}}
        if draft.events and draft.lease == found.lease:
            return {"ConditionCheck": {**condition, "Key": key}}
        text = json.dumps(draft.lease.as_dict() if draft.lease else None)
        return {
            "Put": {**condition, "Item": {**key, "lease": {"S": text}, "version": {"N": str(found.version + 1)}}},
        }

    def _event_put(self, event: Event) -> dict[str, Any]:
        text = _text(event)
        if len(text.encode("utf-8")) > LARGEST:
            raise ValueError(
                f"journal: the {event.type} event has {len(text.encode('utf-8')) // 1024} KB, and DynamoDB keeps 400 KB"
                " in an item; nothing was written. Leave out what is large, or keep the ledger in S3 (type: s3)"
            )
        return {
            "Put": {
                "TableName": self.table,
                "Item": {**self._key(event), "type": {"S": event.type}, "event": {"S": text}},
                "ConditionExpression": "attribute_not_exists(#item)",
                "ExpressionAttributeNames": {"#item": "item"},
            }
        }

    def _has(self, event: Event) -> bool:
        item = self.aws.call(
            "dynamodb", "get_item", TableName=self.table, Key=self._key(event), ConsistentRead=True
        ).get("Item")
        return item is not None and item["event"]["S"] == _text(event)

    def _key(self, event: Event) -> dict[str, Any]:
        return {"service": {"S": self.service}, "item": {"S": f"event#{event.seq:09d}"}}

    def _write(self, operation: str, **parameters: Any) -> None:
        if not self.aws.call("dynamodb", operation, *_REFUSED, **parameters):
            raise Overtaken


def _text(event: Event) -> str:
    """Its line, with what is no Unicode as JSON escapes it: the table takes nothing else."""
    return event.line().rstrip("\n").encode("utf-8", errors="backslashreplace").decode("utf-8")
