# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A replica in another region is made from there, never lost sight of, and can become the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from harness import Emulator

_GIVEN: dict[str, Any] = {
    "stack": "shop",
    "version": "16",
    "instance_class": "db.t4g.medium",
    "password": "correct-horse-battery-staple",
    "final_snapshot": False,
}
_NAME = "shop-us-east-1-replica-1"
_KEY = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"


@pytest.fixture
def west(emulator: Emulator) -> dict[str, Any]:
    """A replica in us-west-2, as it is declared; the networks of both regions are there."""
    emulator.must("aws_network", {"stack": "shop"})
    there = emulator.must("aws_network", {"stack": "shop", "region": "us-west-2"})["resources"]
    return {
        "region": "us-west-2",
        "subnets": [its["id"] for name, its in there.items() if name.startswith("subnet shop-private-")],
        "security_groups": [there["security group shop-database"]["id"]],
        "kms_key": _KEY,
    }


def _there(emulator: Emulator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = emulator.client("rds", "us-west-2").describe_db_instances()["DBInstances"]
    return found


def _groups(emulator: Emulator) -> list[str]:
    described = emulator.client("rds", "us-west-2").describe_db_subnet_groups()["DBSubnetGroups"]
    return [one["DBSubnetGroupName"] for one in described]


def test_it_stands_on_what_its_region_has(emulator: Emulator, west: dict[str, Any]) -> None:
    done = emulator.must("aws_database", {**_GIVEN, "replicas": [west]})
    assert done["plan"][-2:] == [
        f"+ create distant subnets {_NAME}@us-west-2",
        f"+ create distant replica {_NAME}@us-west-2",
    ]
    (replica,) = _there(emulator)
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == done["resources"]["database shop"]["arn"]
    assert (replica["KmsKeyId"], replica["DBSubnetGroup"]["DBSubnetGroupName"]) == (_KEY, _NAME)
    assert done["resources"][f"distant replica {_NAME}@us-west-2"]["endpoint"] == replica["Endpoint"]["Address"]


def test_two_calls_more_tell_that_there_is_nothing_to_do(emulator: Emulator, west: dict[str, Any]) -> None:
    made = []
    for declared in ({**_GIVEN, "replicas": [{}]}, {**_GIVEN, "replicas": [{}, west]}):
        emulator.must("aws_database", declared)
        before = len(emulator.calls())
        again, written = emulator.counting(lambda declared=declared: emulator.must("aws_database", declared))
        assert (again["changed"], written) == (False, [])
        made.append(len(emulator.operations(before)))
    assert made[1] == made[0] + 2


@pytest.mark.usefixtures("west")
def test_the_emulator_refuses_what_aws_would(emulator: Emulator) -> None:
    source = emulator.must("aws_database", _GIVEN)["resources"]["database shop"]["arn"]
    rds = emulator.client("rds", "us-west-2")
    asked = {"DBInstanceIdentifier": "by-hand", "SourceDBInstanceIdentifier": source, "SourceRegion": "us-east-1"}
    with pytest.raises(ClientError, match="KMS key of the destination Region"):
        rds.create_db_instance_read_replica(**asked)
    with pytest.raises(ClientError, match="PreSignedUrl for the source Region"):
        rds.create_db_instance_read_replica(**{**asked, "SourceRegion": "us-west-2", "KmsKeyId": _KEY})
    with pytest.raises(ClientError, match="parameter group can't be specified"):
        rds.create_db_instance_read_replica(**asked, KmsKeyId=_KEY, DBParameterGroupName="own")


def test_one_that_is_declared_no_longer_is_found_by_the_mark(emulator: Emulator, west: dict[str, Any]) -> None:
    emulator.must("aws_database", _GIVEN)
    emulator.must("aws_database", {**_GIVEN, "replicas": [west]})  # the mark comes to a database that is there
    refused, written = emulator.counting(lambda: emulator.run_module("aws_database", _GIVEN))
    assert f"distant replica {_NAME}@us-west-2 would be removed" in refused["msg"]
    assert written == []
    done = emulator.must("aws_database", {**_GIVEN, "deletion_protection": False})
    assert {f"- delete distant replica {_NAME}@us-west-2", f"- delete distant subnets {_NAME}@us-west-2"} < set(
        done["plan"]
    )
    assert (_there(emulator), _groups(emulator)) == ([], [])


def test_without_the_mark_it_would_be_lost(emulator: Emulator, west: dict[str, Any]) -> None:
    emulator.must("aws_database", {**_GIVEN, "replicas": [west]})
    arn = _there(emulator)[0]["ReadReplicaSourceDBInstanceIdentifier"]
    emulator.client("rds").remove_tags_from_resource(ResourceName=arn, TagKeys=["seamless:has"])
    assert emulator.must("aws_database", {**_GIVEN, "deletion_protection": False})["changed"] is True
    assert len(_there(emulator)) == 1


def test_a_database_takes_it_along_when_it_goes(emulator: Emulator, west: dict[str, Any]) -> None:
    emulator.must("aws_database", {**_GIVEN, "replicas": [west, {}]})
    absent = {"stack": "shop", "state": "absent"}
    refused, written = emulator.counting(lambda: emulator.run_module("aws_database", absent))
    assert f"distant replica {_NAME}@us-west-2 would be removed" in refused["msg"]
    assert written == []
    emulator.must("aws_database", {**absent, "deletion_protection": False})
    assert (_there(emulator), _groups(emulator)) == ([], [])
    assert emulator.client("rds").describe_db_instances()["DBInstances"] == []


def test_somebody_elses_is_left_alone(emulator: Emulator, west: dict[str, Any]) -> None:
    emulator.client("rds", "us-west-2").create_db_instance(
        DBInstanceIdentifier=_NAME, DBInstanceClass="db.t4g.medium", Engine="postgres", AllocatedStorage=20
    )
    declared = {**_GIVEN, "replicas": [west], "deletion_protection": False}
    refused, written = emulator.counting(lambda: emulator.run_module("aws_database", declared))
    assert f"distant replica {_NAME}@us-west-2 exists already and does not belong to this stack" in refused["msg"]
    assert written == []


def test_a_stack_of_the_same_name_in_that_region_has_nothing_to_do_with_it(
    emulator: Emulator, west: dict[str, Any]
) -> None:
    emulator.must("aws_database", {**_GIVEN, "replicas": [west]})
    theirs = {**_GIVEN, "region": "us-west-2", "deletion_protection": False}
    emulator.must("aws_database", theirs)
    emulator.must("aws_database", {**theirs, "state": "absent"})
    assert [one["DBInstanceIdentifier"] for one in _there(emulator)] == [_NAME]
    assert emulator.must("aws_database", {**_GIVEN, "replicas": [west]})["changed"] is False


def _behind(emulator: Emulator, region: str, seconds: float) -> None:
    point = {
        "MetricName": "ReplicaLag",
        "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": _NAME}],
        "Timestamp": datetime.now(UTC) - timedelta(minutes=1),
        "Value": seconds,
    }
    emulator.client("cloudwatch", region).put_metric_data(Namespace="AWS/RDS", MetricData=[point])


