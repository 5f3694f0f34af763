# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache changes in steps that cut no client off, and is lost by nobody's accident."""

from __future__ import annotations

from typing import Any

import pytest
from harness import Emulator

_SMALL: dict[str, Any] = {"stack": "shop", "version": "8", "node_type": "cache.t4g.small"}
_REDIS = {**_SMALL, "engine": "redis", "version": "7.1"}


@pytest.fixture
def network(emulator: Emulator) -> Emulator:
    emulator.must("aws_network", {"stack": "shop"})
    return emulator


def _cache(emulator: Emulator) -> dict[str, Any]:
    groups = emulator.client("elasticache").describe_replication_groups(ReplicationGroupId="shop")
    found: dict[str, Any] = groups["ReplicationGroups"][0]
    return found


def _refused(emulator: Emulator, arguments: dict[str, Any]) -> str:
    refused, written = emulator.counting(lambda: emulator.run_module("aws_cache", arguments))
    assert (refused.get("failed"), written) == (True, [])
    return str(refused["msg"])


def test_encryption_leads_by_preferred(network: Emulator) -> None:
    network.must("aws_cache", {**_SMALL, "tls": "none"})
    assert "tls: from none to required leads by preferred" in _refused(network, _SMALL)
    network.must("aws_cache", {**_SMALL, "tls": "preferred"})
    network.must("aws_cache", _SMALL)
    found = _cache(network)
    assert (found["TransitEncryptionEnabled"], found["TransitEncryptionMode"]) == (True, "required")


def test_a_token_is_given_once_and_not_taken_away(network: Emulator) -> None:
    network.must("aws_cache", {**_SMALL, "auth_token": "correct-horse-battery-staple"})
    other = {**_SMALL, "auth_token": "another-horse-battery-staple"}
    again, written = network.counting(lambda: network.must("aws_cache", other))
    assert (again["changed"], written) == (False, [])
    assert "only in exchange for user groups" in _refused(network, _SMALL)


def test_replicas_come_before_what_needs_them_and_go_after_it(network: Emulator) -> None:
    alone = {**_SMALL, "replicas": 0, "multi_az": False}
    network.must("aws_cache", alone)
    _, written = network.counting(lambda: network.must("aws_cache", {**_SMALL, "replicas": 2}))
    assert written == ["IncreaseReplicaCount", "ModifyReplicationGroup"]
    found = _cache(network)
    assert (len(found["MemberClusters"]), found["MultiAZ"], found["AutomaticFailover"]) == (3, "enabled", "enabled")
    _, written = network.counting(lambda: network.must("aws_cache", alone))
    assert written == ["ModifyReplicationGroup", "DecreaseReplicaCount"]


def test_valkey_does_not_become_redis(network: Emulator) -> None:
    network.must("aws_cache", _SMALL)
    assert "AWS cannot go back to redis" in _refused(network, {**_REDIS, "apply_immediately": True})


def test_a_major_upgrade_is_waited_for(network: Emulator) -> None:
    network.must("aws_cache", {**_REDIS, "version": "6.2"})
    assert "is a major upgrade: set apply_immediately" in _refused(network, _REDIS)
    assert "AWS cannot go back to 6.0" in _refused(network, {**_REDIS, "version": "6.0", "auto_minor_upgrades": False})
    assert network.must("aws_cache", {**_REDIS, "version": "6.0"})["changed"] is False


def test_a_snapshot_is_left_behind(network: Emulator) -> None:
    network.must("aws_cache", _SMALL)
    network.must("aws_cache", {"stack": "shop", "state": "absent", "deletion_protection": False})
    snapshots = network.client("elasticache").describe_snapshots()["Snapshots"]
    assert [one["SnapshotName"][:12] for one in snapshots] == ["shop-final-2"]


def test_a_cache_of_somebody_elses_is_left_alone(network: Emulator) -> None:
    network.client("elasticache").create_replication_group(
        ReplicationGroupId="shop", ReplicationGroupDescription="mine", Engine="valkey", EngineVersion="8.0"
    )
    assert "cache shop exists already and does not belong to this stack" in _refused(network, _SMALL)
    gone, written = network.counting(
        lambda: network.must("aws_cache", {"stack": "shop", "state": "absent", "deletion_protection": False})
    )
    assert (gone["changed"], written) == (False, [])
