# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release on Auto Scaling groups has the capacity before it has users, and the next run goes on with a dead one's."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from fleet import group
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.releases.autoscaling_group import Groups

BLUE, GREEN = "shop-blue", "shop-green"
OLD, NEW = "1.0.0-0a0a0a0a", "2.0.0-1b1b1b1b"
DECLARED: dict[str, Any] = {
    "stack": "shop",
    "image": "ami-0abcdef1234567890",
    "instance_types": ["t3.small"],
    "size": {"min": 2, "max": 6, "desired": 3},
    "warm_pool": {"min": 1},
}
INSTALL = {"stack": "shop", "state": "installed", "start_deadline": 30}
TO_GREEN = {**INSTALL, "color": "green", "release": NEW, "user_data": "start 2.0.0", "rollout": "shop-2"}
TO_BLUE = {**INSTALL, "color": "blue", "release": OLD, "user_data": "start 1.0.0", "rollout": "shop-1"}
GIVEN_BACK = {"stack": "shop", "state": "given_back", "keep_minutes": 60}
ON_GREEN = {**GIVEN_BACK, "color": "green"}


@pytest.fixture
def stack(emulator: Emulator) -> Emulator:
    """A stack whose blue color is live, with a release; green is parked."""
    build(emulator)
    return emulator


def build(emulator: Emulator) -> None:
    emulator.must("aws_network", {"stack": "shop"})
    emulator.must("aws_load_balancer", {"stack": "shop", "listeners": [{"port": 80, "protocol": "HTTP"}]})
    emulator.must("aws_compute", DECLARED)
    live = {"MinSize": 2, "MaxSize": 6, "DesiredCapacity": 3}
    emulator.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=GREEN, **live)
    emulator.must("asg_release", TO_BLUE)
    emulator.must("asg_release", {**GIVEN_BACK, "color": "blue", "keep_minutes": 0})
    emulator.must("aws_compute", DECLARED)  # which gives blue its warm pool again


def sizes(emulator: Emulator, name: str) -> tuple[int, int, int]:
    found = group(emulator, name)
    return found["MinSize"], found["MaxSize"], found["DesiredCapacity"]


def booted(emulator: Emulator, name: str) -> list[str]:
    """The user data of each instance that runs."""
    ec2, found = emulator.client("ec2"), []
    for one in group(emulator, name)["Instances"]:
        said = ec2.describe_instance_attribute(InstanceId=one["InstanceId"], Attribute="userData")
        found.append(base64.b64decode(said["UserData"]["Value"]).decode())
    return found


def held(emulator: Emulator) -> dict[str, tuple[list[str], str]]:
    """What is suspended on each group, and what its tag says of that; only where there is any."""
    found = {}
    for name in (BLUE, GREEN):
        one = group(emulator, name)
        suspended = sorted(process["ProcessName"] for process in one["SuspendedProcesses"])
        tag = next((tag["Value"] for tag in one["Tags"] if tag["Key"] == "seamless:held"), "")
        if suspended or tag:
            found[name] = (suspended, tag)
    return found


def versions(emulator: Emulator, name: str) -> list[str]:
    asked = emulator.client("ec2").describe_launch_template_versions(LaunchTemplateName=name)
    return [one.get("VersionDescription", "") for one in asked["LaunchTemplateVersions"]]


def whole(emulator: Emulator) -> dict[str, Any]:
    """All that a run could double, lose or forget."""
    return {
        name: (sizes(emulator, name), booted(emulator, name), versions(emulator, name)) for name in (BLUE, GREEN)
    } | {"held": held(emulator)}


