# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Releases that must not reach a user: the live color is never touched, and the message says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from harness.run import Run
from harness.settled import history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def refused(site: Site, declared: Path) -> Run:
    """Deploy what must fail; fails itself unless users, live color and load balancers are as they were."""
    before = history(site)
    live = before.live_color or ""
    untouched = (site.invocations(live), site.moved_at())
    with site.users(rate=60) as users:
        done = site.run("deploy", "-e", f"@{declared}")
    assert done.status == 2, done.output[-3000:]
    unhurt(users.saw(), least=100)
    assert (site.invocations(live), site.moved_at()) == untouched
    settled(site, before.live_release or "")
    return done


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("crash", ["does not run on 2 of 2 hosts", "this release is made not to start", "was not touched"]),
        pytest.param(
            "never_ready", ["does not run on 2 of 2 hosts", "answered 503", "was not touched"], marks=pytest.mark.long
        ),
        pytest.param("wrong_page", ["smoke tests", "no user was moved", "Storefront"], marks=pytest.mark.long),
    ],
)
def test_a_release_that_does_not_work(site: Site, fault: str, said: list[str]) -> None:
    done = refused(site, site.release("3.0.0", fault=fault))
    assert [words for words in said if words not in done.told] == []
    assert (history(site).last or pytest.fail("no rollout")).outcome == "failed"
    idle = "green" if history(site).live_color == "blue" else "blue"
    ask = f"systemctl is-active {site.service['name']}-{idle}"
    runs = {site.sh(host, ask, check=False).strip() for host in site.members[idle]}
    assert runs == {"active" if fault == "wrong_page" else "inactive"}, "nothing goes on crashing"


def test_an_artifact_that_is_not_the_declared_one(site: Site) -> None:
    done = refused(site, site.release("3.1.0", digest=f"sha256:{'0' * 64}"))
    assert "digest" in done.told
    assert "uild it again" in done.told or "declare" in done.told


def test_an_artifact_that_does_not_fit_on_the_disk(site: Site) -> None:
    color = "green" if history(site).live_color == "blue" else "blue"
    with small_disk(site, site.members[color][0]):
        done = refused(site, site.release("3.2.0"))
    assert "free under" in done.told
    assert "Make room there" in done.told


@contextmanager
def small_disk(site: Site, host: str) -> Iterator[None]:
    """While the block runs, the releases of *host* are on a disk that has room for another 8 MB."""
    home, kept = f"/opt/{site.service['name']}", "/run/kept-releases"
    size = 8 * 1024 + int(site.sh(host, f"du -sk {home}").split()[0])
    site.sh(host, f"cp -a {home} {kept} && mount -t tmpfs -o size={size}k tmpfs {home} && cp -a {kept}/. {home}/")
    try:
        yield
    finally:
        site.sh(host, f"umount -l {home}; rm -rf {kept}")
