# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route 53 takes tags in a call of their own: a run that dies before it leaves nothing that has none for ever."""

from __future__ import annotations

from typing import Any

import pytest
from harness import Emulator

_WWW = {"name": "www.example.com", "values": ["192.0.2.1"]}
_UNCHECKED = {"stack": "shop", "zone": "example.com", "create_zone": True, "records": [_WWW]}
_CHECKED = {**_UNCHECKED, "records": [{**_WWW, "health_check": {"host": "eu.example.com"}}]}


def _there(emulator: Emulator) -> dict[str, Any]:
    """The zone's and the health check's tags, and whether the check is at work."""
    route53 = emulator.client("route53")
    zones, checks = route53.list_hosted_zones()["HostedZones"], route53.list_health_checks()["HealthChecks"]
    ids = [("hostedzone", one["Id"].rpartition("/")[2]) for one in zones] + [("healthcheck", checks[0]["Id"])]
    asked = [route53.list_tags_for_resource(ResourceType=kind, ResourceId=at) for kind, at in ids]
    tags = [sorted(tag["Key"] for tag in one["ResourceTagSet"]["Tags"]) for one in asked]
    return {"tags": tags, "disabled": [one["HealthCheckConfig"]["Disabled"] for one in checks]}


@pytest.mark.parametrize(
    ("before", "write"),
    [
        ([], "ChangeTagsForResource"),
        ([], "UpdateHostedZoneComment"),
        ([_UNCHECKED], "ChangeTagsForResource"),
        ([_UNCHECKED], "UpdateHealthCheck"),
    ],
    ids=["zone made", "zone tagged", "check made", "check tagged"],
)
def test_what_a_run_that_died_has_not_tagged_is_tagged_by_the_next(
    emulator: Emulator, before: list[dict[str, Any]], write: str
) -> None:
    emulator.must("aws_dns", _CHECKED)
    whole, there = emulator.state(), _there(emulator)
    assert there == {"tags": [["Name", "seamless:stack"]] * 2, "disabled": [False]}
    emulator.reset()
    for declared in before:
        emulator.must("aws_dns", declared)
    emulator.trouble(failing=[{"operation": write, "code": "AccessDenied", "status": 403, "times": 1}])
    assert emulator.run_module("aws_dns", _CHECKED)["failed"]
    emulator.trouble()
    assert emulator.must("aws_dns", _CHECKED)["changed"] is True
    assert (emulator.state(), _there(emulator)) == (whole, there)
    assert emulator.must("aws_dns", _CHECKED)["changed"] is False
