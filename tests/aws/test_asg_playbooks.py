# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks with Auto Scaling groups as pools: releases, a way back, and one that fails, while the probe asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet import Shop, opened
from harness import Emulator


@pytest.fixture
def shop(emulator: Emulator, tmp_path: Path) -> Iterator[Shop]:
    """A shop that releases from one color to the other."""
    with opened(emulator, tmp_path, type="blue_green") as shop:
        yield shop


def test_the_first_release(shop: Shop) -> None:
    first = shop.deploy("1.0.0")
    assert first.returncode == 0, first.stdout
    assert shop.groups() == {"blue": ("", 0, False), "green": ("1.0.0", 2, False)}


@pytest.mark.long
def test_releases_a_way_back_and_one_that_fails(shop: Shop) -> None:
    assert shop.deploy("1.0.0").returncode == 0
    shop.emulator.client("autoscaling").set_desired_capacity(AutoScalingGroupName="shop-green", DesiredCapacity=3)
    second = shop.deploy("2.0.0", GREETING='"hi" $HOME')
    assert second.returncode == 0, second.stdout
    assert shop.groups() == {"blue": ("2.0.0", 3, False), "green": ("1.0.0", 3, True)}
    status = shop.playbook("status")
    assert "localhost (blue): 2.0.0-" in status.stdout
    assert "everything agrees" in status.stdout

    again = shop.deploy("2.0.0", GREETING='"hi" $HOME')
    assert again.returncode == 0, again.stdout
    assert "is live in blue already: nothing to change" in again.stdout

    back = shop.playbook("rollback", "-e", '{"rollout_reason": "too slow"}')
    assert back.returncode == 0, back.stdout
    assert shop.groups() == {"blue": ("2.0.0", 3, False), "green": ("1.0.0", 3, False)}

    faulty = shop.deploy("3.0.0", FAULTY="yes")
    assert faulty.returncode != 0
    assert "3.0.0-" in faulty.stdout and "was not released" in faulty.stdout, faulty.stdout
    assert shop.groups() == {"blue": ("3.0.0", 0, False), "green": ("1.0.0", 3, False)}

    third = shop.deploy("3.0.1")
    assert third.returncode == 0, third.stdout
    assert shop.groups() == {"blue": ("3.0.1", 3, False), "green": ("1.0.0", 3, True)}

    autoscaling = shop.emulator.client("autoscaling")
    over = {"ResourceId": "shop-green", "ResourceType": "auto-scaling-group", "Key": "seamless:kept-until"}
    autoscaling.create_or_update_tags(Tags=[{**over, "Value": "1", "PropagateAtLaunch": False}])
    converged = shop.playbook("converge")
    assert converged.returncode == 0, converged.stdout
    assert shop.groups() == {"blue": ("3.0.1", 3, False), "green": ("1.0.0", 0, False)}
    assert "everything agrees" in shop.playbook("status").stdout

    back = shop.playbook("rollback", "-e", '{"rollout_reason": "somebody complained"}')
    assert back.returncode == 0, back.stdout
    assert shop.groups()["green"] == ("1.0.0", 3, False)


@pytest.mark.long
def test_a_rollout_is_not_closed_before_scaling_is_given_back(shop: Shop) -> None:
    assert shop.deploy("1.0.0").returncode == 0
    refused = {"operation": "ResumeProcesses", "code": "AccessDenied", "status": 403}
    shop.emulator.trouble(failing=[refused])
    second = shop.deploy("2.0.0")
    assert second.returncode != 0
    assert "not allowed: autoscaling:ResumeProcesses" in second.stdout
    shop.emulator.trouble()
    assert shop.groups() == {"blue": ("2.0.0", 2, True), "green": ("1.0.0", 2, True)}
    assert "open, at its end" in shop.playbook("status").stdout.replace("\n    ", " ")
    again = shop.deploy("2.0.0")
    assert again.returncode == 0, again.stdout
    assert shop.groups() == {"blue": ("2.0.0", 2, False), "green": ("1.0.0", 2, True)}
    assert "everything agrees" in shop.playbook("status").stdout

    # Capacity that cannot be had keeps nobody from going back.
    shop.emulator.client("autoscaling").set_desired_capacity(AutoScalingGroupName="shop-blue", DesiredCapacity=3)
    shop.emulator.trouble(failing=[{**refused, "operation": "UpdateAutoScalingGroup"}])
    back = shop.playbook("rollback", "-e", '{"rollout_reason": "too slow"}')
    assert back.returncode == 0, back.stdout
    assert "Users go back to what there is of green" in back.stdout
    assert shop.groups() == {"blue": ("2.0.0", 3, False), "green": ("1.0.0", 2, False)}
