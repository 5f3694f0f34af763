# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache where ElastiCache answers as no emulator does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from a_vendor import gives, refuses, vendor
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cache.declared import (
    CACHE,
    PARAMETERS,
    SUBNETS,
    sorts,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cache.found import read
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cache.kinds import Cache
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cache.options import ARGUMENTS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.parts import Parts
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)

PREFIX = "arn:aws:elasticache:eu-central-1:123456789012"
ARN = f"{PREFIX}:replicationgroup:shop"
SHOP = Address(CACHE, "shop")
MADE = datetime(2026, 1, 1, tzinfo=UTC)
THERE = {"created": "20260101t000000", "replicas": 1, "shards": 2}
DECLARED = {"apply_immediately": False, "final_snapshot": True}
TAGS = {"TagList": [{"Key": STACK_TAG, "Value": "shop"}]}


pytestmark = pytest.mark.usefixtures("clock")


def described(status="available", shards=("0001",), **more):
    nodes = [{"NodeGroupId": one, "PrimaryEndpoint": {"Address": "shop.example.com", "Port": 6379}} for one in shards]
    one = {
        "ReplicationGroupId": "shop",
        "ARN": ARN,
        "Status": status,
        "Description": f"{STACK_TAG}=shop",
        "NodeGroups": nodes,
        "ReplicationGroupCreateTime": MADE,
        **more,
    }
    return gives("elasticache", "describe_replication_groups", {"ReplicationGroups": [one]}, ReplicationGroupId="shop")


GONE = refuses("elasticache", "describe_replication_groups", "ReplicationGroupNotFoundFault", ReplicationGroupId="shop")


def tags(arn=ARN, given=TAGS):
    return gives("elasticache", "list_tags_for_resource", given, ResourceName=arn)


def does(operation, **asked):
    return gives("elasticache", operation, ReplicationGroupId="shop", **asked)


def there(busy="", **properties):
    words = {} if busy == "deleting" else {**THERE, **properties}
    return Found(SHOP, {"name": "shop", "arn": ARN}, words, busy=busy)


def changed(aws, *keys, **properties):
    Cache(aws, DECLARED, Parts({})).change(
        there(), Wanted(SHOP, {**THERE, **properties}, {"auth_token": "a-secret-token"}), frozenset(keys)
    )


# -- a change --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shards", "asked"),
    [
        (3, {"NodeGroupCount": 3}),
        (1, {"NodeGroupCount": 1, "NodeGroupsToRemove": ["0002"]}),
    ],
    ids=["more", "fewer"],
)
def test_shards_that_are_too_many_are_named_and_it_is_done_at_once(shards, asked):
    done = does("modify_replication_group_shard_configuration", ApplyImmediately=True, **asked)
    with vendor(tags(), described(shards=("0002", "0001")), done) as aws:
        changed(aws, "shards", shards=shards)


def test_a_token_that_is_new_lets_clients_in_without_it_too_and_what_else_changes_waits_for_that(slept):
    token = does(
        "modify_replication_group",
        AuthToken="a-secret-token",
        AuthTokenUpdateStrategy="ROTATE",
        ApplyImmediately=True,
    )
    rest = does("modify_replication_group", CacheNodeType="cache.m7g.large", ApplyImmediately=False)
    with vendor(tags(), token, described("modifying"), described(), rest) as aws:
        changed(aws, "auth", "node_type", auth=True, node_type="cache.m7g.large")
    assert len(slept) == 1


def test_replicas_come_before_the_failover_that_needs_them():
    asked = [
        tags(),
        does("increase_replica_count", NewReplicaCount=2, ApplyImmediately=True),
        described(),
        does("modify_replication_group", AutomaticFailoverEnabled=True, ApplyImmediately=False),
    ]
    with vendor(*asked) as aws:
        changed(aws, "replicas", "failover", replicas=2, failover=True)


def test_replicas_go_after_the_failover_that_needed_them():
    asked = [
        tags(),
        does("modify_replication_group", AutomaticFailoverEnabled=False, ApplyImmediately=False),
        described(),
        does("decrease_replica_count", NewReplicaCount=0, ApplyImmediately=True),
    ]
    with vendor(*asked) as aws:
        changed(aws, "replicas", "failover", replicas=0, failover=False)


def test_a_cache_that_lost_its_tag_is_left_as_it_is():
    with vendor(tags(given={"TagList": []})) as aws, pytest.raises(StackError, match=f"cache shop lacks .*{STACK_TAG}"):
        changed(aws, "node_type", node_type="cache.m7g.large")


def test_a_cache_that_could_not_be_made_is_not_waited_for(slept):
    with vendor(described("create-failed")) as aws, pytest.raises(StackError, match="cache shop could not be made"):
        Cache(aws, DECLARED, Parts({})).wait({"name": "shop"})
    assert slept == []


# -- a removal -------------------------------------------------------------------------------

