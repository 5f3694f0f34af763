# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are either as they were or as they should be, never half of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class File:
    """A file as it should be. What is *secret* is never shown."""

    path: Path
    text: str = field(repr=False)
    mode: int
    secret: bool = False

    def in_place(self) -> bool:
        """Whether it is there, with this text, this mode and this process's owner."""
        try:
            found = self.path.stat()
            text = self.path.read_bytes()
        except FileNotFoundError:
            return False
        owned = (found.st_uid, found.st_gid) == (os.geteuid(), os.getegid())
        return owned and found.st_mode & 0o7777 == self.mode and text == self.text.encode()

    def write(self) -> None:
        """Put it there in one step, and on disk before that."""
        self.path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        new = self.path.with_name(f".{self.path.name}.new")
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(self.text)
            stream.flush()
            os.fchmod(stream.fileno(), self.mode)
            os.fsync(stream.fileno())
        os.replace(new, self.path)

    def shown(self) -> str:
        """What a diff may show of what is there now."""
        return "" if self.secret or not self.path.exists() else self.path.read_text(encoding="utf-8", errors="replace")


def differences(files: Iterable[File]) -> list[dict[str, str]]:
    """What writing *files* would change, as a module's ``diff``; of a secret its path alone."""
    return [
        {
            "before_header": str(file.path),
            "after_header": f"{file.path} (its content is not shown)" if file.secret else str(file.path),
            "before": file.shown(),
            "after": "" if file.secret else file.text,
        }
        for file in files
    ]
