# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stores that a ledger can be kept in. A new one is a new file here and a line in :data:`STORES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ..rollout.history import History
from ..rollout.journal import Event, Reading
from ..rollout.lease import Lease, LeaseError
from .errors import LedgerError, NotAtWork
from .file import FileLedger


class Ledger(Protocol):
    """What every ledger offers; ``FileLedger`` says what each promises."""

    def read(self) -> Reading:
        """The journal's newest segment."""

    def history(self) -> History:
        """What the journal adds up to."""

    def lease(self) -> Lease | None:
        """The lease as it was last written."""

    def acquire(self, holder: Mapping[str, Any], ttl: float, **how: Any) -> Lease:
        """The lease for *holder*."""

    def renew(self, fence: int, ttl: float, doing: str = "") -> Lease:
        """The lease, prolonged."""

    def release(self, fence: int) -> Lease:
        """The lease, given back."""

    def append(
        self,
        rollout: str,
        type_: str,
        data: Mapping[str, Any],
        fence: int,
        renew: float | None = None,
        then: str | None = None,
    ) -> tuple[Event, str]:
        """Write one event under the lease."""

    def ask(self, action: str, reason: str, who: Mapping[str, Any]) -> Event:
        """Ask something of the rollout in progress."""


Opened = Callable[[str, Callable[[], float], Mapping[str, Any]], Ledger]


def _file(service: str, now: Callable[[], float], options: Mapping[str, Any]) -> Ledger:
    return FileLedger(options["path"], service, now)


# boto3 takes long to load: only a ledger on AWS does.


def _dynamodb(service: str, now: Callable[[], float], options: Mapping[str, Any]) -> Ledger:
    from ..aws.access import access
    from .dynamodb import DynamoDBLedger

    return DynamoDBLedger(service, now, access(*_aws(options)), options["table"])


def _s3(service: str, now: Callable[[], float], options: Mapping[str, Any]) -> Ledger:
    from ..aws.access import access
    from ..aws.objects import Bucket
    from .s3 import S3Ledger

    return S3Ledger(service, now, Bucket(access(*_aws(options)), options["bucket"]), options["prefix"])


def _aws(options: Mapping[str, Any]) -> list[Any]:
    return [options[name] for name in ("region", "profile", "endpoint_url")]


STORES: Mapping[str, Opened] = {"file": _file, "dynamodb": _dynamodb, "s3": _s3}

_LEDGER: dict[str, dict[str, Any]] = {
    "type": {"type": "str", "choices": list(STORES), "default": "file"},
    "host": {"type": "str"},
    "path": {"type": "path", "default": "/var/lib/seamless/ledger"},
    "table": {"type": "str"},
    "bucket": {"type": "str"},
    "prefix": {"type": "str", "default": "seamless/"},
    "region": {"type": "str"},
    "profile": {"type": "str"},
    "endpoint_url": {"type": "str"},
}

#: The options that all modules of the ledger have (see the documentation fragment ``ledger``).
ARGUMENTS: dict[str, dict[str, Any]] = {
    "service": {"type": "str", "required": True},
    "ledger": {
        "type": "dict",
        "options": _LEDGER,
        "apply_defaults": True,
        "required_if": [("type", "dynamodb", ["table", "region"]), ("type", "s3", ["bucket", "region"])],
    },
}

#: What a module turns into ``fail_json``: each message says what to do.
ERRORS = (LeaseError, LedgerError, NotAtWork, ValueError)


def open_ledger(params: Mapping[str, Any], now: Callable[[], float]) -> Ledger:
    """The ledger that a module's *params* name."""
    options = params["ledger"]
    return STORES[options["type"]](params["service"], now, options)


def told(error: Exception) -> dict[str, bool]:
    """What kind of failure *error* is, for those who react to it.

    ``lost``: somebody else has the lease. ``unusable``: the store itself refuses, as when its disk is full.
    """
    return {"lost": isinstance(error, LeaseError), "unusable": isinstance(error, LedgerError)}