def test_it_can_become_the_database(emulator: Emulator, west: dict[str, Any]) -> None:
    emulator.must("aws_database", {**_GIVEN, "replicas": [west]})
    promoted = {"state": "promoted", "database": _NAME, "region": "us-west-2"}
    _behind(emulator, "us-east-1", 0)  # of its own region's CloudWatch alone is it believed
    assert "how far it is behind is not known" in emulator.run_module("aws_database_switch", promoted)["msg"]
    _behind(emulator, "us-west-2", 9)
    assert "it is 9 s behind" in emulator.run_module("aws_database_switch", promoted)["msg"]
    done = emulator.must("aws_database_switch", {**promoted, "max_lag": 10})
    source = "arn:aws:rds:us-east-1:123456789012:db:shop"
    assert done["steps"] == [f"promote {_NAME}, a replica of {source}"]
    assert "ReadReplicaSourceDBInstanceIdentifier" not in _there(emulator)[0]
    assert emulator.must("aws_database_switch", promoted)["changed"] is False
    # What has users of its own now is not removed because it follows no longer, nor where it is declared no more.
    for declared in ({**_GIVEN, "replicas": [west]}, _GIVEN):
        refused, written = emulator.counting(lambda declared=declared: emulator.run_module("aws_database", declared))
        assert f"distant replica {_NAME}@us-west-2 would be removed" in refused["msg"]
        assert written == []
    # Without the tag it is nobody's but the operator's.
    arn = _there(emulator)[0]["DBInstanceArn"]
    emulator.client("rds", "us-west-2").remove_tags_from_resource(ResourceName=arn, TagKeys=["seamless:stack"])
    assert emulator.must("aws_database", {**_GIVEN, "deletion_protection": False})["changed"] is True
    assert [one["DBInstanceIdentifier"] for one in _there(emulator)] == [_NAME]


def test_a_stack_of_its_region_goes_on_with_it(emulator: Emulator, west: dict[str, Any]) -> None:
    emulator.must("aws_database", {**_GIVEN, "replicas": [west]})
    lost = {"state": "promoted", "database": _NAME, "region": "us-west-2", "check_lag": False}
    emulator.must("aws_database_switch", lost)
    emulator.client("rds", "us-west-2").modify_db_instance(
        DBInstanceIdentifier=_NAME, NewDBInstanceIdentifier="shop", ApplyImmediately=True
    )
    own = {**_GIVEN, "region": "us-west-2", "subnet_group": _NAME, "kms_key": _KEY}
    plan = emulator.must("aws_database", own, check=True)["plan"]
    assert plan[0] == "+ create database parameters shop-postgres16"
    assert [line for line in plan[1:] if not line.startswith("~ change database shop: ")] == []
    emulator.must("aws_database", own)
    assert emulator.must("aws_database", own)["changed"] is False
