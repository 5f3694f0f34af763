# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a web application firewall is made, changed and removed.

Every write to what is there carries the lock token of its last reading, so that what somebody else has changed
meanwhile is never overwritten. What was just made is not known everywhere at once: AWS asks to be asked again.

API: AWS WAF, version 2019-07-29.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..patience import until
from ..resource import Found, StackError, Wanted
from ..session import Aws
from . import found as description
from .declared import ACLS, ADDRESSES
from .found import NOT_THERE, ids_of, mark, service
from .rules import rules, visibility

_NOT_YET = "WAFUnavailableEntityException"
_IN_USE = "WAFAssociatedItemException"
_EXISTS = "WAFDuplicateItemException"

# What only the service itself may know is not logged.
_REDACTED = [{"SingleHeader": {"Name": name}} for name in ("authorization", "cookie")]


class _Waf:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws, scope: str) -> None:
        self.aws = aws
        self.scope = scope

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        return self.aws.call(service(self.scope), operation, *absent, **parameters)

    def patiently(self, operation: str, *busy: str, **parameters: Any) -> None:
        """The call again for as long as AWS answers with one of *busy*."""
        until(lambda: self.call(operation, *busy, **parameters) or None, f"{operation} to be possible", 120, pause=2)

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids

    def created(self, operation: str, wanted: Wanted, **parameters: Any) -> Mapping[str, str]:
        """Make it and return its ids; where a lost call has made it already, those of what there is."""
        answers: list[dict[str, Any]] = []

        def make() -> bool | None:
            answers.append(
                self.call(
                    operation,
                    _NOT_YET,
                    Name=wanted.address.name,
                    Scope=self.scope,
                    Description=mark(self.aws.stack),
                    Tags=self.aws.tags(wanted.address.name),
                    **parameters,
                )
            )
            return bool(answers[-1]) or None

        try:
            until(make, f"what {wanted.address} refers to", 120, pause=2)
        except StackError as error:
            for found in description.read(self.aws, self.scope) if f"({_EXISTS})" in str(error) else ():
                if found.address == wanted.address and found.ours:
                    return found.ids
            raise
        return ids_of(answers[-1]["Summary"])

    def identified(self, found: Found) -> dict[str, str]:
        """What names it in a call."""
        return {"Name": found.address.name, "Scope": self.scope, "Id": found.ids["id"]}


class AddressList(_Waf):
    """Addresses that rules refer to."""

    name = ADDRESSES
    fixed = frozenset({"version"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties = wanted.properties
        addresses = sorted(properties["addresses"])
        return self.created("create_ip_set", wanted, IPAddressVersion=properties["version"], Addresses=addresses)

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        which = self.identified(found)
        token = self.call("get_ip_set", **which)["LockToken"]
        addresses = sorted(wanted.properties["addresses"])
        self.call("update_ip_set", **which, LockToken=token, Addresses=addresses, Description=mark(self.aws.stack))

    def delete(self, found: Found) -> None:
        which = self.identified(found)
        if there := self.call("get_ip_set", NOT_THERE, **which):
            self.patiently("delete_ip_set", _IN_USE, **which, LockToken=there["LockToken"])


class WebAcl(_Waf):
    """The web ACL, with its log and the load balancers that it protects."""

    def __init__(self, aws: Aws, scope: str) -> None:
        super().__init__(aws, scope)
        self.name = ACLS[scope]

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties = wanted.properties
        ids = self.created("create_web_acl", wanted, **_acl(wanted))
        if properties["logs"]:
            self._log(ids["arn"], properties["logs"])
        self._protect(ids["arn"], frozenset(), properties.get("protects", frozenset()))
        return ids

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        properties = wanted.properties
        if changed & {"default_action", "rules"}:
            which = self.identified(found)
            there = self.call("get_web_acl", **which)
            kept = {key: there["WebACL"][key] for key in _KEPT if there["WebACL"].get(key)}
            parameters = {**kept, **_acl(wanted), **which, "LockToken": there["LockToken"]}
            self.patiently("update_web_acl", _NOT_YET, **parameters)
        if "logs" in changed:
            self._log(found.ids["arn"], properties["logs"])
        if "protects" in changed:
            self._protect(found.ids["arn"], found.properties["protects"], properties["protects"])

    def delete(self, found: Found) -> None:
        self._protect(found.ids["arn"], found.properties.get("protects", frozenset()), frozenset())
        if found.properties["logs"]:
            self._log(found.ids["arn"], "")
        which = self.identified(found)
        if there := self.call("get_web_acl", NOT_THERE, **which):
            self.patiently("delete_web_acl", _IN_USE, **which, LockToken=there["LockToken"])

    def _log(self, arn: str, destination: str) -> None:
        if not destination:
            self.call("delete_logging_configuration", NOT_THERE, ResourceArn=arn)
            return
        config = {"ResourceArn": arn, "LogDestinationConfigs": [destination], "RedactedFields": _REDACTED}
        self.call("put_logging_configuration", LoggingConfiguration=config)

    def _protect(self, arn: str, before: AbstractSet[str], after: AbstractSet[str]) -> None:
        for resource in sorted(before - after):
            self.call("disassociate_web_acl", NOT_THERE, ResourceArn=resource)
        for resource in sorted(after - before):
            other = self.call("get_web_acl_for_resource", NOT_THERE, ResourceArn=resource).get("WebACL")
            if other and other["ARN"] != arn:
                raise StackError(
                    f"{resource} is protected by {other['ARN']}, which does not belong to this stack: take that one off"
                    " first, or leave the load balancer out of protects"
                )
            self.patiently("associate_web_acl", _NOT_YET, WebACLArn=arn, ResourceArn=resource)


#: What an update would take away when it does not say it.
_KEPT = (
    "Description",
    "CustomResponseBodies",
    "CaptchaConfig",
    "ChallengeConfig",
    "TokenDomains",
    "AssociationConfig",
    "DataProtectionConfig",
    "OnSourceDDoSProtectionConfig",
)


def _acl(wanted: Wanted) -> dict[str, Any]:
    return {
        "DefaultAction": {wanted.properties["default_action"].capitalize(): {}},
        "Rules": rules(wanted.properties["rules"]),
        "VisibilityConfig": visibility(wanted.address.name),
    }
