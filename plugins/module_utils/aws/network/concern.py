# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of the network: a VPC with its subnets and ways out, and security groups that refer to one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..resource import Found, Kind, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from . import kinds


class Network:
    """What *declared* (:data:`declared.ARGUMENTS`) says of a stack's network."""

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        self.kinds: Sequence[Kind] = [kind(aws) for kind in kinds.IN_ORDER]
        self._zones: set[str] = set()
        self._cidr: str | None = None

    def wanted(self, others: Others) -> Sequence[Wanted]:  # noqa: ARG002
        """The declared resources. Raises StackError, naming what is wrong with the declaration."""
        if wrong := declaration.check(self.declared):
            raise StackError("; ".join(wrong))
        if not self.declared["vpc"] and self._cidr not in (None, self.declared["cidr"]):
            raise StackError(
                f"cidr: AWS cannot change a VPC's first range, which is {self._cidr}: declare that, or another stack"
            )
        return list(declaration.wanted(self.aws.stack, self.declared, self._chosen_zones()))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        there = list(description.read(self.aws, self.declared["cidr"]))
        self._zones = {one.properties["zone"] for one in there if one.address.kind == declaration.SUBNET}
        self._cidr = next((one.properties["cidr"] for one in there if one.address.kind == declaration.VPC), None)
        return there

    def _chosen_zones(self) -> Sequence[str]:
        """Those declared; otherwise those that the stack is in, and as many of the region's as are missing."""
        if self.declared["vpc"]:
            return ()
        if chosen := self.declared["zones"]:
            new = set(chosen) - self._zones
            if new and (missing := sorted(new - set(zones := self._region()))):
                raise StackError(f"zones: expected some of {', '.join(zones)}, but found {', '.join(missing)}")
            return list(chosen)
        count, zones = self.declared["zone_count"], sorted(self._zones)
        if len(zones) < count:
            zones += [zone for zone in self._region() if zone not in self._zones]
        if len(zones) < count:
            raise StackError(f"zone_count: expected at most the {len(zones)} zones of this region, but found {count}")
        return zones[:count]

    def _region(self) -> list[str]:
        filters = [
            {"Name": "zone-type", "Values": ["availability-zone"]},
            {"Name": "state", "Values": ["available"]},
        ]
        zones = self.aws.call("ec2", "describe_availability_zones", Filters=filters)["AvailabilityZones"]
        return sorted(zone["ZoneName"] for zone in zones)


class NetworkBeside:
    """A stack's network as other concerns build on it: which ids there are; one call."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def read(self) -> Sequence[Found]:
        """What is there, by id and name."""
        there = description.tagged(self.aws)
        return [Found(address, {"id": one, "name": address.name}, {}) for one, address in there.items()]
