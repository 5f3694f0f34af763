# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One Auto Scaling group gets a release share by share, never more than was asked for, and what it had before again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from fleet import group
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws
from ansible_collections.seamless.delivery.plugins.module_utils.releases.instance_refresh import Refreshing

GREEN = "shop-green"
OLD, NEW = "1.0.0-0a0a0a0a", "2.0.0-1b1b1b1b"
DECLARED: dict[str, Any] = {
    "stack": "shop",
    "image": "ami-0abcdef1234567890",
    "instance_types": ["t3.small"],
    "size": {"min": 2, "max": 6, "desired": 4},
}
STACK = {"stack": "shop", "color": "green"}
PREPARED = {**STACK, "state": "prepared", "release": NEW, "user_data": "start 2.0.0", "rollout": "shop-2"}
QUICK = {**STACK, "start_deadline": 20, "within": 60}
REFRESHED = {**QUICK, "state": "refreshed", "rollout": "shop-2"}
BACK = {**QUICK, "state": "back", "release": OLD}


@pytest.fixture
def stack(emulator: Emulator) -> Emulator:
    """A stack whose green color is live, with a release on four instances; blue has none."""
    build(emulator)
    return emulator


def build(emulator: Emulator) -> None:
    emulator.must("aws_network", {"stack": "shop"})
    emulator.must("aws_load_balancer", {"stack": "shop", "listeners": [{"port": 80, "protocol": "HTTP"}]})
    emulator.must("aws_compute", DECLARED)
    live = {"MinSize": 2, "MaxSize": 6, "DesiredCapacity": 4}
    emulator.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="shop-blue", **live)
    first = {"stack": "shop", "color": "green", "start_deadline": 30, "rollout": "shop-1"}
    emulator.must("asg_release", {**first, "state": "installed", "release": OLD, "user_data": "start 1.0.0"})
    emulator.must("asg_release", {"stack": "shop", "state": "given_back", "color": "green", "keep_minutes": 0})


def shown(emulator: Emulator) -> dict[str, Any]:
    found: dict[str, Any] = emulator.must("asg_release_info", {"stack": "shop"})["green"]
    return found


def has(emulator: Emulator) -> dict[str, int]:
    """How many instances have which version of the release."""
    return {release.partition("-")[0]: number for release, number in shown(emulator)["releases"].items()}


def refreshes(emulator: Emulator) -> list[dict[str, Any]]:
    """All that there were; looking is the passing of time."""
    asked = emulator.client("autoscaling").describe_instance_refreshes(AutoScalingGroupName=GREEN)
    found: list[dict[str, Any]] = asked["InstanceRefreshes"]
    return found


def pass_time(emulator: Emulator, looks: int = 30) -> None:
    """With nobody there, whatever AWS goes on with by itself comes to its end."""
    for _ in range(looks):
        refreshes(emulator)


def launched(emulator: Emulator) -> int:
    """How many instances there ever were."""
    reservations = emulator.client("ec2").describe_instances()["Reservations"]
    return sum(len(one["Instances"]) for one in reservations)


def test_shares_are_replaced_one_after_the_other_and_back_again(stack: Emulator) -> None:
    done = stack.must("asg_refresh", PREPARED)
    assert done["changed"]
    assert (has(stack), shown(stack)["id"]) == ({"1.0.0": 4}, OLD), "nothing is replaced yet"
    for percent, share in ((25, {"1.0.0": 3, "2.0.0": 1}), (50, {"1.0.0": 2, "2.0.0": 2})):
        stack.must("asg_refresh", {**REFRESHED, "percent": percent})
        assert has(stack) == share
        pass_time(stack)
        assert has(stack) == share, "silence goes no further"
        assert shown(stack)["id"] == OLD, "what autoscaling starts has the release before"
        again, written = stack.counting(
            lambda percent=percent: stack.must("asg_refresh", {**REFRESHED, "percent": percent})
        )
        assert (again["changed"], written) == (False, [])
    done = stack.must("asg_refresh", {**REFRESHED, "percent": 100})
    assert (has(stack), done["group"]["id"], done["group"]["whole"]) == ({"2.0.0": 4}, NEW, True)
    again, written = stack.counting(lambda: stack.must("asg_refresh", {**REFRESHED, "percent": 100}))
    assert (again["changed"], written) == (False, [])

    before = launched(stack)
    stack.must("asg_refresh", BACK)
    assert (has(stack), shown(stack)["id"], launched(stack) - before) == ({"1.0.0": 4}, OLD, 4)
    again, written = stack.counting(lambda: stack.must("asg_refresh", BACK))
    assert (again["changed"], written) == (False, [])


