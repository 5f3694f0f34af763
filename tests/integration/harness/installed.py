# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as somebody has it who installed its tarball and has no checkout."""

from __future__ import annotations

import subprocess
from pathlib import Path

from haproxy_lab import PYTHON, ROOT

_GALAXY = str(PYTHON.with_name("ansible-galaxy"))


def installed(folder: Path) -> Path:
    """Build the tarball of this checkout and install it below *folder*; returns the collections path.

    What it depends on comes with the `ansible` package.
    """
    path = folder / "collections"
    build = [_GALAXY, "collection", "build", str(ROOT), "--output-path", str(folder)]
    subprocess.run(build, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (tarball,) = folder.glob("seamless-delivery-*.tar.gz")
    install = [_GALAXY, "collection", "install", "--no-deps", "--offline", "-p", str(path), str(tarball)]
    subprocess.run(install, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return path
