# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sites that the tests of safety share: a lab each, provisioned once, with one good release in each color."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from balancing import balancing
from haproxy_lab import Lab, provided
from harness.moments import is_alone, pytest_runtest_protocol, pytest_terminal_summary  # noqa: F401 - hooks
from harness.settled import history
from harness.site import BALANCERS, SharedSite, Site, own

GOOD = ("1.0.0", "2.0.0")

#: Files in the order in which each leaves what the next one would have to make: a release in either color.
ORDER = ("deploy", "ten_releases", "rollback")

#: Files whose tests run where both colors share their hosts: what spares the live color there does so anywhere.
SHARED = ("side_by_side", "bad_releases", "killed", "rolling")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Saves a release where the order of the alphabet would need one more; what measures moments comes last."""
    places = {f"test_{name}": place for place, name in enumerate(ORDER)}
    items.sort(key=lambda item: (is_alone(item), places.get(item.path.stem, len(places))))


@pytest.fixture(autouse=True)
def undisturbed(request: pytest.FixtureRequest) -> None:
    """What measures moments waits here until nothing runs beside it any more: SEAMLESS_BUSY is locked until then."""
    busy = os.environ.get("SEAMLESS_BUSY")
    if busy and is_alone(request.node):
        if any("routed" in getattr(item, "fixturenames", ()) for item in request.session.items):
            request.getfixturevalue("routed")  # to make that lab needs no quiet
        with open(busy, "a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH)


@contextmanager
def _released(site: Site, ours: bool = True) -> Iterator[Site]:
    """The site's lab, up and provisioned, with both good releases on it, the second one live: there is a way back."""
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode != 0:
        pytest.skip("needs a container engine: run `make lab` first")
    if ours:
        site.tool("down")  # what an interrupted run left would be believed
    site.tool("up")
    try:
        site.must("provision")
        for host in BALANCERS:
            site.install_router(host)
        known = history(site)
        for version in GOOD:
            if not (known.live_release or "").startswith(GOOD[1]):
                site.must("deploy", "-e", f"@{site.release(version)}")
        yield site
    finally:
        if ours:
            site.tool("down")


@pytest.fixture(scope="session")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Each color on its own hosts. With SEAMLESS_KEEP this lab stays up, and the next run begins sooner."""
    with _released(*own(tmp_path_factory.mktemp("site"))) as site:
        yield site


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Both colors on the same hosts."""
    with _released(SharedSite("sharedlab", "10.111.4", tmp_path_factory.mktemp("shared"))) as site:
        yield site


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """The site of the test's file as the test before left it: settled, whichever good release is live."""
    name = "shared" if request.path.stem.removeprefix("test_") in SHARED else "apart"
    found: Site = request.getfixturevalue(name)
    for host in found.hosts:
        assert found.sh(host, "systemctl is-system-running", check=False).strip() != "", f"{host} is down"
    yield found
    found.leave()


@pytest.fixture
def other(site: Site) -> Path:
    """The file of the good release that is not live."""
    live = history(site).live_release or ""
    return site.release(GOOD[0] if live.startswith(f"{GOOD[1]}-") else GOOD[1])


@pytest.fixture
def with_way_back(site: Site, other: Path) -> Site:
    """The site with a complete release in either color, and users on the newer one."""
    known = history(site)
    if known.went_back or len(known.installed) < 2:
        site.must("deploy", "-e", f"@{other}")
    return site


@pytest.fixture(scope="session")
def balanced() -> Iterator[Lab]:
    """Two load balancers and their pools, for what needs no release."""
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode != 0:
        pytest.skip("needs a container engine: run `make lab` first")
    with balancing() as lab:
        yield lab


@pytest.fixture(scope="session")
def routed() -> Iterator[Lab]:
    """The same with the lab's own declaration, for what moves users without a rollout."""
    with provided() as lab:
        yield lab