def test_only_what_was_replaced_is_replaced_again(stack: Emulator) -> None:
    stack.must("asg_refresh", PREPARED)
    stack.must("asg_refresh", {**REFRESHED, "percent": 25})
    before = launched(stack)
    stack.must("asg_refresh", BACK)
    assert (has(stack), launched(stack) - before) == ({"1.0.0": 4}, 1)


def test_what_never_gets_healthy_is_stopped_says_why_and_is_taken_back(stack: Emulator) -> None:
    stack.must("asg_refresh", {**PREPARED, "user_data": "fetch\nexit 1\n"})
    answer = stack.run_module("asg_refresh", {**REFRESHED, "percent": 50, "start_deadline": 3})
    assert answer["failed"]
    assert f"{NEW} was not ready in {GREEN} within 3 s" in answer["msg"]
    assert "is unhealthy (Target.FailedHealthChecks)" in answer["msg"]
    pass_time(stack)
    assert {one["Status"] for one in refreshes(stack)} == {"Cancelled"}, "nothing goes on"
    assert has(stack).get("1.0.0") == 4, "none has ended before its successor was healthy"
    stack.must("asg_refresh", BACK)
    assert has(stack) == {"1.0.0": 4}


def test_what_is_unhealthy_already_does_not_hold_up_the_way_back(stack: Emulator) -> None:
    stack.must("asg_refresh", {**PREPARED, "user_data": "fetch\nexit 1\n"})
    asked = {"LaunchTemplate": {"LaunchTemplateName": GREEN, "Version": "3"}}
    autoscaling = stack.client("autoscaling")
    ends_first = {"MinHealthyPercentage": 50, "MaxHealthyPercentage": 100, "CheckpointPercentages": [25]}
    autoscaling.start_instance_refresh(
        AutoScalingGroupName=GREEN, DesiredConfiguration=asked, Preferences={**ends_first, "SkipMatching": True}
    )
    pass_time(stack, 3)
    assert has(stack) == {"1.0.0": 3, "2.0.0": 1}
    stack.must("asg_refresh", BACK)
    assert has(stack) == {"1.0.0": 4}


def test_aws_itself_takes_a_share_back_at_an_alarm(stack: Emulator) -> None:
    cloudwatch = stack.client("cloudwatch")
    errors = {"Namespace": "shop", "MetricName": "errors", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1}
    cloudwatch.put_metric_alarm(
        AlarmName="shop-errors", Threshold=1, ComparisonOperator="GreaterThanThreshold", **errors
    )
    stack.must("asg_refresh", PREPARED)
    cloudwatch.set_alarm_state(AlarmName="shop-errors", StateValue="ALARM", StateReason="too many")
    answer = stack.run_module("asg_refresh", {**REFRESHED, "percent": 50, "alarms": ["shop-errors"]})
    assert answer["failed"]
    assert "ended as RollbackSuccessful: an alarm of shop-errors was raised" in answer["msg"]
    assert has(stack) == {"1.0.0": 4}


