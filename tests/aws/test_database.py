# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RDS does to a database by itself is no difference, and data is lost by nobody's accident."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from harness import Emulator

_SMALL: dict[str, Any] = {"stack": "shop", "version": "16", "instance_class": "db.t4g.medium"}
_GIVEN = {**_SMALL, "password": "correct-horse-battery-staple"}


@pytest.fixture
def network(emulator: Emulator) -> Emulator:
    emulator.must("aws_network", {"stack": "shop"})
    return emulator


def _instance(emulator: Emulator, name: str = "shop") -> dict[str, Any]:
    found: dict[str, Any] = emulator.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    return found


def _by_aws(emulator: Emulator, **changes: Any) -> None:
    emulator.client("rds").modify_db_instance(DBInstanceIdentifier="shop", ApplyImmediately=True, **changes)


def test_a_minor_version_that_aws_brought_up_is_no_difference(network: Emulator) -> None:
    network.must("aws_database", {**_SMALL, "version": "16.3"})
    _by_aws(network, EngineVersion="16.4")
    assert network.must("aws_database", {**_SMALL, "version": "16"})["changed"] is False
    assert network.must("aws_database", {**_SMALL, "version": "16.3"})["changed"] is False
    assert network.must("aws_database", {**_SMALL, "version": "16.5"}, check=True)["plan"] == [
        "~ change database shop: version"
    ]
    refused = network.run_module("aws_database", {**_SMALL, "version": "16.3", "auto_minor_upgrades": False})
    assert "16.4 is running, and AWS cannot go back to 16.3" in refused["msg"]


def test_a_major_upgrade_has_to_be_meant(network: Emulator) -> None:
    network.must("aws_database", {**_SMALL, "version": "16.3"})
    refused, written = network.counting(lambda: network.run_module("aws_database", {**_SMALL, "version": "17"}))
    assert (refused["failed"], written) == (True, [])
    assert "set major_upgrade and apply_immediately" in refused["msg"]
    network.must("aws_database", {**_SMALL, "version": "17", "major_upgrade": True, "apply_immediately": True})
    upgraded = _instance(network)
    assert (upgraded["EngineVersion"], upgraded["DBParameterGroups"][0]["DBParameterGroupName"]) == (
        "17",
        "shop-postgres17",
    )


def test_storage_that_has_grown_by_itself_is_no_difference_and_never_shrinks(network: Emulator) -> None:
    growing = {**_SMALL, "storage": {"size": 100, "max_size": 500}}
    network.must("aws_database", growing)
    _by_aws(network, AllocatedStorage=140)
    assert network.must("aws_database", growing)["changed"] is False
    # Another limit does not bring the old size back.
    network.must("aws_database", {**_SMALL, "storage": {"size": 100, "max_size": 600}, "apply_immediately": True})
    found = _instance(network)
    assert (found["AllocatedStorage"], found["MaxAllocatedStorage"]) == (140, 600)
    refused, written = network.counting(
        lambda: network.run_module("aws_database", {**_SMALL, "storage": {"size": 100}, "performance_insights": 7})
    )
    assert "has 140 GiB, which AWS cannot shrink to 100" in refused["msg"]
    assert written == []


def test_what_waits_for_the_maintenance_window_is_done_at_once_only_when_asked(network: Emulator) -> None:
    network.must("aws_database", _SMALL)
    bigger = {**_SMALL, "instance_class": "db.m7g.large"}
    network.must("aws_database", bigger)
    waiting = _instance(network)
    assert (waiting["DBInstanceClass"], waiting["PendingModifiedValues"]) == (
        "db.t4g.medium",
        {"DBInstanceClass": "db.m7g.large"},
    )
    assert network.must("aws_database", bigger)["changed"] is False
    assert network.must("aws_database", {**bigger, "apply_immediately": True})["changed"] is True
    done = _instance(network)
    assert (done["DBInstanceClass"], done.get("PendingModifiedValues", {})) == ("db.m7g.large", {})


