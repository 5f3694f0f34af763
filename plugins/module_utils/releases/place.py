# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where releases are on a host, and how one is put there without anybody ever seeing half of it.

``<root>/<service>/releases/<id>/`` holds one immutable release: its artifact and ``release.json``.
``<root>/<service>/<color>/current`` is a link to the release that this color runs, which reads its configuration
from ``/etc/<service>/<color>.env`` and ``.secrets``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS

from .files import File

RECORD = "release.json"
ETC = Path("/etc")
UNITS = ETC / "systemd" / "system"


class PlaceError(Exception):
    """The release could not be put in place, and what ran before still does; the message says what to do."""


@dataclass(frozen=True)
class Installed:
    """What one color has: the record of its release, and whether its artifact is still what was recorded.

    ``problem`` says what is wrong where it is not; a release whose record is damaged has its id alone.
    """

    id: str
    version: str
    digest: str
    installed_at: float
    artifact: str
    whole: bool
    problem: str = ""

    def is_whole(self, release: Mapping[str, Any]) -> bool:
        """Whether this is *release*, as `Place.install` takes it, with its artifact undamaged."""
        return self.whole and self.id == release["id"] and os.path.basename(self.artifact) == release["artifact"]


class Place:
    """The releases of one *service* under *root*. *now* gives epoch seconds."""

    def __init__(self, root: str, service: str, now: Callable[[], float]) -> None:
        self.folder = Path(root) / service
        self.releases = self.folder / "releases"
        self.service = service
        self.now = now

    def current(self, color: str) -> Installed | None:
        """What *color* has, or None. The artifact is read whole, to tell whether it was damaged."""
        link = self.folder / color / "current"
        if not link.is_symlink():
            return None
        release = self.releases / Path(os.readlink(link)).name
        try:
            record = json.loads((release / RECORD).read_text(encoding="utf-8"))
            known = {key: str(record[key]) for key in ("id", "version", "digest", "artifact")}
            installed_at = float(record["installed_at"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            why = error.strerror if isinstance(error, OSError) else f"damaged, {type(error).__name__}"
            return Installed(release.name, "", "", 0.0, "", whole=False, problem=f"{release / RECORD}: {why}")
        artifact = release / known["artifact"]
        problem = _damage(artifact, known["digest"])
        return Installed(
            known["id"], known["version"], known["digest"], installed_at, str(artifact), not problem, problem
        )

    def configuration(self, color: str) -> tuple[Path, Path, Path]:
        """The files of *color* that hold its environment, its secrets and its unit."""
        etc = ETC / self.service
        return etc / f"{color}.env", etc / f"{color}.secrets", UNITS / self.unit(color)

    def unit(self, color: str) -> str:
        """The name of the unit that runs *color*."""
        return f"{self.service}-{color}.service"

    def read_by(self, color: str) -> list[Path]:
        """What the process of *color* reads when it starts: if it is newer than the process, something else runs."""
        return [self.folder / color / "current", *self.configuration(color)]

    def free(self) -> int:
        """Bytes that are free for releases."""
        place = self.folder
        while not place.exists():
            place = place.parent
        return shutil.disk_usage(place).free

    def install(self, incoming: Path, release: Mapping[str, Any], color: str, keep: int) -> list[str]:
        """Make *incoming* the release *release* (``id``, ``version``, ``digest``, ``artifact``) of *color*.

        The artifact is brought to the file system of the releases and checked again there, after its way over the
        network, and then moved in one step; then the color's link is. Gives the ids of the releases that were
        removed: all but the newest *keep* and those that a color has. Raises PlaceError.
        """
        try:
            self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            arrived = self.folder / f".arrived-{color}"
            arrived.unlink(missing_ok=True)
            shutil.copyfile(incoming, arrived)  # a file of our own: whoever brought it has none of it any more
            incoming.unlink()
            found = digest(arrived)
            if found != release["digest"]:
                arrived.unlink()
                raise PlaceError(
                    f"the artifact arrived damaged: expected {release['digest']}, but found {found}."
                    " Nothing was changed. Deploy again; if it happens twice, look at the network and the disk"
                )
            self._put(arrived, release)
            self._point(color, release["id"])
            return self._prune(keep)
        except OSError as error:
            raise PlaceError(
                f"the release could not be put into {self.releases} ({error.strerror}: {error.filename}):"
                " make room or repair the disk, then deploy again"
            ) from error

    def _put(self, arrived: Path, release: Mapping[str, Any]) -> None:
        target = self.releases / release["id"]
        target.mkdir(mode=0o755, parents=True, exist_ok=True)
        os.chmod(arrived, 0o755)  # noqa: S103 - its user runs it, and nobody may change it
        with open(arrived, "rb") as file:
            os.fsync(file.fileno())  # or a power cut leaves its name, and half of it
        os.replace(arrived, target / release["artifact"])
        record = {**release, "installed_at": self.now()}
        File(target / RECORD, json.dumps(record, indent=2, sort_keys=True) + "\n", 0o644).write()

    def _point(self, color: str, id_: str) -> None:
        folder = self.folder / color
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        new = folder / ".current.new"
        new.unlink(missing_ok=True)
        new.symlink_to(Path("..") / "releases" / id_)
        os.replace(new, folder / "current")

    def _prune(self, keep: int) -> list[str]:
        links = [self.folder / color / "current" for color in COLORS]
        used = {Path(os.readlink(link)).name for link in links if link.is_symlink()}
        newest = sorted(
            (release for release in self.releases.iterdir() if release.is_dir()),
            key=lambda release: release.stat().st_mtime,
            reverse=True,
        )
        spare = [release for release in newest if release.name not in used]
        removed = spare[max(0, keep - len(used)) :]
        for release in removed:
            shutil.rmtree(release)
        return sorted(release.name for release in removed)


def outdated(started: float | None, read: Iterable[Path], now: float, monotonic: float) -> bool:
    """Whether a process that was started at *started* (monotonic seconds) is older than what it should have *read*.

    That is how a run that was interrupted between writing and restarting is found out. *now* (epoch) and
    *monotonic* are the same moment; a clock that was set back costs one restart too many, and never one too few.
    """
    if started is None:
        return False
    began = now - (monotonic - started)
    return any(path.lstat().st_ctime > began for path in read if path.is_symlink() or path.exists())


def _damage(artifact: Path, expected: str) -> str:
    """What is wrong with an artifact, "" when nothing is."""
    try:
        found = digest(artifact)
    except OSError as error:
        return f"{artifact}: {error.strerror}"
    return "" if found == expected else f"{artifact} has {found} instead of {expected}"


def digest(path: Path) -> str:
    """The SHA-256 of a file as a declaration writes it: ``sha256:<hex>``."""
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return f"sha256:{found.hexdigest()}"