@pytest.mark.parametrize("safe", [True, False])
def test_where_nobody_is_there_any_more_a_share_ends_at_its_checkpoint(
    stack: Emulator, monkeypatch: pytest.MonkeyPatch, safe: bool
) -> None:
    """With a checkpoint that AWS goes on from by itself, as the negative control, this very look sees all replaced."""
    call = Aws.call

    def unsafe(self: Aws, service: str, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        if operation == "start_instance_refresh":
            parameters["Preferences"]["CheckpointPercentages"].append(100)
            parameters["Preferences"]["CheckpointDelay"] = 1
        return call(self, service, operation, *absent, **parameters)

    stack.must("asg_refresh", PREPARED)
    monkeypatch.setattr(Refreshing, "_stop", lambda *_, **__: None)  # whoever would stop it has died
    if not safe:
        monkeypatch.setattr(Aws, "call", unsafe)
    stack.must("asg_refresh", {**REFRESHED, "percent": 25})
    pass_time(stack, 3)
    time.sleep(1.1)
    pass_time(stack)
    assert has(stack) == ({"1.0.0": 3, "2.0.0": 1} if safe else {"2.0.0": 4})


def test_whoever_is_overtaken_starts_nothing_any_more(stack: Emulator) -> None:
    stack.must("asg_refresh", PREPARED)
    run = stack.start_module("asg_refresh", {**REFRESHED, "percent": 100})
    while not refreshes(stack):
        assert run.poll() is None, "it came to its end"
    stack.must("asg_refresh", BACK)
    told, _ = run.communicate(timeout=60)
    assert json.loads(told)["failed"]
    pass_time(stack)
    assert has(stack) == {"1.0.0": 4}
    late = stack.run_module("asg_refresh", {**REFRESHED, "percent": 100})
    assert "but found that of shop-2, which goes back" in late["msg"]


@pytest.mark.long
def test_it_gets_there_through_throttling(stack: Emulator) -> None:
    stack.trouble(throttled=0.2)
    stack.must("asg_refresh", PREPARED)
    stack.must("asg_refresh", {**REFRESHED, "percent": 50})
    stack.trouble()
    assert has(stack) == {"1.0.0": 2, "2.0.0": 2}


@pytest.mark.long
def test_several_instance_types_stay(emulator: Emulator) -> None:
    build(emulator)
    emulator.must("aws_compute", {**DECLARED, "instance_types": ["t3.small", "t3a.small"]})
    before = group(emulator, GREEN)["MixedInstancesPolicy"]
    emulator.must("asg_refresh", PREPARED)
    emulator.must("asg_refresh", {**REFRESHED, "percent": 100})
    found = group(emulator, GREEN)["MixedInstancesPolicy"]
    assert has(emulator) == {"2.0.0": 4}
    assert found["InstancesDistribution"] == before["InstancesDistribution"]
    assert found["LaunchTemplate"]["Overrides"] == before["LaunchTemplate"]["Overrides"]
    emulator.must("asg_refresh", BACK)
    assert (has(emulator), group(emulator, GREEN)["MixedInstancesPolicy"]) == ({"1.0.0": 4}, before)


def somebody_refreshes(emulator: Emulator) -> None:
    emulator.client("autoscaling").start_instance_refresh(AutoScalingGroupName=GREEN)


def one_instance(emulator: Emulator) -> None:
    emulator.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=GREEN, MinSize=1, DesiredCapacity=1)


def none_ends(emulator: Emulator) -> None:
    emulator.client("autoscaling").suspend_processes(AutoScalingGroupName=GREEN, ScalingProcesses=["Terminate"])