def test_a_snapshot_is_left_behind(network: Emulator) -> None:
    network.must("aws_database", {**_GIVEN, "replicas": [{}]})
    network.must("aws_database", {"stack": "shop", "state": "absent", "deletion_protection": False})
    snapshots = network.client("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert [one["DBInstanceIdentifier"] for one in snapshots] == ["shop"]
    assert snapshots[0]["DBSnapshotIdentifier"].startswith("shop-final-2")


def test_a_password_is_given_once(network: Emulator) -> None:
    network.must("aws_database", _GIVEN)
    other, written = network.counting(
        lambda: network.must("aws_database", {**_SMALL, "password": "another-horse-battery-staple"})
    )
    assert (other["changed"], written) == (False, [])
    assert "staple" not in str({key: value for key, value in other.items() if key != "invocation"})


def test_a_database_of_somebody_elses_is_left_alone(network: Emulator) -> None:
    network.client("rds").create_db_instance(
        DBInstanceIdentifier="shop", DBInstanceClass="db.t4g.medium", Engine="postgres", AllocatedStorage=20
    )
    refused, written = network.counting(
        lambda: network.run_module("aws_database", {**_SMALL, "deletion_protection": False})
    )
    assert "database shop exists already and does not belong to this stack" in refused["msg"]
    gone, more = network.counting(
        lambda: network.must("aws_database", {"stack": "shop", "state": "absent", "deletion_protection": False})
    )
    assert (written, gone["changed"], more) == ([], False, [])


def test_a_group_that_lost_its_tag_is_left_as_it_is(network: Emulator) -> None:
    network.must("aws_database", _SMALL)
    rds = network.client("rds")
    group = rds.describe_db_parameter_groups(DBParameterGroupName="shop-postgres16")["DBParameterGroups"][0]
    rds.remove_tags_from_resource(ResourceName=group["DBParameterGroupArn"], TagKeys=["seamless:stack"])
    refused, written = network.counting(
        lambda: network.run_module("aws_database", {**_SMALL, "parameters": {"work_mem": 65536}})
    )
    assert "database parameters shop-postgres16 lacks the tag seamless:stack" in refused["msg"]
    assert written == []


def test_a_parameter_that_does_not_exist_is_named(network: Emulator) -> None:
    refused = network.run_module("aws_database", {**_SMALL, "parameters": {"work_memory": 65536}})
    assert "shop-postgres16 has none called work_memory" in refused["msg"]
    # What was made until then is gone on with.
    done = network.must("aws_database", {**_SMALL, "parameters": {"work_mem": 65536, "max_connections": 500}})
    assert "+ create database shop" in done["plan"]
    parameters = network.client("rds").describe_db_parameters(DBParameterGroupName="shop-postgres16", Source="user")
    methods = {one["ParameterName"]: one["ApplyMethod"] for one in parameters["Parameters"]}
    assert methods == {"work_mem": "immediate", "max_connections": "pending-reboot"}


def test_an_instance_of_changing_capacity_comes_after_the_range(network: Emulator) -> None:
    aurora = {**_SMALL, "engine": "aurora-postgresql", "instance_class": "db.r7g.large"}
    network.must("aws_database", aurora)
    rds = network.client("rds")
    with pytest.raises(ClientError, match="Set the Serverless v2 scaling configuration"):  # as AWS refuses it
        rds.modify_db_instance(DBInstanceIdentifier="shop", DBInstanceClass="db.serverless", ApplyImmediately=True)
    range_ = {"serverless": {"min": 1, "max": 8}, "instance_class": None, "apply_immediately": True}
    changed = network.must("aws_database", {**aurora, **range_, "replicas": [{}]})
    assert changed["plan"] == [
        "~ change database cluster shop-cluster: serverless",
        "~ change database shop: instance_class",
        "+ create database shop-replica-1",
    ]
    assert [_instance(network, name)["DBInstanceClass"] for name in ("shop", "shop-replica-1")] == ["db.serverless"] * 2
    # It is the cluster's from then on: without a range in the declaration, and with instances of a class, it stays.
    back = network.must("aws_database", {**aurora, "replicas": [{}], "apply_immediately": True})
    assert back["plan"] == [f"~ change database {name}: instance_class" for name in ("shop", "shop-replica-1")]
    (cluster,) = rds.describe_db_clusters(DBClusterIdentifier="shop-cluster")["DBClusters"]
    assert cluster["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 1, "MaxCapacity": 8}
