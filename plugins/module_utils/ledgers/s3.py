# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ledger in an S3 bucket: ``<prefix><service>/journal.jsonl``, whose first line is the lease, each other an event.

Lease and journal are one object, so that an event is written only while the lease is still the one that was read: the
object is replaced under the condition that its ETag is the one that was read (``If-Match``), and made under the
condition that there is none (``If-None-Match``). A segment before it stays as ``journal-<last seq>.jsonl``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from ..aws.objects import Bucket
from ..rollout.journal import Event
from .shared import Draft, Overtaken, SharedLedger, Snapshot


class S3Ledger(SharedLedger):
    """The journal and the lease of one *service*, in *bucket* below *prefix*."""

    def __init__(self, service: str, now: Callable[[], float], bucket: Bucket, prefix: str = "", **more: Any) -> None:
        super().__init__(service, f"s3://{bucket.name}/{prefix}{service}", now, **more)
        self.bucket = bucket
        self.folder = f"{prefix}{service}"

    def _load(self, whole: bool) -> Snapshot:  # noqa: ARG002  an object is read whole
        found = self.bucket.read(self._key())
        if found is None:
            return Snapshot()
        first, _end, lines = found.text.partition("\n")
        return Snapshot(self._lease_in(first, "lease"), self._parsed(lines), found.etag)

    def _store(self, found: Snapshot, draft: Draft) -> None:
        events = (*found.events, *draft.events)
        if draft.events and draft.events[0].type == "ledger.carried":
            events = draft.events
            segment = f"journal-{found.events[-1].seq:09d}.jsonl"
            self.bucket.write(self._key(segment), _lines(found.events))  # again where a run died here: it is the same
        lease = draft.lease.as_dict() if draft.lease else None
        text = json.dumps({"lease": lease}) + "\n" + _lines(events)
        if not self.bucket.replace(self._key(), text, found.version):
            raise Overtaken

    def _has(self, event: Event) -> bool:
        return event in self._load(whole=True).events

    def _key(self, name: str = "journal.jsonl") -> str:
        return f"{self.folder}/{name}"


def _lines(events: Iterable[Event]) -> str:
    return "".join(event.line() for event in events)
