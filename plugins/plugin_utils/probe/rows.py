# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The format of the probe's record: one line for each request, `sent,ms,kind,status,release,error`, no header.

* sent: epoch seconds at which the request's bytes were handed to the socket (6 decimals); for a request that
  never got that far, the moment at which its turn came.
* ms: milliseconds from the moment the request was *due* to its last byte (see `pace`); for a stream or a
  websocket, how long it lived.
* kind: one of `KINDS`. status: HTTP status, 0 when there was none.
* release: the response's X-Release, "" when there was none. error: "" when the user got what was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

Row = tuple[float, float, str, int, str, str]

SHORT = ("keep_alive", "new_connection", "slow", "post")
LONG_LIVED = ("stream", "websocket")
KINDS = SHORT + LONG_LIVED

FAST = frozenset({"keep_alive", "new_connection"})
"""Kinds whose answers tell which release serves *now*."""

TIMED = FAST | {"post"}
"""Kinds whose latency says something: a `slow` page and the long-lived kinds take as long as they are asked to."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._+:@~-]")


def clean(text: str, limit: int = 128) -> str:
    """Make text from the network safe for one CSV field: other characters become `_`, the rest is cut off."""
    return _UNSAFE.sub("_", text[:limit])


def format_row(row: Row) -> str:
    """Return the line for a row, with its newline. Its texts must have been through `clean`."""
    sent, ms, kind, status, release, error = row
    return f"{sent:.6f},{ms:.3f},{kind},{status},{release},{error}\n"


def parse_row(line: str) -> Row | None:
    """Return the row of a complete line, or None when it is not one."""
    try:
        sent, ms, kind, status, release, error = line.rstrip("\n").split(",")
        return float(sent), float(ms), kind, int(status), release, error
    except ValueError:
        return None


def read_rows(path: Path) -> Iterator[Row | None]:
    """Yield the rows of a file, None for a line that cannot be read.

    A last line without its newline is still being written (or was, when the probe was killed): it is left out.
    """
    with path.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield parse_row(line)
