# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The move to another database where RDS answers as no emulator does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from a_database import PREFIX, cluster, instance, no_cluster, no_instance
from a_vendor import WHATEVER, gives, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.database_switch import blue_green, copies, old
from ansible_collections.seamless.delivery.plugins.module_utils.aws.database_switch.move import ARGUMENTS, Move
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError

GREEN_LAG = ("ReplicaLag", "DBInstanceIdentifier", "shop-green-abc")


pytestmark = pytest.mark.usefixtures("clock")


def move(aws, dry_run=False, **given):
    defaults = {key: option.get("default") for key, option in ARGUMENTS.items()}
    return Move(aws, {**defaults, "database": "shop", **given}, dry_run)


def deployment(status, target="db:shop-green-abc", **more):
    """The one answer to the question for the deployment."""
    one = {
        "BlueGreenDeploymentIdentifier": "bgd-1",
        "BlueGreenDeploymentName": "shop-next",
        "Source": f"{PREFIX}:db:shop",
        "Target": f"{PREFIX}:{target}",
        "Status": status,
        **more,
    }
    filters = [{"Name": "blue-green-deployment-name", "Values": ["shop-next"]}]
    return gives("rds", "describe_blue_green_deployments", {"BlueGreenDeployments": [one]}, Filters=filters)


def lag(seconds, metric, dimension, value):
    point = {"Timestamp": datetime.now(UTC) - timedelta(seconds=60), "Maximum": seconds}
    return gives(
        "cloudwatch",
        "get_metric_statistics",
        {"Datapoints": [point]},
        Namespace="AWS/RDS",
        MetricName=metric,
        Dimensions=[{"Name": dimension, "Value": value}],
        StartTime=WHATEVER,
        EndTime=WHATEVER,
        Period=60,
        Statistics=["Maximum"],
    )


# -- a green side ----------------------------------------------------------------------------


def test_a_database_that_was_switched_already_gets_no_second_green_side():
    with vendor(deployment("SWITCHOVER_COMPLETED")) as aws:
        its = move(aws, target={"version": "17"})
        blue_green.prepared(its)
    assert not its.told.changed


def test_a_green_side_that_an_earlier_run_asked_for_is_waited_for_and_not_asked_for_again(slept):
    with vendor(deployment("PROVISIONING"), deployment("PROVISIONING"), *[deployment("AVAILABLE")] * 2) as aws:
        its = move(aws, target={"version": "17"})
        blue_green.prepared(its)
    assert its.told.steps == ["wait for the green side of shop"]
    assert its.told.found == {"status": "AVAILABLE", "blue": "shop", "green": "shop-green-abc"}
    assert slept == [15]


@pytest.mark.parametrize(
    ("details", "told"),
    [({"StatusDetails": "no binlog"}, "no binlog"), ({}, "RDS does not say why")],
    ids=["with a reason", "without"],
)
def test_a_green_side_that_cannot_be_is_told_of_with_what_rds_says_of_it(details, told):
    asked = [deployment("PROVISIONING"), deployment("INVALID_CONFIGURATION", **details)]
    with vendor(*asked) as aws, pytest.raises(StackError, match=f"^shop-next is INVALID_CONFIGURATION: {told}$"):
        blue_green.prepared(move(aws, target={"version": "17"}))


def test_a_switchover_that_an_earlier_run_asked_for_is_waited_for_and_not_asked_for_again():
    with vendor(deployment("SWITCHOVER_IN_PROGRESS"), *[deployment("SWITCHOVER_COMPLETED")] * 2) as aws:
        its = move(aws)
        blue_green.switched(its)
    assert its.told.steps == ["wait for the switchover of shop"]
    assert its.told.found["status"] == "SWITCHOVER_COMPLETED"


def test_a_switchover_that_rds_takes_back_is_an_error():
    switch = gives(
        "rds", "switchover_blue_green_deployment", BlueGreenDeploymentIdentifier="bgd-1", SwitchoverTimeout=300
    )
    failed = deployment("SWITCHOVER_FAILED", StatusDetails="timed out")
    asked = [deployment("AVAILABLE"), instance("shop-green-abc"), switch, failed]
    with vendor(*asked) as aws, pytest.raises(StackError, match=r"^shop-next is SWITCHOVER_FAILED: timed out$"):
        blue_green.switched(move(aws, check_lag=False))


def test_nothing_is_moved_to_a_green_side_that_is_not_finished():
    tasks = [
        {"Name": "CREATING_READ_REPLICA_OF_SOURCE", "Status": "COMPLETED"},
        {"Name": "DB_ENGINE_VERSION_UPGRADE", "Status": "IN_PROGRESS"},
    ]
    with vendor(deployment("AVAILABLE", Tasks=tasks)) as aws:
        its = move(aws)
        with pytest.raises(StackError, match=r"the green side is not finished: DB_ENGINE_VERSION_UPGRADE$"):
            blue_green.switched(its)
    assert not its.told.changed


