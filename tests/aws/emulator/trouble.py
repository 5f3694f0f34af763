# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS does on its worse days: slow, throttled, failing before or after the deed, silent, or behind the times."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from typing import Any

from .names import Named

_THROTTLED = {"json": "ThrottlingException", "xml": "Throttling", "ec2": "RequestLimitExceeded", "cbor": "Throttling"}
Start = Callable[..., Any]
# The longest that an answer is held: by then whoever asked has been killed.
_HELD = 60.0
# S3 always, DynamoDB where it is asked to be, as it is by all of ours; Route 53 lists "the most current version":
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html.
_CONSISTENT = ("dynamodb", "s3", "sts", "route53")


_Answer = tuple[str, list[tuple[str, str]], list[bytes]]


class Unanswered(Exception):
    """Whoever called has been killed meanwhile."""


class Trouble:
    """The trouble that calls meet; none to begin with."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._peace = threading.Event()
        self.expect()

    def expect(
        self,
        latency: float = 0.0,
        throttled: float = 0.0,
        seed: int = 1,
        hold_after_writes: int | None = None,
        failing: Iterable[dict[str, Any]] = (),
        stale: float = 0.0,
    ) -> None:
        """From now on: *latency* seconds a call; a share *throttled* of calls, chosen by *seed*.

        For *stale* seconds after each write to a service, a question that it was asked before gets the answer of then
        (https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html), but of _CONSISTENT.

        After *hold_after_writes* writes, no write is performed or answered any more. *failing* has mappings:
        ``operation`` (a pattern), ``times``, ``seconds`` that the call is under way, ``code`` and ``status`` of the
        error, and ``done``, true where the deed is done and only its answer lost. Without a code it is done, and late.
        """
        self._peace.set()  # whoever was held is let go: by now it has been killed
        with self._lock:
            self._peace = threading.Event()
            #: How many writes were never answered.
            self.held = 0
            self._latency, self._throttled = latency, throttled
            self._chance = random.Random(seed)
            self._left = hold_after_writes
            self._failing = [dict(one) for one in failing]
            #: How many answers told of the past.
            self.told_of_the_past = 0
            self._stale = stale
            #: By service, when it was last written to; by question, what was answered before that.
            self._written: dict[str, float] = {}
            self._known: dict[tuple[str, str, bytes], _Answer] = {}

    def meet(
        self, call: Named, asked: bytes, perform: Callable[[Start], Iterable[bytes]], start: Start
    ) -> Iterable[bytes]:
        """The answer to *call*, whose question is *asked*: what *perform* gives, or trouble."""
        if self._latency:
            time.sleep(self._latency)
        if self._held(call):
            self.held += 1
            self._peace.wait(_HELD)
            raise Unanswered
        with self._lock:
            throttled = self._chance.random() < self._throttled
            failing = None if throttled else self._next(call)
        if throttled:
            # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
            slow_down = call.service == "s3"
            return error(call, start, "SlowDown" if slow_down else _THROTTLED[call.errors], 503 if slow_down else 400)
        if failing is None:
            return self._as_it_was(call, asked, perform, start) if self._stale else perform(start)
        time.sleep(failing.get("seconds", 0.0))
        if "code" not in failing:
            return perform(start)
        if failing.get("done"):
            perform(lambda *_: None)
        return error(call, start, failing["code"], failing.get("status", 500))

    def _as_it_was(
        self, call: Named, asked: bytes, perform: Callable[[Start], Iterable[bytes]], start: Start
    ) -> Iterable[bytes]:
        if call.writes:
            answer = perform(start)
            self._written[call.service] = time.monotonic()
            return answer
        question = (call.service, call.operation, asked)
        fresh = time.monotonic() >= self._written.get(call.service, float("-inf")) + self._stale
        if fresh or call.service in _CONSISTENT or question not in self._known:
            said: list[tuple[str, list[tuple[str, str]]]] = []
            body = list(perform(lambda status, headers, *_error: said.append((status, headers))))
            self._known[question] = (*said[-1], body)
        else:
            self.told_of_the_past += 1
        status, headers, body = self._known[question]
        start(status, headers)
        return body

    def _held(self, call: Named) -> bool:
        if not call.writes:
            return False
        with self._lock:
            if self._left is None:
                return False
            self._left -= 1
            return self._left < 0

    def _next(self, call: Named) -> dict[str, Any] | None:
        for one in self._failing:
            if one.get("times", 1) > 0 and fnmatch(call.operation, one["operation"]):
                one["times"] = one.get("times", 1) - 1
                return one
        return None


def error(call: Named, start: Start, code: str, status: int) -> Iterable[bytes]:
    """An error as the call's protocol writes it (botocore's parsers read all of them)."""
    told = "the emulator was asked to fail this call"
    if call.errors == "json":
        body, kind = json.dumps({"__type": code, "message": told}), "application/x-amz-json-1.1"
    elif call.errors == "ec2":
        error_ = f"<Error><Code>{code}</Code><Message>{told}</Message></Error>"
        body, kind = f"<Response><Errors>{error_}</Errors><RequestID>0</RequestID></Response>", "text/xml"
    else:
        error_ = f"<Error><Code>{code}</Code><Message>{told}</Message></Error>"
        body, kind = f"<ErrorResponse>{error_}<RequestId>0</RequestId></ErrorResponse>", "text/xml"
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    if call.errors == "cbor":
        # A map of two texts; the protocol's error shape: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
        encoded = b"\xa2" + b"".join(_text(part) for part in ("__type", code, "message", told))
        headers = [
            ("Content-Type", "application/cbor"),
            ("Content-Length", str(len(encoded))),
            ("smithy-protocol", "rpc-v2-cbor"),
        ]
        start(f"{status} Trouble", headers)
        return [encoded]
    start(f"{status} Trouble", headers)
    return [body.encode()]


def _text(value: str) -> bytes:
    raw = value.encode()
    return (bytes([0x60 + len(raw)]) if len(raw) < 24 else bytes([0x78, len(raw)])) + raw
