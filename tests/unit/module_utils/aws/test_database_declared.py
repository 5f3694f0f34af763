# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be declared of a database or a cache, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cache import declared as cache
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cache import options as cache_options
from ansible_collections.seamless.delivery.plugins.module_utils.aws.database import declared as database
from ansible_collections.seamless.delivery.plugins.module_utils.aws.database import options as database_options
from ansible_collections.seamless.delivery.plugins.module_utils.aws.database import regions
from ansible_collections.seamless.delivery.plugins.module_utils.aws.database.parameters import modification
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, Found, Wanted

_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111"


def _range(least: float, most: float, pause: int | None = None) -> dict[str, Any]:
    return {"min": least, "max": most, "pause_after": pause}


_RANGE = {"engine": "aurora-postgresql", "instance_class": None, "serverless": _range(0.5, 16)}
_MYSQL = {"engine": "aurora-mysql", "serverless": _range(0, 4)}


def _filled(arguments: dict[str, dict[str, Any]], **given: Any) -> dict[str, Any]:
    """As Ansible fills in what is not *given*."""
    filled = {}
    for key, spec in arguments.items():
        if spec.get("apply_defaults"):
            filled[key] = _filled(spec["options"], **given.get(key, {}))
        else:
            filled[key] = given.get(key, spec.get("default"))
    return filled


def _database(**given: Any) -> dict[str, Any]:
    return _filled(database_options.ARGUMENTS, **{"version": "16", "instance_class": "db.t4g.medium", **given})