@pytest.mark.parametrize(
    ("answer", "told"),
    [(instance("shop-green-abc", "rebooting"), "rebooting"), (no_instance("shop-green-abc"), "gone")],
    ids=["busy", "gone"],
)
def test_nothing_is_moved_to_a_green_side_that_does_not_answer(answer, told):
    asked = [deployment("AVAILABLE"), answer]
    with (
        vendor(*asked) as aws,
        pytest.raises(StackError, match=f"^nothing was moved, for the green side shop-green-abc is {told}$"),
    ):
        blue_green.switched(move(aws))


def test_the_lag_of_a_green_cluster_is_the_one_of_its_binlog():
    metric = ("AuroraBinlogReplicaLag", "DBClusterIdentifier", "shop-green-abc")
    green = deployment("AVAILABLE", "cluster:shop-green-abc")
    with (
        vendor(green, cluster("shop-green-abc"), lag(9.0, *metric)) as aws,
        pytest.raises(StackError, match="the green side shop-green-abc is not fit: it is 9 s behind, and max_lag is 1"),
    ):
        blue_green.switched(move(aws))


def test_a_green_side_that_no_longer_replicates_does_not_take_over():
    with (
        vendor(deployment("AVAILABLE"), instance("shop-green-abc"), lag(-1.0, *GREEN_LAG)) as aws,
        pytest.raises(StackError, match="shop-green-abc is not fit: it is not replicating"),
    ):
        blue_green.switched(move(aws))


@pytest.mark.parametrize(
    ("step", "status"),
    [
        (blue_green.prepared, "SWITCHOVER_IN_PROGRESS"),
        (blue_green.prepared, "DELETING"),
        (blue_green.switched, "PROVISIONING"),
        (blue_green.switched, "DELETING"),
    ],
)
def test_a_state_that_does_not_become_the_asked_one_is_not_waited_for(step, status, slept):
    with vendor(deployment(status)) as aws, pytest.raises(StackError, match=f"shop-next is {status}: wait for that"):
        step(move(aws))
    assert slept == []


def test_a_removal_that_an_earlier_run_asked_for_is_waited_for_and_not_asked_for_again(slept):
    gone = gives("rds", "describe_blue_green_deployments", {"BlueGreenDeployments": []})
    with vendor(deployment("DELETING"), deployment("DELETING"), gone) as aws:
        blue_green.finished(move(aws))
    assert slept == [5]


def test_a_deployment_is_not_removed_while_it_is_switched_over():
    with vendor(deployment("SWITCHOVER_IN_PROGRESS")) as aws:
        its = move(aws)
        with pytest.raises(StackError, match=r"^nothing was moved, for shop-next is SWITCHOVER_IN_PROGRESS: wait"):
            blue_green.finished(its)
    assert not its.told.changed


# -- a copy that is there already ------------------------------------------------------------


def test_a_promotion_that_an_earlier_run_asked_for_is_waited_for_and_not_asked_for_again(slept):
    there = instance(Endpoint={"Address": "shop.example.com"})
    with vendor(instance(status="modifying"), instance(status="backing-up"), there, there) as aws:
        its = move(aws)
        copies.promoted(its)
    assert its.told.steps == ["wait for shop"]
    assert its.told.found == {"endpoint": "shop.example.com"}
    assert slept == [5]


def test_a_dry_run_says_that_it_would_wait_for_a_promotion_and_does_not():
    with vendor(instance(status="modifying")) as aws:
        its = move(aws, dry_run=True)
        copies.promoted(its)
    assert its.told.steps == ["wait for shop"]


def test_a_cluster_does_not_fail_over_to_an_instance_that_does_not_answer():
    members = [
        {"DBInstanceIdentifier": "shop-1", "IsClusterWriter": True},
        {"DBInstanceIdentifier": "shop-2", "IsClusterWriter": False},
    ]
    asked = [cluster(DBClusterMembers=members), instance("shop-2", "rebooting")]
    with vendor(*asked) as aws:
        its = move(aws, to="shop-2")
        with pytest.raises(StackError, match=r"^nothing was moved, for shop-2 is rebooting$"):
            copies.failed_over(its)
    assert not its.told.changed


def test_a_cluster_that_is_not_there_cannot_fail_over():
    with vendor(no_cluster()) as aws, pytest.raises(StackError, match=r"^database: there is no cluster shop$"):
        copies.failed_over(move(aws, to="shop-2"))


# -- the old database ------------------------------------------------------------------------

MADE = datetime(2026, 11, 29, 4, 5, 6, tzinfo=UTC)
KEPT = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": "shop-old1-final-20261129t040506"}