@pytest.mark.parametrize(
    ("first", "asked", "said"),
    [
        (somebody_refreshes, PREPARED, "goes on already: wait for its end, or cancel it"),
        (one_instance, {**PREPARED, "max_healthy": 100}, "has one instance, whose users need another one meanwhile"),
        (none_ends, PREPARED, "Terminate of shop-green is suspended, so AWS would replace nothing: resume it"),
        (None, {**PREPARED, "color": "blue"}, "expected instances of shop-blue to replace, but it has none"),
        (None, {**PREPARED, "user_data": "x" * 16385}, "user_data: expected at most 16384 bytes"),
        (None, REFRESHED, "expected in its tag seamless:refresh what shop-2 prepared, but found none"),
        (None, {**BACK, "release": NEW}, "has no tag seamless:refresh that says what to go back to"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_changes(
    stack: Emulator, first: Callable[[Emulator], None] | None, asked: dict[str, Any], said: str
) -> None:
    if first:
        first(stack)
    answer, written = stack.counting(lambda: stack.run_module("asg_refresh", asked))
    assert answer["failed"]
    assert said in answer["msg"]
    assert written == []


def test_where_nothing_was_prepared_there_is_nothing_to_take_back(stack: Emulator) -> None:
    done, written = stack.counting(lambda: stack.must("asg_refresh", BACK))
    assert (done["changed"], written) == (False, [])
    unknown = {key: value for key, value in BACK.items() if key != "release"}
    assert "has no tag seamless:refresh that says what to go back to" in stack.run_module("asg_refresh", unknown)["msg"]


def test_a_way_back_to_something_else_than_expected_is_refused(stack: Emulator) -> None:
    stack.must("asg_refresh", PREPARED)
    other = {**BACK, "release": "0.9.0-9c9c9c9c"}
    answer, written = stack.counting(lambda: stack.run_module("asg_refresh", other))
    assert "expected 0.9.0-9c9c9c9c as what shop-green had before, but its tag leads to 1.0.0-0a0a0a0a" in answer["msg"]
    assert written == []


def test_what_a_dead_rollout_held_down_is_given_back(stack: Emulator) -> None:
    autoscaling = stack.client("autoscaling")
    about = {"ResourceId": GREEN, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
    held = {"Key": "seamless:held", "Value": "shop-1:AZRebalance Terminate"}
    autoscaling.create_or_update_tags(Tags=[{**about, **held}])
    autoscaling.suspend_processes(AutoScalingGroupName=GREEN, ScalingProcesses=["Terminate", "AZRebalance"])
    stack.must("asg_refresh", PREPARED)
    stack.must("asg_refresh", {**REFRESHED, "percent": 25})
    assert (group(stack, GREEN)["SuspendedProcesses"], has(stack)) == ([], {"1.0.0": 3, "2.0.0": 1})


# Each with what comes before it, and its writes.
STATES: list[tuple[dict[str, Any], int]] = [
    (PREPARED, 2),
    ({**REFRESHED, "percent": 50}, 2),
    ({**REFRESHED, "percent": 100}, 1),
    (BACK, 3),
]


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, len(STATES)))])
def test_a_check_says_what_the_run_then_does_and_writes_nothing(stack: Emulator, part: int) -> None:
    for earlier, _writes in STATES[:part]:
        stack.must("asg_refresh", earlier)
    state = STATES[part][0]
    said, written = stack.counting(lambda: stack.must("asg_refresh", state, check=True))
    assert (said["changed"], written) == (True, [])
    done = stack.must("asg_refresh", state)
    assert done["plan"] == [line.replace("version new", "version 3") for line in said["plan"]]
    assert done["diff"]["before"] == said["diff"]["before"]
    after = said["diff"]["after"]
    assert done["diff"]["after"] == {**after, "swap": after["swap"].replace(":new:", ":3:")}


DEATHS = [(part, write) for part, (_state, writes) in enumerate(STATES) for write in range(writes)]
SOON = {(1, 1)}


@pytest.mark.parametrize(
    ("part", "write"), [pytest.param(*one, marks=() if one in SOON else pytest.mark.long) for one in DEATHS]
)
def test_whatever_write_a_run_is_killed_at_the_next_one_goes_on(stack: Emulator, part: int, write: int) -> None:
    state, writes = STATES[part]

    def before() -> None:
        for earlier, _writes in STATES[:part]:
            stack.must("asg_refresh", earlier)

    def whole() -> dict[str, Any]:
        found = shown(stack)
        found["sizes"] = (group(stack, GREEN)["DesiredCapacity"], len(group(stack, GREEN)["Instances"]))
        found["tags"] = sorted((tag["Key"], tag["Value"]) for tag in group(stack, GREEN)["Tags"])
        return {key: value for key, value in found.items() if key != "problem"}

    before()
    done = stack.counting(lambda: stack.must("asg_refresh", state))[1]
    assert len(done) == writes, done
    wanted = whole()
    stack.reset()
    build(stack)
    before()
    killed_after(stack, write, state)
    pass_time(stack)  # AWS goes on meanwhile
    stack.must("asg_refresh", state)
    assert whole() == wanted, "nothing is doubled, lost or forgotten"
    again, written = stack.counting(lambda: stack.must("asg_refresh", state))
    assert (again["changed"], written) == (False, [])


def killed_after(emulator: Emulator, write: int, state: dict[str, Any]) -> None:
    """A run whose controller dies after so many writes; the next one is under way, and never answered."""
    emulator.trouble(hold_after_writes=write)
    run = emulator.start_module("asg_refresh", state)
    while emulator.held() == 0:
        assert run.poll() is None, "it came to its end"
    run.kill()
    run.communicate()
    emulator.trouble()