def _cache(**given: Any) -> dict[str, Any]:
    return _filled(cache_options.ARGUMENTS, **{"version": "8", "node_type": "cache.t4g.small", **given})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, None),
        ({"version": None}, "version: expected a value"),
        ({"engine": "mysql", "version": "8"}, "version: expected a version of mysql as 8.0"),
        ({"version": "latest"}, "version: expected a version of postgres as 16"),
        ({"major_upgrade": True}, "major_upgrade: expected apply_immediately"),
        ({"parameters": {"a": 1}, "parameter_group": "mine"}, "parameters: expected either"),
        ({"subnets": ["a"], "subnet_group": "mine"}, "subnets: expected either"),
        ({"storage": {"size": 10}}, "storage.size: expected 20 GiB or more"),
        ({"storage": {"size": 100, "max_size": 109}}, "storage.max_size: expected 0, or 10 % more"),
        ({"storage": {"size": 100, "max_size": 110}}, None),
        ({"engine": "aurora-postgresql", "storage": {"size": 1}}, None),
        ({"replicas": [{}]}, "password: expected one"),
        ({"replicas": [{}], "password": "long-enough"}, None),
        ({"engine": "aurora-postgresql", "replicas": [{}]}, None),
        ({"replicas": [{}] * 16, "password": "long-enough"}, "replicas: expected 15 at most"),
        ({"replicas": [{}], "password": "long-enough", "backup": {"retention": 0}}, "backup.retention: expected 1 to"),
        ({"backup": {"retention": 0}}, None),
        ({"backup": {"window": "soon"}}, "backup.window: expected a time"),
        ({"maintenance_window": "sunday"}, "maintenance_window: expected a time"),
        ({"password": "short"}, "password: expected 8 characters"),
        ({"password": "with@in-it"}, "password: expected 8 characters"),
        ({"password": "with space"}, "password: expected 8 characters"),
        ({"user": "1st"}, "user: expected 1 to 16 letters"),
        ({"port": 80}, "port: expected 1150 to 65535"),
        ({"instance_class": "m7g.large"}, "instance_class: expected one such as db.m7g.large"),
        ({"replicas": [{"instance_class": "large"}], "password": "long-enough"}, "instance_class: expected one"),
        (
            {"backup": {"window": "03:00-04:00", "retention": 7}, "maintenance_window": "Sun:03:59-Sun:05:00"},
            "maintenance_window: expected it apart",
        ),
        ({"kms_key": "alias/mine"}, "kms_key: expected the ARN"),
        ({"kms_key": _KEY}, None),
        ({"performance_insights": 30}, "performance_insights: expected 0, 7"),
        ({"performance_insights": 62}, None),
        ({"monitoring": {"interval": 20, "role": "x"}}, "monitoring.interval: expected"),
        (_RANGE, None),
        ({**_RANGE, "instance_class": "db.r7g.large", "replicas": [{"instance_class": "db.serverless"}]}, None),
        ({**_RANGE, "engine": "postgres"}, "serverless: expected an engine that has it (aurora-postgresql, aurora-"),
        ({"instance_class": None}, "instance_class: expected a value"),
        (
            {"engine": "aurora-mysql", "version": "8.0", "instance_class": "db.serverless"},
            "serverless: expected the range",
        ),
        ({**_RANGE, "serverless": _range(0.7, 16)}, "serverless: expected min and max in steps of 0.5"),
        ({**_RANGE, "serverless": _range(8, 4)}, "serverless: expected min and max"),
        ({**_RANGE, "serverless": _range(0.5, 0.5)}, "serverless: expected min and max"),
        ({**_RANGE, "serverless": _range(0.5, 256.5)}, "serverless: expected min and max"),
        ({**_RANGE, "serverless": _range(0, 4, 300)}, None),
        ({**_RANGE, "serverless": _range(0, 4, 299)}, "serverless.pause_after: expected 300 to 86400"),
        ({**_RANGE, "serverless": _range(0.5, 4, 300)}, "serverless.pause_after: expected 300 to 86400"),
        ({**_RANGE, "version": "16.2", "serverless": _range(0, 4)}, "serverless.min: expected 0.5 or more"),
        ({**_RANGE, "version": "16.3", "serverless": _range(0, 4)}, None),
        ({**_RANGE, "version": "17.4", "serverless": _range(0, 4)}, None),
        ({**_RANGE, "version": "12.9", "serverless": _range(0, 4)}, "serverless.min: expected 0.5 or more"),
        ({**_RANGE, **_MYSQL, "version": "8.0.mysql_aurora.3.07.1"}, "serverless.min: expected 0.5 or more"),
        ({**_RANGE, **_MYSQL, "version": "8.0.mysql_aurora.3.08.0"}, None),
        ({**_RANGE, **_MYSQL, "version": "8.0"}, None),
    ],
)
def test_a_mistake_in_a_database_is_named(given: dict[str, Any], said: str | None) -> None:
    wrong = database_options.check(_database(**given))
    assert (wrong == []) if said is None else (len(wrong) == 1 and wrong[0].startswith(said)), wrong


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, None),
        ({"node_type": None}, "node_type: expected a value"),
        ({"version": "6"}, "version: expected 7 or later of valkey"),
        ({"engine": "redis", "version": "6.2"}, None),
        ({"engine": "redis", "version": "newest"}, "version: expected 6 or later of redis"),
        ({"replicas": 0}, "replicas: expected 1 or more with multi_az"),
        ({"replicas": 0, "multi_az": False}, None),
        ({"replicas": 6}, "replicas: expected 0 to 5"),
        ({"node_type": "t4g.small"}, "node_type: expected one such as cache.m7g.large"),
        ({"shards": 0}, "shards: expected 1 to 500"),
        ({"auth_token": "long-enough-to-be-a-token", "tls": "preferred"}, "auth_token: expected tls"),
        ({"auth_token": "short"}, "auth_token: expected 16 to 128"),
        ({"auth_token": "with-a-slash/in-the-middle"}, "auth_token: expected 16 to 128"),
        ({"kms_key": "alias/mine"}, "kms_key: expected the ARN"),
        ({"parameters": {"a": 1}, "parameter_group": "mine"}, "parameters: expected either"),
        ({"subnets": ["a"], "subnet_group": "mine"}, "subnets: expected either"),
        ({"backup": {"retention": 36}}, "backup.retention: expected 0 to 35"),
    ],
)
def test_a_mistake_in_a_cache_is_named(given: dict[str, Any], said: str | None) -> None:
    wrong = cache_options.check(_cache(**given))
    assert (wrong == []) if said is None else (len(wrong) == 1 and wrong[0].startswith(said)), wrong


