# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles of a stack: who may take one, and what it allows, in one inline policy of the role's own name or in AWS's own.

Policies that others attach to a role stay, until it is removed. API: IAM, version 2010-05-08.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from .resource import Address, Found, Wanted
from .session import Aws

GONE = "NoSuchEntity"


def trusted(service: str) -> dict[str, Any]:
    """The statement by which a *service* (``ec2.amazonaws.com``) may take a role."""
    return {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}


class Role:
    """A role, called *iam_name* in IAM.

    Properties: ``trust``, a statement, and ``permissions``, some of them, or ``policies``, the names of AWS's managed
    policies for the service that takes the role.
    """

    name: ClassVar[str]
    fixed: ClassVar[frozenset[str]] = frozenset()
    held_by: ClassVar[frozenset[str]] = frozenset()
    precious: ClassVar[bool] = True

    def __init__(self, aws: Aws, iam_name: str) -> None:
        self.aws = aws
        self.iam_name = iam_name

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        document = _document([wanted.properties["trust"]])
        tags = self.aws.tags(self.iam_name)
        made = self.aws.call(
            "iam", "create_role", RoleName=self.iam_name, AssumeRolePolicyDocument=document, Tags=tags
        )["Role"]
        if "permissions" in wanted.properties:
            self._allow(wanted)
        self._attach(wanted.properties.get("policies", frozenset()))
        return _ids(made)

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        if "trust" in changed:
            document = _document([wanted.properties["trust"]])
            self.aws.call("iam", "update_assume_role_policy", RoleName=self.iam_name, PolicyDocument=document)
        if "permissions" in changed:
            self._allow(wanted)
        if "policies" in changed:
            self._attach(wanted.properties["policies"] - found.properties["policies"])

    def delete(self, found: Found) -> None:
        name = {"RoleName": found.ids["name"]}
        for one in self.aws.pages("iam", "list_attached_role_policies", "AttachedPolicies", GONE, **name):
            self.aws.call("iam", "detach_role_policy", GONE, PolicyArn=one["PolicyArn"], **name)
        for policy in self.aws.pages("iam", "list_role_policies", "PolicyNames", GONE, **name):
            self.aws.call("iam", "delete_role_policy", GONE, PolicyName=policy, **name)
        self.aws.call("iam", "delete_role", GONE, **name)

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids

    def _allow(self, wanted: Wanted) -> None:
        name, document = self.iam_name, _document(wanted.properties["permissions"])
        self.aws.call("iam", "put_role_policy", RoleName=name, PolicyName=name, PolicyDocument=document)

    def _attach(self, policies: AbstractSet[str]) -> None:
        managed = f"arn:{self.aws.client('iam').meta.partition}:iam::aws:policy/service-role"
        for policy in sorted(policies):
            self.aws.call("iam", "attach_role_policy", RoleName=self.iam_name, PolicyArn=f"{managed}/{policy}")


def looks(aws: Aws, iam_name: str) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """The two calls that tell of a role, for :meth:`Aws.together`; their answers go to :func:`found`."""
    return (
        lambda: aws.call("iam", "get_role", GONE, RoleName=iam_name).get("Role"),
        lambda: aws.call("iam", "get_role_policy", GONE, RoleName=iam_name, PolicyName=iam_name).get("PolicyDocument"),
    )


def found(aws: Aws, address: Address, role: Mapping[str, Any], document: Mapping[str, Any] | None) -> Found:
    """A *role* and its policy's *document*, in words."""
    return _found(aws, address, role, {"permissions": (document or {}).get("Statement")})


def managed(aws: Aws, address: Address, policies: AbstractSet[str]) -> Iterator[Found]:
    """The role called as its *address*, and which of AWS's *policies* it has; nothing where there is none."""
    if role := aws.call("iam", "get_role", GONE, RoleName=address.name).get("Role"):
        listed = aws.pages("iam", "list_attached_role_policies", "AttachedPolicies", GONE, RoleName=address.name)
        its = policies & {one["PolicyName"] for one in listed}
        yield _found(aws, address, role, {"policies": its})


def _found(aws: Aws, address: Address, role: Mapping[str, Any], allowed: Mapping[str, Any]) -> Found:
    trust = role["AssumeRolePolicyDocument"].get("Statement") or [{}]
    return Found(address, _ids(role), {"trust": trust[0], **allowed}, aws.ours(role.get("Tags")))


def _ids(role: Mapping[str, Any]) -> dict[str, str]:
    return {"id": role["RoleId"], "arn": role["Arn"], "name": role["RoleName"]}


def _document(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
