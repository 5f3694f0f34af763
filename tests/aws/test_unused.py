# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is paid for and not used is found; what is used is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.unused import unused
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws


def _unused(emulator: Emulator, **days: int) -> dict[str, dict[str, Any]]:
    found = emulator.must("aws_unused_info", days)
    assert found["changed"] is False
    return {one["id"]: one for one in found["unused"]}


def _instance_with_volume(emulator: Emulator) -> tuple[str, str]:
    ec2 = emulator.client("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    (one,) = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"]
    (device,) = ec2.describe_instances(InstanceIds=[one["InstanceId"]])["Reservations"][0]["Instances"][0][
        "BlockDeviceMappings"
    ]
    return one["InstanceId"], device["Ebs"]["VolumeId"]


def test_volumes_and_addresses(emulator: Emulator) -> None:
    ec2 = emulator.client("ec2")
    instance, attached = _instance_with_volume(emulator)
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "seamless:stack", "Value": "shop"}]}]
    spare = ec2.create_volume(Size=8, AvailabilityZone="us-east-1a", TagSpecifications=tags)["VolumeId"]
    used, free = (ec2.allocate_address(Domain="vpc")["AllocationId"] for _ in range(2))
    ec2.associate_address(AllocationId=used, InstanceId=instance)

    found = _unused(emulator)
    assert {spare, free} <= set(found)
    assert not {attached, used} & set(found)
    assert found[spare]["why"] == "attached to nothing, 8 GiB"
    assert found[spare]["stack"] == "shop"


def test_a_snapshot_is_unused_when_it_is_old_and_of_no_image(emulator: Emulator) -> None:
    ec2 = emulator.client("ec2")
    instance, volume = _instance_with_volume(emulator)
    lone = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    image = ec2.create_image(InstanceId=instance, Name="shop")["ImageId"]
    (device,) = ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]

    assert lone not in _unused(emulator, snapshot_days=1)
    found = _unused(emulator, snapshot_days=-1)
    assert found[lone]["kind"] == "snapshot"
    assert device["Ebs"]["SnapshotId"] not in found


def test_a_load_balancer_is_unused_when_it_is_old_and_had_no_traffic(emulator: Emulator) -> None:
    elb, network = emulator.client("elbv2"), emulator.own_network()
    busy, idle = (
        elb.create_load_balancer(Name=name, Subnets=network["subnets"])["LoadBalancers"][0]["LoadBalancerArn"]
        for name in ("busy", "idle")
    )
    now = datetime.now(UTC) + timedelta(days=20)  # made today, they are old by then
    dimensions = [{"Name": "LoadBalancer", "Value": busy.partition(":loadbalancer/")[2]}]
    counted = {"MetricName": "RequestCount", "Dimensions": dimensions, "Value": 5, "Timestamp": now - timedelta(days=2)}
    emulator.client("cloudwatch").put_metric_data(Namespace="AWS/ApplicationELB", MetricData=[counted])

    assert not {busy, idle} & set(_unused(emulator))
    found = {one["id"]: one for one in unused(Aws("", emulator.client), now, 14, 90)}
    assert busy not in found
    assert found[idle]["why"] == "no traffic in 14 days"