_WEST = {
    "region": "eu-west-1",
    "subnet_group": "theirs",
    "security_groups": ["sg-1"],
    "kms_key": "arn:aws:kms:eu-west-1:123456789012:key/1",
}


@pytest.mark.parametrize(
    ("replica", "engine", "said"),
    [
        ({}, "postgres", None),
        (_WEST, "postgres", None),
        ({**_WEST, "subnet_group": None, "subnets": ["a", "b"]}, "mysql", None),
        ({"kms_key": _KEY}, "postgres", "kms_key: expected with a region alone"),
        (_WEST, "aurora-mysql", "region: expected none with Aurora"),
        (
            {**_WEST, "region": "eu-central-1", "kms_key": _WEST["kms_key"].replace("west", "central")},
            "mysql",
            "region: ",
        ),
        ({**_WEST, "subnets": ["a", "b"]}, "postgres", "expected either subnets or a subnet_group"),
        ({**_WEST, "subnet_group": None}, "postgres", "expected either subnets or a subnet_group"),
        ({**_WEST, "security_groups": []}, "postgres", "security_groups: expected the ids"),
        ({**_WEST, "kms_key": None}, "postgres", "kms_key: expected the ARN of a key in eu-west-1"),
        ({**_WEST, "kms_key": _KEY}, "postgres", "kms_key: expected the ARN of a key in eu-west-1"),
    ],
)
def test_a_mistake_in_a_replica_elsewhere_is_named(replica: dict[str, Any], engine: str, said: str | None) -> None:
    wrong = list(regions.check({"engine": engine, "replicas": [{}, replica]}, "eu-central-1"))
    told = f"replicas: of the one with the number 2, {said}"
    assert (wrong == []) if said is None else (len(wrong) == 1 and wrong[0].startswith(told)), wrong


def test_a_replica_elsewhere_counts_by_itself_and_has_names_that_no_stack_there_has() -> None:
    own = {"subnet_group": "mine", "parameter_group": "theirs", "security_groups": ["sg-1"], "password": "long-enough"}
    subnets = {**_WEST, "subnet_group": None, "subnets": ["a", "b"]}
    declared = _database(**own, replicas=[_WEST, {}, subnets, {**_WEST, "region": "us-east-1"}])
    made = {str(one.address): one for one in database.wanted("shop", "eu-central-1", declared, [], protected=True)}
    assert list(made) == [
        "database shop",
        "database shop-replica-1",
        "distant replica shop-eu-central-1-replica-1@eu-west-1",
        "distant subnets shop-eu-central-1-replica-2@eu-west-1",
        "distant replica shop-eu-central-1-replica-2@eu-west-1",
        "distant replica shop-eu-central-1-replica-1@us-east-1",
    ]
    # Nothing is made there before the database, which tells of it.
    assert all(Address("database", "shop") in one.needs() for name, one in made.items() if name.startswith("distant"))
    assert regions.place("eu-central-1", "shop-eu-central-1-replica-2@eu-west-1") == (
        "rds@eu-west-1",
        "shop-eu-central-1-replica-2",
    )
    assert regions.place("eu-central-1", "arn:aws:rds:eu-central-1:123456789012:db:shop") == ("rds", "shop")
    longest = regions.called("x" * 26, "ap-northeast-3", 15)
    assert len(longest) <= 63, "RDS takes no more"


