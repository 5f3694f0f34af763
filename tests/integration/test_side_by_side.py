# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both colors on the same two hosts (inventories/lab_shared): what is done to one never touches the other."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from harness.inventory import FASTER, ROOT, merged
from harness.settled import history, watching
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow]

TOPOLOGY = "inventories/lab_shared"
HOSTS = ("app1", "app2")
PORTS = {"blue": 8001, "green": 8002}


class SharedSite(Site):
    """A lab of its own with the smaller topology, its durations as short as the other tests'."""

    def __init__(self, folder: Path) -> None:
        super().__init__("sharedlab", "10.111.4", folder)
        self.inventory = folder / TOPOLOGY
        shutil.copytree(ROOT / TOPOLOGY, self.inventory)
        declared = self.inventory / "group_vars" / "all" / "service.yml"
        content = yaml.safe_load(declared.read_text(encoding="utf-8"))
        content["service"] = merged(content["service"], FASTER)
        declared.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    def tool(self, *arguments: str) -> None:
        super().tool("--inventory", TOPOLOGY, *arguments)

    def lives(self, color: str) -> list[str]:
        """What systemd calls the present life of a color's unit on each host: another one after each start."""
        return [self.sh(host, f"systemctl show --property=InvocationID --value storefront-{color}") for host in HOSTS]

    def answers(self, color: str) -> set[str]:
        """The releases that answer at a color's port, on each host itself."""
        ask = f"""python3 -c 'from urllib.request import urlopen as ask
print(ask("http://127.0.0.1:{PORTS[color]}/").headers["X-Release"])'"""
        return {self.sh(host, ask).strip() for host in HOSTS}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedSite]:
    """Provisioned, with one release live, in green."""
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode != 0:
        pytest.skip("needs a container engine: run `make lab` first")
    site = SharedSite(tmp_path_factory.mktemp("shared"))
    site.tool("down")  # what an interrupted run left would be believed
    site.tool("up")
    try:
        site.must("provision")
        site.must("deploy", "-e", f"@{site.release('1.0.0')}")
        yield site
    finally:
        site.tool("down")


def test_a_release_and_its_rollback_touch_one_color_each(shared: SharedSite) -> None:
    first = history(shared).live_release
    live = history(shared).live_color or ""
    idle = "green" if live == "blue" else "blue"
    assert shared.answers(live) == {first}
    before = shared.lives(live)

    with shared.users(rate=100, streams=4, websockets=4) as users:
        shared.must("deploy", "-e", f"@{shared.release('2.0.0')}")
        second = history(shared).live_release
        both = shared.lives(live), shared.lives(idle)
        assert both[0] == before, f"{live}, which was live, was started anew"
        assert (shared.answers(live), shared.answers(idle)) == ({first}, {second})

        shared.must("rollback", rollout_reason="a test says so")
    unhurt(users.saw(), least=1000)

    assert (history(shared).live_color, history(shared).live_release) == (live, first)
    assert (shared.lives(live), shared.lives(idle)) == both, "a rollback moves users and starts nothing"
    assert watching(shared) == ""


def test_a_release_that_crashes_leaves_the_live_color_alone(shared: SharedSite) -> None:
    live = history(shared).live_color or ""
    idle = "green" if live == "blue" else "blue"
    before, release = shared.lives(live), history(shared).live_release
    failed = shared.run("deploy", "-e", f"@{shared.release('3.0.0', fault='crash')}")
    assert not failed.ok
    assert "this release is made not to start" in failed.told, "the log's last words are told"
    assert f"{live}, which is live, was not touched" in failed.told
    assert (shared.lives(live), shared.answers(live)) == (before, {release})
    states = {shared.sh(host, f"systemctl is-active storefront-{idle}", check=False).strip() for host in HOSTS}
    assert states == {"inactive"}, "it does not go on crashing"


def test_provisioning_again_changes_nothing(shared: SharedSite) -> None:
    assert shared.must("provision").changed == 0
