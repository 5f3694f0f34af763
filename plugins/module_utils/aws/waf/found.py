# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A web application firewall as AWS describes it, in the words of its declaration.

API: AWS WAF, version 2019-07-29, ``List*`` and ``Get*``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..declared import named
from ..resource import STACK_TAG, Address, Found
from ..session import Aws
from .declared import ACLS, ADDRESSES, CLOUDFRONT, REGIONAL
from .rules import in_words

NOT_THERE = "WAFNonexistentItemException"


def service(scope: str) -> str:
    """The service that has what is of a *scope*: CloudFront's is in one region for all."""
    return "wafv2@us-east-1" if scope == CLOUDFRONT else "wafv2"


def mark(stack: str) -> str:
    """The description by which an address list is known as a *stack*'s: lists of them come without their tags."""
    return f"{STACK_TAG}={stack}"


def read(aws: Aws, scope: str) -> Iterator[Found]:
    """The address lists and the web ACL; two calls deep."""
    acls, lists = aws.together(
        lambda: [one for one in _all(aws, scope, "list_web_acls", "WebACLs") if one["Name"] == aws.stack],
        lambda: [one for one in _all(aws, scope, "list_ip_sets", "IPSets") if one["Name"].startswith(f"{aws.stack}-")],
    )
    mine = [one for one in lists if one.get("Description") == mark(aws.stack)]
    described = aws.together(
        *(lambda one=one: _asked(aws, scope, "get_ip_set", one) for one in mine),
        *(lambda ask=ask, acl=acl: ask(aws, scope, acl) for acl in acls for ask in (_acl, _tags, _logs, _resources)),
    )
    for one, answer in zip(mine, described):
        if answer:
            words = {
                "version": answer["IPSet"]["IPAddressVersion"],
                "addresses": frozenset(answer["IPSet"]["Addresses"]),
            }
            yield Found(Address(ADDRESSES, one["Name"]), ids_of(one), words)
    for one in lists:
        if one not in mine:
            yield Found(Address(ADDRESSES, one["Name"]), ids_of(one), {}, ours=False)
    for acl in acls:
        answer, tags, logs, resources = described[len(mine) :]
        if answer:
            words = {**acl_in_words(answer["WebACL"]), **logs, **resources}
            yield Found(named(ACLS[scope], aws.stack), ids_of(acl), words, aws.ours(tags))


def ids_of(summary: Mapping[str, Any]) -> dict[str, str]:
    """What others know it by."""
    return {"id": summary["Id"], "arn": summary["ARN"]}


def acl_in_words(acl: Mapping[str, Any]) -> dict[str, Any]:
    """A web ACL itself as its declaration would say it."""
    return {"default_action": next(iter(acl["DefaultAction"])).lower(), "rules": in_words(acl.get("Rules", ()))}


# -- calls -----------------------------------------------------------------------------------


def _all(aws: Aws, scope: str, operation: str, key: str) -> Iterator[Mapping[str, Any]]:
    """Each item of a list: botocore has no paginators for this service."""
    more: dict[str, Any] = {}
    while True:
        page = aws.call(service(scope), operation, Scope=scope, **more)
        yield from page.get(key, ())
        if not page.get("NextMarker"):
            return
        more = {"NextMarker": page["NextMarker"]}


def _asked(aws: Aws, scope: str, operation: str, one: Mapping[str, Any]) -> dict[str, Any]:
    return aws.call(service(scope), operation, NOT_THERE, Name=one["Name"], Scope=scope, Id=one["Id"])


def _acl(aws: Aws, scope: str, acl: Mapping[str, Any]) -> dict[str, Any]:
    return _asked(aws, scope, "get_web_acl", acl)


def _tags(aws: Aws, scope: str, acl: Mapping[str, Any]) -> Any:
    answer = aws.call(service(scope), "list_tags_for_resource", NOT_THERE, ResourceARN=acl["ARN"])
    return answer.get("TagInfoForResource", {}).get("TagList", ())


def _logs(aws: Aws, scope: str, acl: Mapping[str, Any]) -> dict[str, Any]:
    answer = aws.call(service(scope), "get_logging_configuration", NOT_THERE, ResourceArn=acl["ARN"])
    destinations = answer.get("LoggingConfiguration", {}).get("LogDestinationConfigs", [""])
    return {"logs": destinations[0].removesuffix(":*")}


def _resources(aws: Aws, scope: str, acl: Mapping[str, Any]) -> dict[str, Any]:
    """The load balancers that it protects; a distribution names its web ACL itself."""
    if scope != REGIONAL:
        return {}
    kind = {"ResourceType": "APPLICATION_LOAD_BALANCER"}
    answer = aws.call(service(scope), "list_resources_for_web_acl", NOT_THERE, WebACLArn=acl["ARN"], **kind)
    return {"protects": frozenset(answer.get("ResourceArns", ()))}
