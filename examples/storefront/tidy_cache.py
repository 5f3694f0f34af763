# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs at each start, after shiv unpacked the artifact: removes what older releases unpacked.

Only from a directory that is the unit's own (systemd's CacheDirectory=): elsewhere somebody else may be running it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

KEEP = 3
"""Of the newest, this one included: a rollback to the release before need not unpack again."""


def tidy(current: Path) -> None:
    """Remove the oldest of *current*'s siblings."""
    with contextlib.suppress(OSError):  # housekeeping never stops a release from starting
        others = [path for path in current.parent.glob("storefront-*.pyz_*") if path.is_dir() and path != current]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in others[KEEP - 1 :]:
            shutil.rmtree(path, ignore_errors=True)
            (path.parent / f".{path.name}_lock").unlink(missing_ok=True)


if __name__ == "__main__":
    unpacked = Path(site_packages).parent  # type: ignore[name-defined]  # noqa: F821 - shiv's gift
    if os.environ.get("CACHE_DIRECTORY") == str(unpacked.parent):
        tidy(unpacked)