def the_old(aws, **given):
    return move(aws, **{"database": "shop-old1", "deletion_protection": False, **given})


def retiring(status="available", **more):
    return instance("shop-old1", status, InstanceCreateTime=MADE, **more)


def no_deployment(source="db:shop-old1"):
    filters = [{"Name": "source", "Values": [f"{PREFIX}:{source}"]}]
    return gives("rds", "describe_blue_green_deployments", {"BlueGreenDeployments": []}, Filters=filters)


def deletes(name, **how):
    return gives("rds", "delete_db_instance", {}, DBInstanceIdentifier=name, **how)


def test_a_protected_old_database_is_deleted_and_its_last_state_kept(slept):
    off = {"DeletionProtection": False, "ApplyImmediately": True}
    with vendor(
        retiring(DeletionProtection=True),
        instance(),
        no_deployment(),
        gives("rds", "modify_db_instance", {}, DBInstanceIdentifier="shop-old1", **off),
        deletes("shop-old1", **KEPT),
        retiring("deleting"),
        no_instance("shop-old1"),
    ) as aws:
        old.retired(the_old(aws))
    assert slept == [15]


def test_a_deletion_that_an_earlier_run_asked_for_is_waited_for():
    with vendor(retiring("deleting"), instance(), no_deployment(), no_instance("shop-old1")) as aws:
        old.retired(the_old(aws))


def test_an_old_replica_has_no_last_state_and_neither_has_one_that_declined_it():
    following = retiring(ReadReplicaSourceDBInstanceIdentifier="shop-old2")
    for there, given in ((following, {}), (retiring(), {"final_snapshot": False})):
        gone = deletes("shop-old1", SkipFinalSnapshot=True)
        with vendor(there, instance(), no_deployment(), gone, no_instance("shop-old1")) as aws:
            its = the_old(aws, **given)
            old.retired(its)
        assert its.told.steps == ["delete shop-old1, without a snapshot"]


def test_an_old_cluster_goes_after_its_instances():
    members = [{"DBInstanceIdentifier": name, "IsClusterWriter": name == "a-old1"} for name in ("a-old1", "b-old1")]
    off = {"DeletionProtection": False, "ApplyImmediately": True}
    with vendor(
        no_instance("shop-old1"),
        cluster("shop-old1", ClusterCreateTime=MADE, DBClusterMembers=members, DeletionProtection=True),
        no_instance(),
        cluster(),
        no_deployment("cluster:shop-old1"),
        gives("rds", "modify_db_cluster", {}, DBClusterIdentifier="shop-old1", **off),
        instance("a-old1"),
        deletes("a-old1", SkipFinalSnapshot=True),
        instance("b-old1", "deleting"),
        no_instance("a-old1"),
        no_instance("b-old1"),
        gives("rds", "delete_db_cluster", {}, DBClusterIdentifier="shop-old1", **KEPT),
        no_cluster("shop-old1"),
    ) as aws:
        old.retired(the_old(aws))


def test_an_old_cluster_that_is_being_deleted_is_waited_for():
    there = cluster("shop-old1", "deleting", ClusterCreateTime=MADE)
    with vendor(
        no_instance("shop-old1"),
        there,
        no_instance(),
        cluster(),
        no_deployment("cluster:shop-old1"),
        no_cluster("shop-old1"),
    ) as aws:
        old.retired(the_old(aws))


def test_what_is_gone_is_retired():
    with vendor(no_instance("shop-old1"), no_cluster("shop-old1")) as aws:
        its = the_old(aws)
        old.retired(its)
    assert not its.told.changed


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            [retiring(DBClusterIdentifier="shop-cluster-old1")],
            "an instance of the cluster shop-cluster-old1: name that",
        ),
        ([retiring(ReadReplicaDBInstanceIdentifiers=["shop-b-old1"])], "for shop-b-old1 follows it: retire that first"),
        ([retiring(), no_instance(), no_cluster()], "for shop, which should have taken its place, is gone"),
        ([retiring(), instance(status="upgrading")], "for shop, which should have taken its place, is upgrading"),
    ],
)
def test_an_old_database_that_is_needed_stays(answers, told):
    with vendor(*answers) as aws:
        its = the_old(aws)
        with pytest.raises(StackError, match=told):
            old.retired(its)
    assert not its.told.changed


def test_an_old_database_stays_while_its_deployment_is_there():
    there = {"BlueGreenDeployments": [{"BlueGreenDeploymentName": "shop-next"}]}
    filters = [{"Name": "source", "Values": [f"{PREFIX}:db:shop-old1"]}]
    asked = gives("rds", "describe_blue_green_deployments", there, Filters=filters)
    with (
        vendor(retiring(), instance(), asked) as aws,
        pytest.raises(StackError, match=r"the deployment shop-next is still there: finish it first"),
    ):
        old.retired(the_old(aws))
