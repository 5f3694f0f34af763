# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EC2: gateway endpoints show as routes, and what was deleted is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCEndPoint

_modify = VPCEndPoint.modify


def modify(
    self: VPCEndPoint,
    policy: str | None,
    add_subnets: list[str] | None,
    remove_subnets: list[str] | None,
    add_tables: list[str] | None,
    remove_tables: list[str] | None,
    *groups: list[str] | None,
) -> None:
    """A gateway endpoint's route comes into, and goes from, the tables it is associated with.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing
    """
    _modify(self, policy, add_subnets, remove_subnets, add_tables, remove_tables, *groups)
    services = self.destination_prefix_list_id
    for table in add_tables or ():
        self.ec2_backend.create_route(table, None, gateway_id=self.id, destination_prefix_list_id=services)
    for table in remove_tables or ():
        self.ec2_backend.delete_route(table, services)


def kept(backend: EC2Backend) -> set[str]:
    """The ids of what is there."""
    groups = [group for some in backend.groups.values() for group in some.values()]
    subnets = [subnet for some in backend.subnets.values() for subnet in some.values()]
    rules = [rule for group in groups for rule in (*group.ingress_rules, *group.egress_rules)]
    by_id = (
        backend.vpcs,
        backend.internet_gateways,
        backend.route_tables,
        backend.nat_gateways,
        backend.vpc_end_points,
        backend.flow_logs,
        backend.launch_templates,
    )
    return {
        *(one for some in by_id for one in some),
        *(one.id for one in (*groups, *subnets, *rules)),
        *(one.allocation_id for one in backend.addresses),
    }


def forgetting(delete: Callable[..., Any]) -> Callable[..., Any]:
    """What was deleted is not described any more, nor are its tags. moto keeps tags, and some with a state ``deleted``.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html: "When you delete a resource, any tags assigned
    to the resource are deleted."
    """

    def deleted(self: EC2Backend, *given: Any, **named: Any) -> Any:
        before = kept(self)
        answer = delete(self, *given, **named)
        for some in (self.nat_gateways, self.vpc_end_points):
            for one in [one for one, its in some.items() if its.state == "deleted"]:
                interface = getattr(some.pop(one), "_eni", None)
                self.enis.pop(getattr(interface, "id", None), None)
        for one in [one for one, acl in self.network_acls.items() if acl.vpc_id not in self.vpcs]:
            del self.network_acls[one]  # a network's own goes with it
        for one in before - kept(self):
            self.tags.pop(one, None)
        return answer

    return deleted


_describe_nat_gateways = EC2Backend.describe_nat_gateways


def describe_nat_gateways(self: EC2Backend, filters: Any, ids: list[str] | None) -> Any:
    """A gateway asked for by its id that is not there is an error, which the waiter for its end is waiting for.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    for one in ids or ():
        if one not in self.nat_gateways:
            raise EC2ClientError("NatGatewayNotFound", f"The Nat Gateway {one} was not found")
    return _describe_nat_gateways(self, filters, ids)


VPCEndPoint.modify = modify
EC2Backend.describe_nat_gateways = describe_nat_gateways
for name in (
    "delete_flow_logs",
    "delete_internet_gateway",
    "delete_launch_template",
    "delete_nat_gateway",
    "delete_route_table",
    "delete_security_group",
    "delete_subnet",
    "delete_vpc",
    "delete_vpc_endpoints",
    "release_address",
    "revoke_security_group_egress",
    "revoke_security_group_ingress",
):
    setattr(EC2Backend, name, forgetting(getattr(EC2Backend, name)))