REMOVES = does(
    "delete_replication_group", RetainPrimaryCluster=False, FinalSnapshotIdentifier="shop-final-20260101t000000"
)


def test_a_cache_that_is_busy_is_removed_once_it_is_not():
    with vendor(described("snapshotting"), described(), tags(), REMOVES, described("deleting"), GONE) as aws:
        Cache(aws, DECLARED, Parts({})).delete(there("snapshotting"))


def test_a_cache_that_could_not_be_made_can_be_removed():
    removes = does("delete_replication_group", RetainPrimaryCluster=False)
    with vendor(tags(), removes, GONE) as aws:
        Cache(aws, DECLARED, Parts({})).delete(there("create-failed"))


def test_a_cache_that_is_on_its_way_out_is_waited_for_and_not_removed_again(slept):
    with vendor(described("deleting"), GONE) as aws:
        Cache(aws, DECLARED, Parts({})).delete(there("deleting"))
    assert len(slept) == 1


def test_a_cache_leaves_no_snapshot_where_none_is_wanted():
    removes = does("delete_replication_group", RetainPrimaryCluster=False)
    with vendor(tags(), removes, GONE) as aws:
        Cache(aws, {**DECLARED, "final_snapshot": False}, Parts({})).delete(there())


# -- what there is ---------------------------------------------------------------------------


def found(aws, **options):
    """What is read, one call after the other, for the answers have an order."""
    checked = ArgumentSpecValidator(ARGUMENTS).validate({"version": "8.0", **options})
    assert not checked.error_messages
    declared = checked.validated_parameters
    return {one.address: one for one in read(aws, declared, Parts(sorts(declared)))}


GROUP_ARN, SUBNETS_ARN = f"{PREFIX}:parametergroup:shop-valkey8", f"{PREFIX}:subnetgroup:shop-cache"


def its_groups(whose):
    """The groups of parameters, of which one has a name of the stack's, and whether they have its tag."""
    names = {"shop-valkey8": GROUP_ARN, "default.valkey8": f"{PREFIX}:parametergroup:default.valkey8"}
    groups = [
        {"CacheParameterGroupName": name, "CacheParameterGroupFamily": "valkey8", "ARN": arn}
        for name, arn in names.items()
    ]
    return (
        gives("elasticache", "describe_cache_parameter_groups", {"CacheParameterGroups": groups}),
        gives(
            "elasticache",
            "describe_cache_parameters",
            {"Parameters": [{"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"}]},
            CacheParameterGroupName="shop-valkey8",
            Source="user",
        ),
        tags(GROUP_ARN, whose),
        tags(SUBNETS_ARN, whose),
    )


SUBNET_GROUP = gives(
    "elasticache",
    "describe_cache_subnet_groups",
    {"CacheSubnetGroups": [{"CacheSubnetGroupName": "shop-cache", "ARN": SUBNETS_ARN, "Subnets": []}]},
    CacheSubnetGroupName="shop-cache",
)
NO_NODE = refuses("elasticache", "describe_cache_clusters", "CacheClusterNotFound", CacheClusterId="shop-001")
NOT_LISTED = gives("elasticache", "describe_cache_clusters", {"CacheClusters": []}, CacheClusterId="shop-001")


@pytest.mark.parametrize(
    ("members", "node"),
    [([], []), (["shop-001"], [NO_NODE]), (["shop-001"], [NOT_LISTED])],
    ids=["no nodes", "a node that is not known", "a node that is not listed"],
)
@pytest.mark.parametrize(("whose", "ours"), [(TAGS, True), ({"TagList": []}, False)], ids=["ours", "somebody's"])
def test_a_cache_without_a_node_yet_does_not_speak_for_groups_of_its_names(members, node, whose, ours):
    new = described("creating", MemberClusters=members)
    with vendor(new, SUBNET_GROUP, *node, *its_groups(whose)) as aws:
        there = found(aws)
    assert there[SHOP].ours
    assert there[SHOP].busy == "creating"
    assert there[Address(PARAMETERS, "shop-valkey8")].ours is ours
    assert there[Address(SUBNETS, "shop-cache")].ours is ours
    assert there[Address(PARAMETERS, "shop-valkey8")].properties["parameters"] == {"maxmemory-policy=allkeys-lru"}


def test_a_cache_that_is_on_its_way_out_counts_as_none_of_what_was_declared():
    leaving = described("deleting", MemberClusters=["shop-001"])
    with vendor(leaving, SUBNET_GROUP, *its_groups(TAGS)) as aws:
        there = found(aws)
    assert (there[SHOP].busy, there[SHOP].properties) == ("deleting", {})


def test_a_cache_of_the_stacks_name_that_somebody_else_made_is_not_the_stacks():
    other = described(Description="the shop's old cache", MemberClusters=[])
    with vendor(other, SUBNET_GROUP, *its_groups({"TagList": []})) as aws:
        there = found(aws)
    assert [one for one in there.values() if one.ours] == []
