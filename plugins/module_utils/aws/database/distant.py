# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replicas in other regions: how they are found, made and removed. They go before their source, which tells of them.

API: Amazon RDS, version 2014-10-31.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from ..parts import Parts
from ..resource import Address, Found, Wanted
from ..session import Aws
from . import regions
from .found import Described, as_found, instance_in_words, subnets_as_found
from .kinds import Database, Subnets
from .options import MOST_REPLICAS


class DistantSubnets(Subnets):
    """The subnets of another region that a replica may be in."""

    name = regions.SUBNETS

    def __init__(self, aws: Aws, its: Parts) -> None:
        super().__init__(aws)
        self.parts = its

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        self.parts.remember(regions.sort(wanted.address.name.rpartition("@")[2]))
        return super().create(wanted)


class DistantReplica(Database):
    """A replica in another region."""

    name = regions.REPLICA

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        self.parts.remember(regions.sort(wanted.address.name.rpartition("@")[2]))
        its = wanted.properties.get("parameter_group")
        group = {"DBParameterGroupName": its} if its else {}
        # MySQL cannot be given every parameter later (lower_case_table_names), and is the only one that takes a group
        # at its making: "DBParameterGroupName" of
        # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
        early = group if self.declared["engine"] == "mysql" else {}
        # SourceRegion is botocore's: it signs the request for the source's region, where the data is decrypted.
        made = self._make(wanted, SourceRegion=self.aws.region, **early)
        if group and not early:
            self.wait(made)
            self._modify(self.place(made["arn"]), **group)
        return made


def read(aws: Aws, declared: Mapping[str, Any], places: Collection[str], parts: Parts) -> Iterator[Found]:
    """What the stack has in the regions *places*: two calls for each, and one for each subnet group without a user."""
    reads = [partial(look, aws, region) for region in sorted(places) for look in (_replicas, _groups)]
    answers = aws.together(*reads)
    for region, replicas, groups in zip(sorted(places), answers[::2], answers[1::2]):
        parts.saw([regions.sort(region)] if replicas or groups else [])
        there = [
            as_found(
                aws,
                one,
                Address(regions.REPLICA, f"{one['DBInstanceIdentifier']}@{region}"),
                instance_in_words(one, declared),
            )
            for one in replicas
        ]
        yield from there
        used = {one.properties.get("subnet_group") for one in there if one.ours}
        for one in groups:
            address = Address(regions.SUBNETS, f"{one['DBSubnetGroupName']}@{region}")
            yield subnets_as_found(aws, one, address, used)


def _names(aws: Aws) -> list[str]:
    return [regions.called(aws.stack, aws.region, number + 1) for number in range(MOST_REPLICAS)]


def _replicas(aws: Aws, region: str) -> list[Described]:
    filters = [{"Name": "db-instance-id", "Values": _names(aws)}]
    return list(aws.pages(f"rds@{region}", "describe_db_instances", "DBInstances", Filters=filters))


def _groups(aws: Aws, region: str) -> list[Described]:
    """The subnet groups that have our names: RDS lists all or one."""
    listed = aws.pages(f"rds@{region}", "describe_db_subnet_groups", "DBSubnetGroups")
    return [one for one in listed if one["DBSubnetGroupName"] in _names(aws)]
