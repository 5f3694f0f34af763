# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a content delivery network is made, changed and removed.

Every write carries the version that it is based on (``If-Match``), so that what somebody else has changed meanwhile is
never overwritten.

API: Amazon CloudFront, version 2020-05-31.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..parts import Parts, said
from ..resource import Found, StackError, Wanted
from ..session import Aws
from . import found as description
from .declared import ACCESS, CACHE, CONFIG, DISTRIBUTION, FUNCTION, HEADERS, SORTS
from .distribution import LEFT_OUT, configured
from .found import ids_of, mark
from .policies import cache_policy, headers_policy

# A change reaches all of CloudFront's places within minutes; AWS gives no limit.
_DEPLOYED = {"Delay": 15, "MaxAttempts": 160}


class CloudFront:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws, parts: Parts) -> None:
        self.aws = aws
        self.parts = parts

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        return self.aws.call("cloudfront", operation, *absent, **parameters)

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids  # each can be referred to at once


class _Part(CloudFront):
    """A resource that behaviors or origins refer to, of which AWS's operations are alike.

    A name is used once in an account: a run that died, or an answer that was lost, is recognised by it.
    """

    name = ""
    #: Its name in AWS's words, in the parameters and in the operations.
    shape = ""
    snake = ""

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        self.parts.remember(SORTS[self.name])
        made = self.call(f"create_{self.snake}", f"{self.shape}AlreadyExists", **self._config(wanted))
        if made:
            return {"id": made[self.shape]["Id"]}
        for found in description.READERS[self.name](self.aws):
            if found.address == wanted.address and found.ours:
                return found.ids
        raise StackError(f"{wanted.address} exists already and does not belong to this stack")

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        version = self.call(f"get_{self.snake}", Id=found.ids["id"])["ETag"]
        self.call(f"update_{self.snake}", Id=found.ids["id"], IfMatch=version, **self._config(wanted))

    def delete(self, found: Found) -> None:
        gone = f"NoSuch{self.shape}"
        if there := self.call(f"get_{self.snake}", gone, Id=found.ids["id"]):
            self.call(f"delete_{self.snake}", gone, Id=found.ids["id"], IfMatch=there["ETag"])

    def _config(self, wanted: Wanted) -> dict[str, Any]:
        config = {"Name": wanted.address.name, "Comment": mark(self.aws.stack), **self.parameters(wanted.properties)}
        return {f"{self.shape}Config": config}

    def parameters(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


class OriginAccessControl(_Part):
    """What lets CloudFront, and nobody else, read a bucket."""

    name, shape, snake = ACCESS, "OriginAccessControl", "origin_access_control"

    def _config(self, wanted: Wanted) -> dict[str, Any]:
        config = super()._config(wanted)["OriginAccessControlConfig"]
        config["Description"] = config.pop("Comment")
        return {"OriginAccessControlConfig": config}

    def parameters(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "SigningProtocol": "sigv4",
            "SigningBehavior": properties["signs"],
            "OriginAccessControlOriginType": properties["origins"],
        }


class CachePolicy(_Part):
    """A strategy of caching."""

    name, shape, snake = CACHE, "CachePolicy", "cache_policy"
    parameters = staticmethod(cache_policy)  # type: ignore[assignment]


class ResponseHeadersPolicy(_Part):
    """The headers that viewers get with every answer."""

    name, shape, snake = HEADERS, "ResponseHeadersPolicy", "response_headers_policy"
    parameters = staticmethod(headers_policy)  # type: ignore[assignment]


class Function(CloudFront):
    """A function at the edge. What is published is what serves: a run that died before that goes on with it."""

    name = FUNCTION

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        self.parts.remember(SORTS[self.name])
        tags = {"Tags": {"Items": self.aws.tags(wanted.address.name)}}
        made = self.call("create_function", "FunctionAlreadyExists", **self._parameters(wanted), **tags)
        if not made:
            return self._updated(wanted)
        self._publish(wanted.address.name, made["ETag"])
        return _function_ids(made)

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self._updated(wanted)

    def delete(self, found: Found) -> None:
        name = found.address.name
        if there := self.call("describe_function", "NoSuchFunctionExists", Name=name):
            self.call("delete_function", "NoSuchFunctionExists", Name=name, IfMatch=there["ETag"])

    def _updated(self, wanted: Wanted) -> Mapping[str, str]:
        there = self.call("describe_function", Name=wanted.address.name, Stage="DEVELOPMENT")
        comment = there["FunctionSummary"]["FunctionConfig"]["Comment"]
        if comment.partition(" ")[0] != mark(self.aws.stack):
            raise StackError(f"{wanted.address} exists already and does not belong to this stack")
        changed = self.call("update_function", IfMatch=there["ETag"], **self._parameters(wanted))
        self._publish(wanted.address.name, changed["ETag"])
        return _function_ids(there)

    def _publish(self, name: str, version: str) -> None:
        self.call("publish_function", Name=name, IfMatch=version)

    def _parameters(self, wanted: Wanted) -> dict[str, Any]:
        comment = mark(self.aws.stack, wanted.properties["code"])
        return {
            "Name": wanted.address.name,
            "FunctionConfig": {"Comment": comment, "Runtime": wanted.properties["runtime"]},
            "FunctionCode": wanted.once["code"].encode(),
        }


def tell(aws: Aws, sorts: AbstractSet[str]) -> None:
    """Have the distribution, and its copy, say of which *sorts* there have been parts."""
    comment = mark(aws.stack, said(sorts))
    for one in description.summaries(aws):
        there = aws.call("cloudfront", "get_distribution_config", Id=one["Id"])
        config = {**there["DistributionConfig"], "Comment": comment}
        aws.call("cloudfront", "update_distribution", Id=one["Id"], IfMatch=there["ETag"], DistributionConfig=config)


def _function_ids(answer: Mapping[str, Any]) -> dict[str, str]:
    arn = answer["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    return {"id": arn, "arn": arn}


class Distribution(CloudFront):
    """The distribution. Its domain name goes with it, which others may have in their DNS."""

    name = DISTRIBUTION
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        # A reference of its own for each: a call that botocore repeats is known by it, and none is used twice.
        comment = mark(self.aws.stack, said(self.parts.sorts))
        before = {"CallerReference": str(uuid.uuid4()), "Comment": comment}
        made = self.call(
            "create_distribution_with_tags",
            "DistributionAlreadyExists",
            DistributionConfigWithTags={
                "DistributionConfig": configured(wanted.properties, before),
                "Tags": {"Items": self.aws.tags(wanted.address.name)},
            },
        )
        return ids_of(made["Distribution"]) if made else self.lost(wanted)

    def own(self, found: Found) -> None:
        """Raises StackError where a distribution, for which its comment has spoken so far, lacks the stack's tag."""
        self.aws.own(found.address, description.tags(self.aws, found.ids["arn"]))

    def lost(self, wanted: Wanted) -> Mapping[str, str]:
        """The ids of one whose making was not answered."""
        for found in description.distributions(self.aws):
            if found.address == wanted.address:
                return found.ids
        raise StackError(f"AWS says that {wanted.address} exists already and does not list it: run this again")

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self.own(found)
        if any(wanted.properties[one] for one in ("root_object", "logs", "cache_tag_header")):
            self.parts.remember(CONFIG)
        there = self.call("get_distribution_config", Id=found.ids["id"])
        before = there["DistributionConfig"]
        # What was not looked at stays as it is.
        kept = {} if self.parts.sought(CONFIG) else {key: before[key] for key in LEFT_OUT if key in before}
        config = {**configured(wanted.properties, before), **kept}
        self.call("update_distribution", Id=found.ids["id"], IfMatch=there["ETag"], DistributionConfig=config)

    def delete(self, found: Found) -> None:
        """Only one that is disabled, everywhere, can be deleted: that takes minutes."""
        its_id = found.ids["id"]
        there = self.call("get_distribution_config", "NoSuchDistribution", Id=its_id)
        if not there:
            return
        self.own(found)
        version = there["ETag"]
        if there["DistributionConfig"]["Enabled"]:
            disabled = {**there["DistributionConfig"], "Enabled": False}
            version = self.call("update_distribution", Id=its_id, IfMatch=version, DistributionConfig=disabled)["ETag"]
        with self.aws.waiting(f"{found.address} to be disabled everywhere"):
            self.aws.client("cloudfront").get_waiter("distribution_deployed").wait(Id=its_id, WaiterConfig=_DEPLOYED)
        self.call("delete_distribution", "NoSuchDistribution", Id=its_id, IfMatch=version)