def test_a_release_gets_the_live_capacity_before_users_and_the_old_one_stays(stack: Emulator) -> None:
    live = group(stack, BLUE)["Instances"]
    done = stack.must("asg_release", TO_GREEN)
    assert (done["changed"], done["green"]["id"], done["green"]["in_service"]) == (True, NEW, 3)
    assert (sizes(stack, GREEN), booted(stack, GREEN)) == ((2, 6, 3), ["start 2.0.0"] * 3)
    assert group(stack, BLUE)["Instances"] == live
    both = (["AZRebalance", "Terminate"], "shop-2:AZRebalance Terminate")
    assert held(stack) == {BLUE: both, GREEN: both}

    again, written = stack.counting(lambda: stack.must("asg_release", TO_GREEN))
    assert (again["changed"], written) == (False, [])

    stack.must("asg_release", ON_GREEN)
    assert held(stack) == {BLUE: both}, "blue is kept, and loses nothing"
    assert "WarmPoolConfiguration" in group(stack, GREEN)
    assert sizes(stack, BLUE) == (2, 6, 3)
    again, written = stack.counting(lambda: stack.must("asg_release", ON_GREEN))
    assert (again["changed"], written) == (False, [])
    assert stack.must("aws_compute", DECLARED)["plan"] == [], "its declaration finds nothing to do"

    late = {"stack": "shop", "state": "parked", "color": "blue", "due": True}
    assert stack.must("asg_release", late)["plan"] == [], "the window is open"
    stack.must("asg_release", {**late, "due": False})
    assert (sizes(stack, BLUE), held(stack)) == ((0, 0, 0), {})
    assert "WarmPoolConfiguration" not in group(stack, BLUE)
    found = stack.must("asg_release_info", {"stack": "shop"})
    assert (found["blue"]["id"], found["blue"]["parked"], found["blue"]["active"]) == (OLD, True, False)
    assert (found["green"]["id"], found["green"]["active"], found["green"]["whole"]) == (NEW, True, True)


def test_what_was_kept_long_enough_is_parked(stack: Emulator) -> None:
    stack.must("asg_release", TO_GREEN)
    stack.must("asg_release", {**ON_GREEN, "keep_minutes": 0.0001})
    time.sleep(1)
    stack.must("asg_release", {"stack": "shop", "state": "parked", "color": "blue", "due": True})
    assert (sizes(stack, BLUE), held(stack)) == ((0, 0, 0), {})


def test_users_go_back_to_as_much_as_they_had(stack: Emulator) -> None:
    stack.must("asg_release", TO_GREEN)
    stack.must("asg_release", ON_GREEN)
    autoscaling = stack.client("autoscaling")
    autoscaling.set_desired_capacity(AutoScalingGroupName=GREEN, DesiredCapacity=5)
    # What autoscaling makes of a group without users: fewer; but no instance ends while it is held.
    autoscaling.set_desired_capacity(AutoScalingGroupName=BLUE, DesiredCapacity=2)
    assert len(group(stack, BLUE)["Instances"]) == 3
    back = {"stack": "shop", "state": "warm", "color": "blue", "start_deadline": 30}
    stack.must("asg_release", back)
    assert (sizes(stack, BLUE), booted(stack, BLUE)) == ((2, 6, 5), ["start 1.0.0"] * 5)
    stack.must("asg_release", {**GIVEN_BACK, "color": "blue"})
    assert (sizes(stack, BLUE), held(stack)) == ((2, 6, 5), {})
    assert sizes(stack, GREEN) == (2, 6, 5), "kept for whoever wants to look at it"


def test_users_can_go_back_to_what_was_parked(stack: Emulator) -> None:
    stack.must("asg_release", TO_GREEN)
    stack.must("asg_release", {**ON_GREEN, "keep_minutes": 0})
    assert sizes(stack, BLUE) == (0, 0, 0)
    stack.must("asg_release", {"stack": "shop", "state": "warm", "color": "blue", "start_deadline": 30})
    assert (sizes(stack, BLUE), booted(stack, BLUE)) == ((2, 6, 3), ["start 1.0.0"] * 3)


