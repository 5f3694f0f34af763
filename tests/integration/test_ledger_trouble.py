# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ledger's disk is full, clocks disagree: a rollout refuses before it begins, and brings users back after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from harness.settled import history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def test_a_full_disk_before_a_rollout(site: Site, other: Path) -> None:
    before = history(site)
    with site.users(rate=60) as users, small_ledger(site) as disk:
        disk.fill()
        refused = site.run("deploy", "-e", f"@{other}")
        assert refused.status == 2
        assert "make room there" in refused.told
        assert history(site) == before
    unhurt(users.saw(), least=100)
    settled(site, before.live_release or "")


@pytest.mark.long
def test_a_full_disk_in_the_middle_of_a_rollout(site: Site, other: Path) -> None:
    before = history(site)
    with site.users(rate=60) as users, small_ledger(site) as disk:
        deploying = site.begin("deploy", "-e", f"@{other}")
        deploying.wait_for("TASK [seamless.delivery.rollout : Set the instant]")
        disk.fill()
        failed = deploying.end()
        assert failed.status == 2
        assert "the journal could not be written" in failed.told
        green = 100 if before.live_color == "green" else 0
        assert [site.green(host) for host in ("lb1", "lb2")] == [[green, green]] * 2

        disk.free()
        finished = site.run("deploy", "-e", f"@{other}")
        assert history(site).current is None, finished.output[-3000:]
    unhurt(users.saw(), least=600)
    settled(site, history(site).live_release or "")


def test_clocks_that_disagree_stop_a_rollout_before_it_begins(site: Site, other: Path) -> None:
    before = site.journal()
    with wrong_clock(site, "lb2", seconds=5):
        done = site.run("deploy", "-e", f"@{other}")
    assert done.status == 2
    assert "further than 0.1 s from the controller's" in done.told
    assert "lb2: +" in done.told
    assert "lb1: " not in done.told.partition("controller's: ")[2].partition("Nothing was changed")[0]
    assert site.journal() == before


class Disk:
    """The ledger's disk: room for what is there and 256 kB more, which can be filled to the last byte."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._filler = f"{site.service['ledger']['path']}/filler"

    def fill(self) -> None:
        """Leave no byte."""
        self._site.sh("ops1", f"dd if=/dev/zero of={self._filler} bs=512 2>/dev/null; true")

    def free(self) -> None:
        """Make room again."""
        self._site.sh("ops1", f"rm -f {self._filler}")


@contextmanager
def small_ledger(site: Site) -> Iterator[Disk]:
    """While the block runs, the ledger is on a small disk of its own; afterwards its content is where it was."""
    path, kept = site.service["ledger"]["path"], "/run/kept-ledger"
    small = f"mount -t tmpfs -o size=$(( $(du -sk {path} | cut -f1) + 256 ))k tmpfs {path}"
    site.sh("ops1", f"rm -rf {kept}; cp -a {path} {kept} && {small} && cp -a {kept}/. {path}/")
    disk = Disk(site)
    try:
        yield disk
    finally:
        disk.free()
        site.sh("ops1", f"rm -rf {kept}; cp -a {path} {kept} && umount -l {path} && cp -a {kept}/. {path}/")


@contextmanager
def wrong_clock(site: Site, host: str, seconds: float) -> Iterator[None]:
    """While the block runs, Python on *host* reads a clock that is *seconds* ahead: containers share the kernel's."""
    patch = f"import time as t; t.time = lambda real=t.time: real() + {seconds}"
    folder = site.sh(host, "python3 -c 'import sysconfig; print(sysconfig.get_path(\"purelib\"))'").strip()
    site.sh(host, f"mkdir -p {folder} && printf '%s\\n' '{patch}' > {folder}/zz-wrong-clock.pth")
    try:
        yield
    finally:
        site.sh(host, f"rm {folder}/zz-wrong-clock.pth")
