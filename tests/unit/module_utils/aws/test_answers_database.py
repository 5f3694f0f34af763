# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A database, and a cluster, where RDS answers as no emulator does."""

from __future__ import annotations

import pytest
from a_database import PREFIX, cluster, instance, no_cluster, no_instance
from a_vendor import gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.database.declared import CLUSTER, DATABASE
from ansible_collections.seamless.delivery.plugins.module_utils.aws.database.kinds import Cluster, Database
from ansible_collections.seamless.delivery.plugins.module_utils.aws.database.parameters import creation
from ansible_collections.seamless.delivery.plugins.module_utils.aws.parts import Parts
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
)

DECLARED = {"apply_immediately": False, "major_upgrade": False, "final_snapshot": True}
OURS = [{"Key": STACK_TAG, "Value": "shop"}]


pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize("status", ["stopped", "storage-full", "incompatible-network"])
def test_a_database_that_does_not_come_by_itself_is_not_waited_for(status, slept):
    known = {"id": "shop", "arn": f"{PREFIX}:db:shop"}
    with (
        vendor(instance(status=status)) as aws,
        pytest.raises(StackError, match=f"^database shop is {status}, which does not end by itself: see its events"),
    ):
        Database(aws, DECLARED, Parts({})).wait(known)
    assert slept == []


def test_what_is_to_be_applied_at_once_is_waited_for_until_nothing_is_pending(slept):
    pending = instance(PendingModifiedValues={"DBInstanceClass": "db.m7g.large"})
    with vendor(pending, instance()) as aws:
        known = {"id": "shop", "arn": f"{PREFIX}:db:shop"}
        assert Database(aws, {**DECLARED, "apply_immediately": True}, Parts({})).wait(known) == known
    assert len(slept) == 1


def removed(busy="", **properties):
    return Found(Address(CLUSTER, "shop"), {"id": "shop"}, {"created": "20260101t000000", **properties}, busy=busy)


def test_a_protected_cluster_is_unprotected_and_leaves_a_snapshot():
    asked = [
        gives("rds", "modify_db_cluster", DBClusterIdentifier="shop", DeletionProtection=False, ApplyImmediately=True),
        gives(
            "rds",
            "delete_db_cluster",
            DBClusterIdentifier="shop",
            SkipFinalSnapshot=False,
            FinalDBSnapshotIdentifier="shop-final-20260101t000000",
        ),
        no_cluster(),
    ]
    with vendor(*asked) as aws:
        Cluster(aws, DECLARED).delete(removed(deletion_protection=True))


def test_a_cluster_that_is_on_its_way_out_is_waited_for_and_not_removed_again(slept):
    with vendor(cluster(status="deleting"), no_cluster()) as aws:
        Cluster(aws, DECLARED).delete(Found(Address(CLUSTER, "shop"), {"id": "shop"}, {}, busy="deleting"))
    assert len(slept) == 1


FOUND = Found(Address(DATABASE, "shop"), {"id": "shop", "arn": f"{PREFIX}:db:shop"}, {"created": "20260101t000000"})
DELETES = {
    "DBInstanceIdentifier": "shop",
    "SkipFinalSnapshot": False,
    "FinalDBSnapshotIdentifier": "shop-final-20260101t000000",
}


def test_a_database_that_rds_does_not_remove_now_is_an_error_and_no_endless_wait():
    refused = refuses("rds", "delete_db_instance", "InvalidDBInstanceState", **DELETES)
    asked = [instance(), refused, instance(status="backing-up")]
    with (
        vendor(*asked) as aws,
        pytest.raises(StackError, match=r"^database shop is backing-up, and cannot be removed now: run this again"),
    ):
        Database(aws, DECLARED, Parts({})).delete(FOUND)


def test_a_database_that_somebody_else_removes_already_is_waited_for():
    refused = refuses("rds", "delete_db_instance", "InvalidDBInstanceState", **DELETES)
    with vendor(instance(), refused, instance(status="deleting"), no_instance()) as aws:
        Database(aws, DECLARED, Parts({})).delete(FOUND)


def test_a_replica_that_is_not_the_stacks_stays_when_its_source_is_removed():
    asked = [
        instance(ReadReplicaDBInstanceIdentifiers=["reports", "shop-replica-1"]),
        instance("reports", TagList=[], DeletionProtection=True),
        instance("shop-replica-1", TagList=OURS),
        gives("rds", "delete_db_instance", DBInstanceIdentifier="shop-replica-1", SkipFinalSnapshot=True),
        no_instance("shop-replica-1"),
        gives("rds", "delete_db_instance", **DELETES),
        no_instance(),
    ]
    with vendor(*asked) as aws:
        Database(aws, DECLARED, Parts({})).delete(FOUND)


def test_a_new_database_writes_the_logs_and_grows_to_the_size_that_were_declared():
    properties = {
        "storage": {"type": "gp3", "size": 20, "max_size": 100},
        "logs": frozenset({"upgrade", "postgresql"}),
    }
    assert creation(properties, {}) == {
        "AllocatedStorage": 20,
        "StorageType": "gp3",
        "MaxAllocatedStorage": 100,
        "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
    }
