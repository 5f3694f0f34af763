# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks with one Auto Scaling group, whose instances are replaced in place while the probe asks."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet import Shop, opened
from harness import Emulator

pytestmark = pytest.mark.long


@pytest.fixture
def shop(emulator: Emulator, tmp_path: Path) -> Iterator[Shop]:
    """A shop with a first release, on four instances of green."""
    with opened(emulator, tmp_path, type="rolling", refresh={"checkpoints": [25, 50, 100]}) as shop:
        first = shop.deploy("1.0.0")
        assert first.returncode == 0, first.stdout
        emulator.client("autoscaling").set_desired_capacity(AutoScalingGroupName="shop-green", DesiredCapacity=4)
        yield shop


def has(shop: Shop) -> dict[str, int]:
    """How many instances of green have which version of the release."""
    found = shop.emulator.must("asg_release_info", {"stack": "shop"})
    assert found["blue"]["parked"], "the other group is not needed"
    return {release.partition("-")[0]: number for release, number in found["green"]["releases"].items()}


def test_three_shares_and_a_way_back(shop: Shop) -> None:
    second = shop.deploy("2.0.0")
    assert second.returncode == 0, second.stdout
    assert "THE WAY BACK IS NOT ONE WRITE" in second.stdout
    assert has(shop) == {"2.0.0": 4}
    assert "everything agrees" in shop.playbook("status").stdout
    again = shop.deploy("2.0.0")
    assert again.returncode == 0, again.stdout
    assert "is live in green already: nothing to change" in again.stdout

    back = shop.playbook("rollback", "-e", '{"rollout_reason": "too slow"}')
    assert back.returncode == 0, back.stdout
    assert has(shop) == {"1.0.0": 4}
    assert "everything agrees" in shop.playbook("status").stdout
    once_more = shop.playbook("rollback", "-e", '{"rollout_reason": "still too slow"}')
    assert once_more.returncode == 0, once_more.stdout
    assert "nothing to change" in once_more.stdout

    third = shop.deploy("3.0.0")
    assert third.returncode == 0, third.stdout
    assert has(shop) == {"3.0.0": 4}


def killed_in(shop: Shop, share: int) -> None:
    """A deployment of 2.0.0 whose controller dies while it replaces a share (1, 2 ...) of the instances."""
    run = shop.start("deploy", *shop.released("2.0.0"))
    while has(shop).get("2.0.0", 0) < share:  # a first instance of the share: AWS may count one refresh as none
        assert run.poll() is None, run.communicate()[0]
        time.sleep(0.1)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    for _ in range(20):  # AWS goes on with what was begun
        shop.emulator.client("autoscaling").describe_instance_refreshes(AutoScalingGroupName="shop-green")


SHARES = {1: {"1.0.0": 3, "2.0.0": 1}, 2: {"1.0.0": 2, "2.0.0": 2}, 3: {"2.0.0": 4}}


@pytest.mark.parametrize("then", ["deploy", "rollback"])
@pytest.mark.parametrize("share", SHARES)
def test_a_controller_that_dies_leaves_a_share_and_the_next_one_goes_on_or_back(
    shop: Shop, share: int, then: str
) -> None:
    killed_in(shop, share)
    assert has(shop) == SHARES[share], "what was begun was finished, and nothing else was begun"
    status = shop.playbook("status").stdout
    counted = ", ".join(f"{number} x {version}" for version, number in SHARES[share].items())
    assert len(SHARES[share]) == 1 or counted in re.sub(r"(\d\.0\.0)-\w+", r"\1", status), status
    if then == "deploy":
        again = shop.deploy("2.0.0")
        assert again.returncode == 0, again.stdout
        assert f"was interrupted; it goes on at refresh-{share}" in again.stdout
        assert has(shop) == {"2.0.0": 4}
    else:
        back = shop.playbook("rollback", "-e", '{"rollout_reason": "its controller died"}')
        assert back.returncode == 0, back.stdout
        assert has(shop) == {"1.0.0": 4}
    status = shop.playbook("status").stdout
    assert "everything agrees" in status, status


def test_what_never_gets_healthy_is_taken_back(shop: Shop) -> None:
    sick = shop.deploy("3.0.0", SICK="yes")
    assert sick.returncode != 0
    told = sick.stdout.replace("\n", " ")
    assert "was not ready in shop-green within 30 s" in told, sick.stdout
    assert "is unhealthy (Target.FailedHealthChecks)" in told
    assert "was not released; users are on 1.0.0-" in told
    assert has(shop) == {"1.0.0": 4}
    assert "everything agrees" in shop.playbook("status").stdout


def test_what_is_healthy_and_answers_with_errors_is_taken_back(shop: Shop) -> None:
    faulty = shop.deploy("3.0.0", FAULTY="yes")
    assert faulty.returncode != 0
    assert "was not released; users are on 1.0.0-" in faulty.stdout.replace("\n", " "), faulty.stdout
    assert has(shop) == {"1.0.0": 4}
    assert "everything agrees" in shop.playbook("status").stdout
