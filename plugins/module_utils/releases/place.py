# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where releases are on a host, and how one is put there without anybody ever seeing half of it.

``<root>/<service>/releases/<id>/`` holds one immutable release: its artifact and ``release.json``.
``<root>/<service>/<color>/current`` is a link to the release that this color runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COLORS = ("blue", "green")
RECORD = "release.json"


class PlaceError(Exception):
    """The release could not be put in place, and what ran before still does; the message says what to do."""


@dataclass(frozen=True)
class Installed:
    """What one color has: the record of its release, and whether its artifact is still what was recorded."""

    id: str
    version: str
    digest: str
    installed_at: float
    artifact: str
    whole: bool


class Place:
    """The releases of one *service* under *root*. *now* gives epoch seconds."""

    def __init__(self, root: str, service: str, now: Callable[[], float]) -> None:
        self.folder = Path(root) / service
        self.releases = self.folder / "releases"
        self.now = now

    def current(self, color: str) -> Installed | None:
        """What *color* has, or None. The artifact is read whole, to tell whether it was damaged."""
        try:
            release = (self.folder / color / "current").resolve(strict=True)
            record = json.loads((release / RECORD).read_text(encoding="utf-8"))
            artifact = release / record["artifact"]
            whole = digest(artifact) == record["digest"]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError) as error:
            raise PlaceError(
                f"{self.folder / color / 'current'} leads to no readable release ({error}): remove it, then deploy again"
            ) from error
        return Installed(
            id=record["id"],
            version=record["version"],
            digest=record["digest"],
            installed_at=record["installed_at"],
            artifact=str(artifact),
            whole=whole,
        )

    def free(self) -> int:
        """Bytes that are free for releases."""
        place = self.folder
        while not place.exists():
            place = place.parent
        return shutil.disk_usage(place).free

    def install(self, incoming: Path, release: Mapping[str, Any], color: str, keep: int) -> list[str]:
        """Make *incoming* the release *release* (``id``, ``version``, ``digest``, ``artifact``) of *color*.

        The artifact is checked again here, after its way over the network, and moved in one step; then the
        color's link is. Gives the ids of the releases that were removed: all but the newest *keep* and those
        that a color has. Raises PlaceError.
        """
        found = digest(incoming)
        if found != release["digest"]:
            raise PlaceError(
                f"the artifact arrived damaged: expected {release['digest']}, but found {found}."
                " Nothing was changed. Deploy again; if it happens twice, look at the network and the disk"
            )
        try:
            self._put(incoming, release)
            self._point(color, release["id"])
            return self._prune(keep)
        except OSError as error:
            raise PlaceError(
                f"the release could not be put into {self.releases} ({error.strerror}): make room or repair the disk, then deploy again"
            ) from error

    def _put(self, incoming: Path, release: Mapping[str, Any]) -> None:
        target = self.releases / release["id"]
        target.mkdir(mode=0o755, parents=True, exist_ok=True)
        os.chmod(incoming, 0o755)
        os.replace(incoming, target / release["artifact"])
        record = {**release, "installed_at": self.now()}
        _write(target / RECORD, json.dumps(record, indent=2, sort_keys=True) + "\n")

    def _point(self, color: str, id_: str) -> None:
        folder = self.folder / color
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        new = folder / ".current.new"
        new.unlink(missing_ok=True)
        new.symlink_to(Path("..") / "releases" / id_)
        os.replace(new, folder / "current")

    def _prune(self, keep: int) -> list[str]:
        used = {(self.folder / color / "current").resolve().name for color in COLORS}
        newest = sorted(self.releases.iterdir(), key=lambda release: release.stat().st_mtime, reverse=True)
        spare = [release for release in newest if release.name not in used]
        removed = spare[max(0, keep - len(used)) :]
        for release in removed:
            shutil.rmtree(release)
        return sorted(release.name for release in removed)


def digest(path: Path) -> str:
    """The SHA-256 of a file as a declaration writes it: ``sha256:<hex>``."""
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return f"sha256:{found.hexdigest()}"


def _write(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.new")
    with open(new, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
