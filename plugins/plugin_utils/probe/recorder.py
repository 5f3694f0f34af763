# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the rows. What `flush` has handed to the kernel survives a SIGKILL of the probe."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from .rows import Row, format_row


class AlreadyRecording(Exception):
    """Another probe writes to this file."""


class Recorder:
    """Appends rows to a file that it holds locked: two probes that mix their rows would prove nothing."""

    def __init__(self, path: Path) -> None:
        self._lines: list[str] = []
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise AlreadyRecording(
                f"{path}: another probe is writing to it. Stop that one first, or use another file."
            ) from None
        self._end_torn_line(path)

    def add(self, row: Row) -> None:
        """Keep a row for the next flush."""
        self._lines.append(format_row(row))

    def flush(self) -> None:
        """Write what was added since the last flush."""
        data = "".join(self._lines).encode("ascii", "replace")
        self._lines.clear()
        while data:
            data = data[os.write(self._file, data) :]

    def close(self) -> None:
        """Flush, and make it last."""
        self.flush()
        os.fsync(self._file)
        os.close(self._file)

    def _end_torn_line(self, path: Path) -> None:
        """Keep a line that an earlier probe did not finish from swallowing our first one."""
        with path.open("rb") as earlier:
            size = earlier.seek(0, os.SEEK_END)
            if size:
                earlier.seek(size - 1)
                if earlier.read(1) != b"\n":
                    self._lines.append("\n")
