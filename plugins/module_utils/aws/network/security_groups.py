# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How security groups and their rules are made and removed.

API: Amazon EC2, version 2016-11-15.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resource import Found, Wanted
from .declared import ANYWHERE, GROUP, RULE
from .ec2 import Ec2


class SecurityGroup(Ec2):
    """What the rules of one tier are kept in."""

    name = GROUP
    resource_type = "security-group"

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        group = self.call(
            "create_security_group",
            GroupName=wanted.address.name,
            Description=wanted.once["description"],
            VpcId=wanted.once["vpc"],
            TagSpecifications=self.tagging(wanted),
        )["GroupId"]
        # AWS lets a new group send anywhere. Where that is declared, a rule of its own says so.
        everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": ANYWHERE}]}]
        self.call("revoke_security_group_egress", "InvalidPermission.NotFound", GroupId=group, IpPermissions=everything)
        return {"id": group, "name": wanted.address.name}

    def delete(self, found: Found) -> None:
        self.remove("delete_security_group", "InvalidGroup.NotFound", GroupId=found.ids["id"])


class SecurityGroupRule(Ec2):
    """Who may talk to whom."""

    name = RULE
    resource_type = "security-group-rule"
    fixed = frozenset({"group", "egress", "protocol", "ports", "peer"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        made = self.call(
            f"authorize_security_group_{_direction(wanted.properties)}",
            "InvalidPermission.Duplicate",
            GroupId=wanted.properties["group"],
            IpPermissions=[_permission(wanted.properties)],
        )
        rules = made.get("SecurityGroupRules")
        return {"id": rules[0]["SecurityGroupRuleId"]} if rules else {}

    def delete(self, found: Found) -> None:
        absent = ("InvalidPermission.NotFound", "InvalidGroup.NotFound")
        permissions = [_permission(found.properties)]
        operation = f"revoke_security_group_{_direction(found.properties)}"
        self.call(operation, *absent, GroupId=found.properties["group"], IpPermissions=permissions)


def _direction(properties: Mapping[str, Any]) -> str:
    return "egress" if properties["egress"] else "ingress"


def _permission(properties: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as AWS's IpPermission."""
    permission: dict[str, Any] = {"IpProtocol": "-1" if properties["protocol"] == "all" else properties["protocol"]}
    if properties["protocol"] != "all":
        low, _dash, high = properties["ports"].rpartition("-")
        permission |= {"FromPort": int(low or high), "ToPort": int(high)}
    peer = properties["peer"]
    if peer.startswith("sg-"):
        permission["UserIdGroupPairs"] = [{"GroupId": peer}]
    elif peer.startswith("pl-"):
        permission["PrefixListIds"] = [{"PrefixListId": peer}]
    elif ":" in peer:
        permission["Ipv6Ranges"] = [{"CidrIpv6": peer}]
    else:
        permission["IpRanges"] = [{"CidrIp": peer}]
    return permission
