# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import Place, digest


class Host:
    """The releases of the service ``shop`` on a host, whose clock goes one second with each look at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "shop"
        self.place = Place(str(folder), "shop", map(float, itertools.count(1)).__next__)

    def arrives(self, content: str) -> Path:
        self.folder.mkdir(exist_ok=True)
        incoming = self.folder / ".incoming"
        incoming.write_text(content)
        return incoming

    def release(self, version: str, content: str = "app") -> dict[str, Any]:
        return {"id": f"{version}-0", "version": version, "digest": digest(self.arrives(content)), "artifact": "app.py"}

    def install(self, version: str, color: str = "green", keep: int = 3) -> list[str]:
        release = self.release(version)
        return self.place.install(self.folder / ".incoming", release, color, keep)

    def there(self) -> set[str]:
        return {path.name for path in (self.folder / "releases").iterdir()}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)