def test_what_scaled_in_was_held_back_stays_when_all_users_return(stack: Emulator) -> None:
    stack.must("asg_release", TO_GREEN)
    stack.client("autoscaling").set_desired_capacity(AutoScalingGroupName=BLUE, DesiredCapacity=2)
    stack.must("asg_release", {**GIVEN_BACK, "color": "blue"})
    assert (sizes(stack, BLUE), len(group(stack, BLUE)["Instances"])) == ((2, 6, 3), 3)


def test_a_release_that_never_gets_healthy_leaves_the_live_group_alone_and_says_why(stack: Emulator) -> None:
    before = group(stack, BLUE)
    broken = {**TO_GREEN, "user_data": "fetch\nexit 1\n", "start_deadline": 1}
    answer = stack.run_module("asg_release", broken)
    assert answer["failed"]
    assert f"{NEW} was not ready in {GREEN} within 1 s: of 3 instances 3 are in service and 0 healthy" in answer["msg"]
    assert "is unhealthy (Target.FailedHealthChecks)" in answer["msg"]
    assert group(stack, BLUE) == before
    # What a rollout that failed before it moved anybody does.
    stack.must("asg_release", {**GIVEN_BACK, "color": "blue", "keep_minutes": 0})
    assert (sizes(stack, GREEN), held(stack)) == ((0, 0, 0), {})
    assert group(stack, BLUE)["Instances"] == before["Instances"]
    # And the next one is none the worse.
    stack.must("asg_release", {**TO_GREEN, "release": "2.0.1-2c2c2c2c", "user_data": "start 2.0.1"})
    assert booted(stack, GREEN) == ["start 2.0.1"] * 3


def test_what_an_earlier_release_left_on_the_idle_group_is_ended_first(stack: Emulator) -> None:
    stack.must("asg_release", TO_GREEN)
    stack.must("asg_release", ON_GREEN)
    stack.must("asg_release", {**TO_BLUE, "release": "3.0.0-3d3d3d3d", "user_data": "start 3.0.0", "rollout": "shop-3"})
    assert (sizes(stack, BLUE), booted(stack, BLUE)) == ((2, 6, 3), ["start 3.0.0"] * 3)
    assert "WarmPoolConfiguration" not in group(stack, BLUE)
    assert booted(stack, GREEN) == ["start 2.0.0"] * 3


def test_what_somebody_else_has_suspended_stays_so(stack: Emulator) -> None:
    own = {"AutoScalingGroupName": BLUE, "ScalingProcesses": ["AZRebalance", "ReplaceUnhealthy"]}
    stack.client("autoscaling").suspend_processes(**own)
    stack.must("asg_release", TO_GREEN)
    assert held(stack)[BLUE] == (["AZRebalance", "ReplaceUnhealthy", "Terminate"], "shop-2:Terminate")
    stack.must("asg_release", {**ON_GREEN, "keep_minutes": 0})
    assert held(stack) == {BLUE: (["AZRebalance", "ReplaceUnhealthy"], "")}


