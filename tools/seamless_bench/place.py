# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where measurements happen: a lab of their own, with the example shop, through the harness of the tests of safety."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seamless_demo.steps import ROOT, build

sys.path.insert(0, str(ROOT / "tests" / "integration"))

from harness.site import BALANCERS, Site

VERSIONS = ("1.0.0", "2.0.0")


@contextmanager
def place(name: str, subnet: str, changes: Mapping[str, Any]) -> Iterator[tuple[Site, list[Path]]]:
    """A lab, provisioned, with the shop's two versions on it and the second one live; and their release files.

    *changes* are made to the declared service. The lab is removed afterwards.
    """
    releases = [build(version) for version in VERSIONS]
    with tempfile.TemporaryDirectory(prefix=f"seamless-{name}-") as folder:
        site = Site(name, subnet, Path(folder), dict(changes))
        with provided(site, releases):
            yield site, releases


@contextmanager
def provided(site: Site, releases: Sequence[Path]) -> Iterator[None]:
    """The lab of *site*, with *releases* on it, one after the other; removed afterwards."""
    site.tool("down")
    site.tool("up")
    try:
        site.must("provision")
        for host in BALANCERS:
            site.install_router(host)
        for release in releases:
            site.must("deploy", "-e", f"@{release}")
        yield
    finally:
        site.tool("down")
