# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a network's parts are made, changed and removed.

API: Amazon EC2, version 2016-11-15. Each is tagged by the call that makes it; what takes more than one call shows as a
difference until the last one is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from ..resource import Found, StackError, Wanted
from .declared import ANYWHERE, ELASTIC_IP, ENDPOINT, GATEWAY, LOG, NAT, SPARE, SUBNET, TABLE, VPC
from .ec2 import Ec2
from .security_groups import SecurityGroup, SecurityGroupRule


class Vpc(Ec2):
    """The network itself."""

    name = VPC
    resource_type = "vpc"
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        made = self.call("create_vpc", CidrBlock=wanted.properties["cidr"], TagSpecifications=self.tagging(wanted))[
            "Vpc"
        ]
        with self.aws.waiting(f"{wanted.address} to be available"):
            self.aws.client("ec2").get_waiter("vpc_available").wait(VpcIds=[made["VpcId"]])
        self._dns_hostnames(made["VpcId"], wanted)
        return {"id": made["VpcId"], "name": wanted.address.name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self._dns_hostnames(found.ids["id"], wanted)

    def delete(self, found: Found) -> None:
        self.remove("delete_vpc", "InvalidVpcID.NotFound", VpcId=found.ids["id"])

    def _dns_hostnames(self, vpc: str, wanted: Wanted) -> None:
        value = {"Value": wanted.properties["dns_hostnames"]}
        self.call("modify_vpc_attribute", VpcId=vpc, EnableDnsHostnames=value)


class InternetGateway(Ec2):
    """The way out of, and into, the public subnets."""

    name = GATEWAY
    resource_type = "internet-gateway"

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        made = self.call("create_internet_gateway", TagSpecifications=self.tagging(wanted))["InternetGateway"]
        gateway = made["InternetGatewayId"]
        self._attach(gateway, wanted)
        return {"id": gateway, "name": wanted.address.name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self._attach(found.ids["id"], wanted)

    def delete(self, found: Found) -> None:
        gateway = found.ids["id"]
        described = self.call(
            "describe_internet_gateways", "InvalidInternetGatewayID.NotFound", InternetGatewayIds=[gateway]
        )
        for one in described.get("InternetGateways", ()):
            for attached in one["Attachments"]:
                ids = {"InternetGatewayId": gateway, "VpcId": attached["VpcId"]}
                self.remove("detach_internet_gateway", "Gateway.NotAttached", **ids)
        self.remove("delete_internet_gateway", "InvalidInternetGatewayID.NotFound", InternetGatewayId=gateway)

    def _attach(self, gateway: str, wanted: Wanted) -> None:
        vpc = wanted.properties["vpc"]
        self.call("attach_internet_gateway", "Resource.AlreadyAssociated", InternetGatewayId=gateway, VpcId=vpc)


class Subnet(Ec2):
    """One zone's part of the network. Instances in it get no public addresses but those they ask for."""

    name = SUBNET
    resource_type = "subnet"
    fixed = frozenset({"vpc", "zone", "cidr"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties = wanted.properties
        made = self.call(
            "create_subnet",
            VpcId=properties["vpc"],
            AvailabilityZone=properties["zone"],
            CidrBlock=properties["cidr"],
            TagSpecifications=self.tagging(wanted),
        )["Subnet"]
        return {"id": made["SubnetId"], "name": wanted.address.name}

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        with self.aws.waiting("a subnet to be available"):
            self.aws.client("ec2").get_waiter("subnet_available").wait(SubnetIds=[ids["id"]])
        return ids

    def delete(self, found: Found) -> None:
        self.remove("delete_subnet", "InvalidSubnetID.NotFound", SubnetId=found.ids["id"])


class ElasticIp(Ec2):
    """The address that others see of what is behind a NAT gateway; they may have written it down."""

    name = ELASTIC_IP
    resource_type = "elastic-ip"
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        made = self.call("allocate_address", Domain="vpc", TagSpecifications=self.tagging(wanted))
        return {"id": made["AllocationId"], "name": wanted.address.name}

    def delete(self, found: Found) -> None:
        self.remove("release_address", "InvalidAllocationID.NotFound", AllocationId=found.ids["id"])


class NatGateway(Ec2):
    """The way out of private subnets."""

    name = NAT
    resource_type = "natgateway"
    fixed = frozenset({"subnet", "elastic_ip"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        made = self.call(
            "create_nat_gateway",
            SubnetId=wanted.properties["subnet"],
            AllocationId=wanted.properties["elastic_ip"],
            TagSpecifications=self.tagging(wanted),
        )["NatGateway"]
        return {"id": made["NatGatewayId"], "name": wanted.address.name}

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        with self.aws.waiting("a NAT gateway to be available"):
            self.aws.client("ec2").get_waiter("nat_gateway_available").wait(NatGatewayIds=[ids["id"]])
        return ids

    def delete(self, found: Found) -> None:
        self.call("delete_nat_gateway", "NatGatewayNotFound", NatGatewayId=found.ids["id"])
        with self.aws.waiting(f"{found.address} to be gone"):
            self.aws.client("ec2").get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[found.ids["id"]])


class RouteTable(Ec2):
    """Where a subnet's traffic goes. Routes other than the default one are left alone."""

    name = TABLE
    resource_type = "route-table"

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        made = self.call("create_route_table", VpcId=wanted.once["vpc"], TagSpecifications=self.tagging(wanted))
        table = made["RouteTable"]["RouteTableId"]
        self._lead(table, "", wanted.properties["default_route"])
        for subnet in sorted(wanted.properties["subnets"]):
            self.call("associate_route_table", RouteTableId=table, SubnetId=subnet)
        return {"id": table, "name": wanted.address.name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        table = found.ids["id"]
        if "default_route" in changed:
            self._lead(table, found.properties["default_route"], wanted.properties["default_route"])
        if "subnets" in changed:
            self._leave(table, found.properties["subnets"] - wanted.properties["subnets"])
            for subnet in sorted(wanted.properties["subnets"] - found.properties["subnets"]):
                self.call("associate_route_table", RouteTableId=table, SubnetId=subnet)

    def delete(self, found: Found) -> None:
        self._leave(found.ids["id"], found.properties["subnets"])
        self.remove("delete_route_table", "InvalidRouteTableID.NotFound", RouteTableId=found.ids["id"])

    def _lead(self, table: str, before: str, after: str) -> None:
        where = {"RouteTableId": table, "DestinationCidrBlock": ANYWHERE}
        if not after:
            if before:
                self.call("delete_route", "InvalidRoute.NotFound", **where)
            return
        through = "NatGatewayId" if after.startswith("nat-") else "GatewayId"
        self.call("replace_route" if before else "create_route", **where, **{through: after})

    def _leave(self, table: str, subnets: AbstractSet[str]) -> None:
        """Take the table from *subnets*."""
        if not subnets:
            return
        described = self.call("describe_route_tables", "InvalidRouteTableID.NotFound", RouteTableIds=[table])
        for one in described.get("RouteTables", ()):
            for its in one["Associations"]:
                if its.get("SubnetId") in subnets:
                    ids = {"AssociationId": its["RouteTableAssociationId"]}
                    self.call("disassociate_route_table", "InvalidAssociationID.NotFound", **ids)


class GatewayEndpoint(Ec2):
    """A way to S3 or DynamoDB that needs no way out, and costs nothing."""

    name = ENDPOINT
    resource_type = "vpc-endpoint"

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        made = self.call(
            "create_vpc_endpoint",
            VpcEndpointType="Gateway",
            VpcId=wanted.once["vpc"],
            ServiceName=f"com.amazonaws.{self.aws.region}.{wanted.once['service']}",
            RouteTableIds=sorted(wanted.properties["route_tables"]),
            TagSpecifications=self.tagging(wanted),
        )["VpcEndpoint"]
        return {"id": made["VpcEndpointId"], "name": wanted.address.name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        before, after = found.properties["route_tables"], wanted.properties["route_tables"]
        tables = {"AddRouteTableIds": sorted(after - before), "RemoveRouteTableIds": sorted(before - after)}
        given = {key: value for key, value in tables.items() if value}
        self.call("modify_vpc_endpoint", VpcEndpointId=found.ids["id"], **given)

    def delete(self, found: Found) -> None:
        self.call("delete_vpc_endpoints", "InvalidVpcEndpointId.NotFound", VpcEndpointIds=[found.ids["id"]])


class FlowLog(Ec2):
    """A record of connections."""

    name = LOG
    resource_type = "vpc-flow-log"
    fixed = frozenset({"vpc", "destination", "traffic"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties, role = wanted.properties, wanted.once["role"]
        to_bucket = properties["destination"].split(":")[2] == "s3"
        made = self.call(
            "create_flow_logs",
            ResourceType="VPC",
            ResourceIds=[properties["vpc"]],
            TrafficType=properties["traffic"].upper(),
            LogDestinationType="s3" if to_bucket else "cloud-watch-logs",
            LogDestination=properties["destination"],
            TagSpecifications=self.tagging(wanted),
            **({"DeliverLogsPermissionArn": role} if role else {}),
        )
        if made.get("Unsuccessful"):
            raise StackError(made["Unsuccessful"][0]["Error"]["Message"])
        return {"id": made["FlowLogIds"][0], "name": wanted.address.name}

    def delete(self, found: Found) -> None:
        self.call("delete_flow_logs", "InvalidFlowLogId.NotFound", FlowLogIds=[found.ids["id"]])


class Spare(Ec2):
    """Where AWS takes no token that would make a repeated call the same call, a lost answer leaves one too many."""

    name = SPARE

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        raise StackError(f"{wanted.address} cannot be wanted")

    def delete(self, found: Found) -> None:
        kinds: dict[str, Ec2] = {
            "vpc": Vpc(self.aws),
            "igw": InternetGateway(self.aws),
            "eipalloc": ElasticIp(self.aws),
        }
        kinds[found.ids["id"].partition("-")[0]].delete(found)


#: In the order in which they build on one another.
IN_ORDER = (
    Spare,
    Vpc,
    InternetGateway,
    Subnet,
    ElasticIp,
    NatGateway,
    RouteTable,
    SecurityGroup,
    SecurityGroupRule,
    GatewayEndpoint,
    FlowLog,
)
