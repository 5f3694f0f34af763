# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A guard of cost that lost what it stands on, and one that only has its name."""

from __future__ import annotations

from typing import Any

import pytest
from harness import Emulator

_TOPIC = "arn:aws:sns:us-east-1:123456789012:shop"
_GUARD = {"stack": "shop", "monthly": 1200, "topic": _TOPIC, "unusual_from": 50}


def _subscriptions(emulator: Emulator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = emulator.client("ce").get_anomaly_subscriptions()["AnomalySubscriptions"]
    return found


@pytest.mark.parametrize("tags", [[], [{"Key": "seamless:stack", "Value": "shop"}]])
def test_a_subscription_to_no_monitor_is_the_stacks_by_its_tag_alone(
    emulator: Emulator, tags: list[dict[str, str]]
) -> None:
    emulator.client("ce").create_anomaly_subscription(
        AnomalySubscription={
            "SubscriptionName": "shop",
            "MonitorArnList": [],
            "Subscribers": [{"Type": "SNS", "Address": _TOPIC}],
            "Frequency": "IMMEDIATE",
        },
        ResourceTags=tags,
    )
    done = emulator.run_module("aws_cost", _GUARD)
    (there,) = _subscriptions(emulator)
    assert bool(done.get("failed")) is (not tags), done.get("msg")
    assert len(there["MonitorArnList"]) == len(tags)
    if tags:
        again, written = emulator.counting(lambda: emulator.must("aws_cost", _GUARD))
        assert (again["changed"], written) == (False, [])


def test_nobody_waits_for_a_tag_that_was_activated(emulator: Emulator) -> None:
    """An active tag is found by nobody: a run that waited for it would look again and again."""
    before = len(emulator.calls())
    emulator.must("aws_cost", {**_GUARD, "allocation_tags": ["team"]})
    asked = emulator.operations(before)
    assert asked.count("UpdateCostAllocationTagsStatus") == 1
    assert asked.count("ListCostAllocationTags") < 5, "what is there, and once more, what was made"
