# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A database moves to a copy that is near, in steps that can be taken again, and to no other copy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from harness import Emulator

_SMALL: dict[str, Any] = {"stack": "shop", "version": "16", "instance_class": "db.t4g.medium"}
_GIVEN = {**_SMALL, "password": "correct-horse-battery-staple"}
_TARGET = {"version": "17", "parameter_group": "shop-postgres17"}


@pytest.fixture
def network(emulator: Emulator) -> Emulator:
    emulator.must("aws_network", {"stack": "shop"})
    return emulator


def _behind(emulator: Emulator, instance: str, value: float, metric: str = "ReplicaLag", minutes: int = 1) -> None:
    """CloudWatch says so."""
    point = {
        "MetricName": metric,
        "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": instance}],
        "Timestamp": datetime.now(UTC) - timedelta(minutes=minutes),
        "Value": value,
    }
    emulator.client("cloudwatch").put_metric_data(Namespace="AWS/RDS", MetricData=[point])


def _switch(emulator: Emulator, state: str, **given: Any) -> dict[str, Any]:
    arguments = {"state": state, "database": "shop", **given}
    dry, written = emulator.counting(lambda: emulator.must("aws_database_switch", arguments, check=True))
    assert written == []
    done = emulator.must("aws_database_switch", arguments)
    assert (dry["changed"], dry["steps"]) == (done["changed"], done["steps"])
    again, written = emulator.counting(lambda: emulator.must("aws_database_switch", arguments))
    assert (again["changed"], again["steps"], written) == (False, [], [])
    return done


def _refused(emulator: Emulator, state: str, **given: Any) -> str:
    arguments = {"state": state, "database": "shop", **given}
    refused, written = emulator.counting(lambda: emulator.run_module("aws_database_switch", arguments))
    assert (refused.get("failed"), written) == (True, [])
    return str(refused["msg"])


def test_a_replica_is_promoted_when_it_is_near(network: Emulator) -> None:
    network.must("aws_database", {**_GIVEN, "replicas": [{}]})
    replica = "shop-replica-1"
    assert "how far it is behind is not known" in _refused(network, "promoted", database=replica)
    _behind(network, replica, 30, minutes=2)
    _behind(network, replica, 0)
    assert "it is 30 s behind, and max_lag is 1 s" in _refused(network, "promoted", database=replica)
    done = _switch(network, "promoted", database=replica, max_lag=60)
    assert done["steps"] == ["promote shop-replica-1, a replica of shop"]
    assert (done["lag"], done["endpoint"][:15], set(done["timings"])) == (0, "shop-replica-1.", {"promotion"})
    instances = network.client("rds").describe_db_instances()["DBInstances"]
    assert not any(one.get("ReadReplicaSourceDBInstanceIdentifier") for one in instances)
    assert not any(one.get("ReadReplicaDBInstanceIdentifiers") for one in instances)


def test_a_replica_whose_source_is_lost_is_promoted_without_asking(network: Emulator) -> None:
    network.must("aws_database", {**_GIVEN, "replicas": [{}]})
    _behind(network, "shop-replica-1", -1)
    assert "it is not replicating" in _refused(network, "promoted", database="shop-replica-1")
    assert _switch(network, "promoted", database="shop-replica-1", check_lag=False)["changed"] is True
    assert "there is no instance nothing" in _refused(network, "promoted", database="nothing")


def test_a_major_upgrade_by_a_green_side(network: Emulator) -> None:
    network.must("aws_database", {**_GIVEN, "also_versions": ["17"]})
    assert "prepare it first" in _refused(network, "switched", target=_TARGET)
    prepared = _switch(network, "prepared", target=_TARGET)
    green = prepared["green"]
    assert (prepared["status"], prepared["blue"], green[:11]) == ("AVAILABLE", "shop", "shop-green-")
    assert "how far it is behind is not known" in _refused(network, "switched", target=_TARGET)
    _behind(network, green, 9)
    assert f"the green side {green} is not fit: it is 9 s behind" in _refused(network, "switched", target=_TARGET)
    switched = _switch(network, "switched", target=_TARGET, max_lag=10)
    assert (switched["status"], switched["blue"], switched["green"]) == ("SWITCHOVER_COMPLETED", "shop-old1", "shop")
    assert switched["timings"]["switchover"] >= 0
    finished = _switch(network, "finished")
    assert (finished["old"], finished["steps"]) == ("shop-old1", ["remove the deployment shop-next, keep shop-old1"])
    alive = {"database": "shop-old1", "deletion_protection": False}
    assert "expected a name such as shop-old1" in _refused(network, "retired", **{**alive, "database": "shop"})
    assert "deletion_protection is true" in _refused(network, "retired", database="shop-old1")
    retired = _switch(network, "retired", **alive)
    (snapshot,) = network.client("rds").describe_db_snapshots()["DBSnapshots"]
    kept = snapshot["DBSnapshotIdentifier"]
    assert retired["steps"] == [f"delete shop-old1, and keep its last state as {kept}"]
    assert (kept[:16], set(retired["timings"])) == ("shop-old1-final-", {"deletion"})
    instances = network.client("rds").describe_db_instances()["DBInstances"]
    assert [one["DBInstanceIdentifier"] for one in instances] == ["shop"]
    # The whole sequence once more finds it done, and so does the declaration of what is there now.
    for state in ("prepared", "switched", "finished"):
        assert _switch(network, state, target=_TARGET)["changed"] is False
    upgraded = {**_GIVEN, "version": "17", "also_versions": ["16"]}
    assert network.must("aws_database", upgraded)["changed"] is False


def test_a_green_side_that_is_not_wanted_goes(network: Emulator) -> None:
    network.must("aws_database", _GIVEN)
    _switch(network, "prepared", target={"instance_class": "db.m7g.large"})
    finished = _switch(network, "finished")
    assert finished["steps"] == ["remove the deployment shop-next with its green side"]
    instances = network.client("rds").describe_db_instances()["DBInstances"]
    assert [one["DBInstanceIdentifier"] for one in instances] == ["shop"]
    assert network.must("aws_database", _GIVEN)["changed"] is False


def test_what_cannot_be_is_refused(network: Emulator) -> None:
    assert "neither an instance nor a cluster shop" in _refused(network, "prepared", target=_TARGET)
    network.must("aws_database", _SMALL)
    assert "whose password it manages itself" in _refused(network, "prepared", target=_TARGET)
    assert "target: expected what the green side differs by" in _refused(network, "prepared")


def test_aurora_fails_over_to_an_instance_that_is_near(network: Emulator) -> None:
    network.must("aws_database", {**_SMALL, "engine": "aurora-postgresql", "replicas": [{}]})
    to = {"database": "shop-cluster", "to": "shop-replica-1"}
    _behind(network, "shop-replica-1", 1500, metric="AuroraReplicaLag")
    assert "it is 1.5 s behind" in _refused(network, "failed_over", **to)
    assert _switch(network, "failed_over", **to, max_lag=2)["steps"] == ["fail shop-cluster over to shop-replica-1"]
    assert "to: expected an instance of shop-cluster" in _refused(network, "failed_over", **{**to, "to": "other"})
