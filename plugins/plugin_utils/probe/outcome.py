# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request's outcome, and the words for what went wrong. The words are the `error` column of the record.

| word | what the user met |
| --- | --- |
| connect_refused, connect_reset, connect_failed, connect_timeout, dns | no connection |
| tls_certificate, tls_error | no trusted connection |
| reset | the connection ended before the first byte of the answer |
| reset_on_reuse | the same, on a kept-alive connection (see `short`) |
| truncated | the connection ended inside the answer |
| timeout | no complete answer in time, counted from when the request was due |
| bad_response | not HTTP/1.1, or not a websocket |
| status_NNN | an answer of 400 or above, on a declared path |
| broken, broken_NNNN | a stream or websocket ended before its time (with the websocket's close code) |
| stalled | a stream or websocket went silent for as long as `timeout` |
| probe_saturated | the probe itself had too many requests in flight to send this one |
| probe_error | a defect or a limit of the probe itself (no more open files); its log has the details |
| unfinished | not answered when the probe was stopped, after its grace |
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from dataclasses import dataclass, field

PROBE_ITSELF = frozenset({"probe_saturated", "probe_error"})
"""Failures that say nothing about the service, but leave it without evidence."""


class Failure(Exception):
    """The request failed: `reason` is one of the words above, `detail` is for people."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(slots=True)
class Shot:
    """One request on its way. `since` is monotonic, `sent` is epoch seconds."""

    kind: str
    since: float
    sent: float = field(default_factory=time.time)
    stage: str = "connect"
    """What a timeout would interrupt: "connect" until there is a connection, then "answer"."""
    status: int = 0
    release: str = ""
    error: str = ""
    detail: str = ""

    def fail(self, reason: str, detail: str = "") -> None:
        """Note the first thing that went wrong."""
        if not self.error:
            self.error, self.detail = reason, detail

    def judge_status(self) -> None:
        """Fail on a status that a user would see as an error."""
        if self.status >= 400:
            self.fail(f"status_{self.status}", f"the service answered {self.status}")


def connect_failure(error: Exception) -> Failure:
    """Return the Failure for what asyncio raised while it connected."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Failure("tls_certificate", error.verify_message)
    if isinstance(error, ssl.SSLError):
        return Failure("tls_error", error.reason or str(error))
    if isinstance(error, socket.gaierror):
        return Failure("dns", error.strerror or str(error))
    for kind, reason in (
        (ConnectionRefusedError, "connect_refused"),
        (ConnectionError, "connect_reset"),
        ((TimeoutError, asyncio.TimeoutError), "connect_timeout"),
    ):
        if isinstance(error, kind):
            return Failure(reason, str(error))
    return Failure("connect_failed", str(error))