def test_several_instance_types_stay_and_a_new_template_is_built_on(stack: Emulator) -> None:
    changed = {
        **DECLARED,
        "warm_pool": None,
        "instance_types": ["t3.small", "t3a.small"],
        "image": "ami-0123456789abcdef0",
    }
    stack.must("aws_compute", changed)
    mixed = group(stack, GREEN)["MixedInstancesPolicy"]
    stack.must("asg_release", TO_GREEN)
    found = group(stack, GREEN)["MixedInstancesPolicy"]
    assert found["InstancesDistribution"] == mixed["InstancesDistribution"]
    assert found["LaunchTemplate"]["Overrides"] == mixed["LaunchTemplate"]["Overrides"]
    specification = found["LaunchTemplate"]["LaunchTemplateSpecification"]
    version = stack.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=specification["LaunchTemplateId"], Versions=[specification["Version"]]
    )["LaunchTemplateVersions"][0]
    assert version["LaunchTemplateData"]["ImageId"] == "ami-0123456789abcdef0"
    assert (version["VersionDescription"], version["DefaultVersion"]) == (f"release {NEW} on 2", False)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {**TO_GREEN, "user_data": "x" * 16385},
            "user_data: expected at most 16384 bytes, as AWS does, but found 16385",
        ),
        ({**TO_BLUE}, "expected the capacity of shop-green to give to shop-blue, but found it parked"),
        ({"stack": "shop", "state": "warm", "color": "green"}, "shop-green has never had a release"),
        ({"stack": "other", "state": "parked", "color": "green"}, "other-blue, other-green is none of it"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_changes(stack: Emulator, asked: dict[str, Any], said: str) -> None:
    answer, written = stack.counting(lambda: stack.run_module("asg_release", asked))
    assert answer["failed"]
    assert said in answer["msg"]
    assert written == []


@pytest.mark.parametrize("state", [TO_GREEN, ON_GREEN, {"stack": "shop", "state": "parked", "color": "green"}])
def test_a_check_says_what_the_run_then_does_and_writes_nothing(stack: Emulator, state: dict[str, Any]) -> None:
    if state is not TO_GREEN:
        stack.must("asg_release", TO_GREEN)
    said, written = stack.counting(lambda: stack.must("asg_release", state, check=True))
    assert (said["changed"], written) == (True, [])
    done = stack.must("asg_release", state)
    assert done["plan"] == said["plan"]
    for color, before in said["diff"]["before"].items():
        assert done["diff"]["before"][color] == before
        assert {**said["diff"]["after"][color], "version": "", "kept_until": 0} == {
            **done["diff"]["after"][color],
            "version": "",
            "kept_until": 0,
        }


# -- killed ---------------------------------------------------------------------------------------------

# From a release on green to the next one on blue, where an older one is kept; each with its writes.
STATES = [
    (TO_GREEN, 6),
    (ON_GREEN, 4),
    ({**TO_BLUE, "release": "3.0.0-3d3d3d3d", "user_data": "start 3.0.0", "rollout": "shop-3"}, 10),
    ({**GIVEN_BACK, "color": "blue"}, 4),
    ({"stack": "shop", "state": "parked", "color": "green"}, 4),
]
DEATHS = [(part, write) for part, (_state, writes) in enumerate(STATES) for write in range(writes)]
SOON = {(2, 3)}


def killed_after(emulator: Emulator, write: int, state: dict[str, Any]) -> None:
    """A run whose controller dies after so many writes; the next one is under way, and never answered."""
    emulator.trouble(hold_after_writes=write)
    run = emulator.start_module("asg_release", state)
    while emulator.held() == 0:
        assert run.poll() is None, "it came to its end"
    run.kill()
    run.communicate()
    emulator.trouble()


@pytest.mark.parametrize(
    ("part", "write"), [pytest.param(*one, marks=() if one in SOON else pytest.mark.long) for one in DEATHS]
)
def test_whatever_write_a_run_is_killed_at_the_next_one_goes_on(stack: Emulator, part: int, write: int) -> None:
    state, writes = STATES[part]

    def at_peace() -> dict[str, Any]:
        for earlier, _writes in STATES[:part]:
            stack.must("asg_release", earlier)
        done = stack.counting(lambda: stack.must("asg_release", state))[1]
        assert len(done) == writes
        return whole(stack)

    wanted = at_peace()
    stack.reset()
    build(stack)
    for earlier, _writes in STATES[:part]:
        stack.must("asg_release", earlier)
    killed_after(stack, write, state)
    stack.must("asg_release", state)
    assert whole(stack) == wanted, "nothing is doubled, lost or forgotten"
    again, written = stack.counting(lambda: stack.must("asg_release", state))
    assert (again["changed"], written) == (False, [])


def test_a_run_that_forgets_to_give_back_is_caught(stack: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of what the others assert with held()."""
    monkeypatch.setattr(Groups, "_release", lambda *_: None)
    stack.must("asg_release", TO_GREEN)
    stack.must("asg_release", {**ON_GREEN, "keep_minutes": 0})
    assert set(held(stack)) == {BLUE, GREEN}
