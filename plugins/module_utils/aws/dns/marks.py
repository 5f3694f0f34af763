# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a record is. Records have no tags, so a TXT record below each one says it, written in the same batch.

A batch is carried out as a whole or not at all, so that no run, wherever it dies, leaves a record that nobody owns.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
Zones and health checks carry the stack in the reference that they are made with, which nothing can change.
The comment of a zone of its own says whether it has had health checks. Tags take a call of their own: until it is made,
a zone's comment says so, and a health check is disabled.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..parts import said
from ..resource import STACK_TAG

_LABEL = "_seamless"
_UNTAGGED = "untagged"


def mark(stack: str, name: str, kind: str, part: str = "") -> dict[str, Any]:
    """The record that says that the record *name* of this *kind* (``A``) and *part* (its set) is the stack's."""
    label = "-".join(one for one in (_LABEL, kind.lower(), part) if one)
    value = f'"{STACK_TAG}={stack}"'
    return {"Name": f"{label}.{name}", "Type": "TXT", "TTL": 300, "ResourceRecords": [{"Value": value}]}


def marks(stack: str, records: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The names of those *records* that are marks of the stack's."""
    value = mark(stack, "", "")["ResourceRecords"]
    return frozenset(
        plain(one["Name"]) for one in records if one["Type"] == "TXT" and one.get("ResourceRecords") == value
    )


def is_mark(record: Mapping[str, Any]) -> bool:
    """Whether a *record* is a mark, whosever."""
    return record["Type"] == "TXT" and record["Name"].startswith(f"{_LABEL}-")


def comment(stack: str, sorts: Collection[str], tagged: bool = True) -> str:
    """What the comment of a stack's own zone says: of which *sorts* it has had parts, and when it has no tags yet."""
    return f"{STACK_TAG}={stack} {said((*sorts, *(() if tagged else (_UNTAGGED,))))}".strip()


def has(stack: str, text: str) -> frozenset[str]:
    """The sorts of parts that the comment of a stack's own zone says it has had."""
    return _said(stack, text) - {_UNTAGGED}


def is_tagged(stack: str, text: str) -> bool:
    """Whether the comment of a stack's own zone does not say that the run that made it died before it gave it tags."""
    return _UNTAGGED not in _said(stack, text)


def _said(stack: str, text: str) -> frozenset[str]:
    head, _space, sorts = text.partition(" ")
    return frozenset(sorts.split() if head == comment(stack, ()) else ())


def plain(name: str) -> str:
    """A name as people write it: AWS ends it with a dot, and writes an asterisk as its number."""
    return name.removesuffix(".").replace("\\052", "*").lower()


def reference(stack: str, what: str) -> str:
    """A caller reference for the making of *what*: new each time, for AWS does not take one twice."""
    return f"{STACK_TAG}={stack}:{what}:{uuid.uuid4().hex[:8]}"


def referred(stack: str, caller_reference: str) -> str:
    """*What* a stack made something as, by the reference it was made with; empty when it is not the stack's."""
    head = f"{STACK_TAG}={stack}:"
    return caller_reference.removeprefix(head).rpartition(":")[0] if caller_reference.startswith(head) else ""