def test_what_is_the_users_own_is_used_and_not_made() -> None:
    own = {"subnet_group": "mine", "parameter_group": "theirs", "security_groups": ["sg-1"]}
    (made,) = database.wanted("shop", "eu-central-1", _database(**own), [], protected=True)
    assert made.address == Address("database", "shop")
    assert made.needs() == frozenset()
    assert (made.properties["subnet_group"], made.properties["parameter_group"]) == ("mine", "theirs")
    (made,) = cache.wanted("shop", _cache(**own), [])
    assert (made.address, made.needs()) == (Address("cache", "shop"), frozenset())


def test_only_secrets_and_names_are_for_once() -> None:
    declared = _database(
        password="long-enough", database_name="shop", subnets=["subnet-1", "subnet-2"], security_groups=["sg-1"]
    )
    made = {one.address.kind: one for one in database.wanted("shop", "eu-central-1", declared, [], protected=True)}
    assert made["database"].once == {"password": "long-enough", "database_name": "shop"}
    assert "long-enough" not in str(made["database"].properties)


@pytest.mark.parametrize(
    ("given", "there", "said"),
    [
        ({"engine": "mysql", "version": "8.4", "replicas": [{}]}, "8.0.36", "no mysql before its replicas"),
        ({"engine": "mysql", "version": "8.0.37", "replicas": [{}]}, "8.0.36", ""),
        ({"engine": "mysql", "version": "8.4"}, "8.0.36", ""),
        ({"version": "17", "replicas": [{}]}, "16.4", ""),
        ({"version": "17", "replicas": [{"region": "eu-west-1"}]}, "16.4", "the replicas of its own region alone"),
        ({"version": "16.5", "replicas": [{"region": "eu-west-1"}]}, "16.4", ""),
        ({"version": "16"}, "17.1", "cannot go back to 16"),
    ],
)
def test_an_upgrade_that_rds_would_refuse_is_refused_before(given: dict[str, Any], there: str, said: str) -> None:
    declared = _database(**given, major_upgrade=True, apply_immediately=True)
    storage = {"size": 20, "allocated": 20}
    properties = {"engine": declared["engine"], "version": there, "running": there, "storage": storage}
    found = [Found(Address("database", "shop"), {}, properties)]
    wrong = list(database.refused(declared, found))
    assert (len(wrong) == 1 and said in wrong[0]) if said else wrong == []
    # Nothing is said of what is not the stack's, is on its way out, or follows another.
    for other in ({}, {**properties, "engine": "oracle"}, {**properties, "source": "shop"}):
        assert list(database.refused(declared, [Found(Address("database", "shop"), {}, other)])) == []
    assert list(database.refused(declared, [Found(Address("database", "shop"), {}, properties, ours=False)])) == []


@pytest.mark.parametrize(
    ("found", "wanted", "asked"),
    [
        # Autoscaling has made 140 of 100: the limit alone is asked for.
        (
            {"size": 100, "allocated": 140, "max_size": 500, "type": "gp3"},
            {"size": 100, "max_size": 600, "type": "gp3"},
            {"MaxAllocatedStorage": 600},
        ),
        # No limit is a limit at the size.
        (
            {"size": 140, "allocated": 140, "max_size": 500, "type": "gp3"},
            {"size": 140, "max_size": 0, "type": "gp3"},
            {"MaxAllocatedStorage": 140},
        ),
        # Another type says the size that there is, and not the smaller one that was declared.
        (
            {"size": 100, "allocated": 140, "max_size": 500, "type": "gp3"},
            {"size": 100, "max_size": 500, "type": "io2", "iops": 3000},
            {"AllocatedStorage": 140, "StorageType": "io2", "Iops": 3000},
        ),
    ],
)
def test_storage_is_never_asked_to_shrink(found: dict[str, Any], wanted: dict[str, Any], asked: dict[str, Any]) -> None:
    database_ = Wanted(Address("database", "shop"), {"storage": wanted})
    assert modification({"storage": found}, database_, frozenset({"storage"})) == asked
