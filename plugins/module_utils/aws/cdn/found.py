# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A content delivery network as AWS describes it, in the words of its declaration.

Policies, functions and access controls are listed without their tags, and most have none: their comments have the
stack's mark. So has the distribution's, by which it is found among others; and of which sorts it has had parts.

API: Amazon CloudFront, version 2020-05-31, ``List*`` and ``Get*``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..declared import named
from ..parts import Parts
from ..resource import STACK_TAG, Address, Found
from ..session import Aws
from .declared import ACCESS, CACHE, CONFIG, DEPLOYMENT, DISTRIBUTION, FUNCTION, HEADERS, SORTS, STAGING
from .distribution import in_words, items
from .policies import cache_policy_in_words, headers_policy_in_words


def mark(stack: str, more: str = "") -> str:
    """The comment by which what has no tags is known as a *stack*'s; *more* is told with it."""
    return f"{STACK_TAG}={stack} {more}".rstrip()


def read(aws: Aws, parts: Parts) -> Iterator[Found]:
    """The distribution, and of access controls, policies and functions those that there may be; three calls deep."""
    there = summaries(aws)
    comments = [one["Comment"] for one in there if not one.get("Staging")]
    parts.read(comments[0].partition(" ")[2] if comments else None)
    sought = [kind for kind in READERS if parts.sought(SORTS[kind])]
    for found in aws.together(*(lambda of=READERS[kind]: list(of(aws)) for kind in sought)):
        parts.saw(SORTS[one.address.kind] for one in found if one.ours)
        yield from found
    yield from _described(aws, there, parts.sought(CONFIG) or len(there) > 1)


def pages(aws: Aws, operation: str, key: str, **parameters: Any) -> Iterator[Any]:
    """Each item of a list of CloudFront's; botocore has no paginators for most of them."""
    marker: dict[str, Any] = {}
    while True:
        page = aws.call("cloudfront", operation, **parameters, **marker).get(key, {})
        yield from items(page)
        if not page.get("NextMarker"):
            return
        marker = {"Marker": page["NextMarker"]}


def ids_of(distribution: Mapping[str, Any]) -> dict[str, str]:
    """What others know a distribution by."""
    return {"id": distribution["Id"], "arn": distribution["ARN"], "domain": distribution["DomainName"]}


def summaries(aws: Aws) -> list[dict[str, Any]]:
    """The stack's distributions as CloudFront lists them."""
    listing = pages(aws, "list_distributions", "DistributionList")
    return [one for one in listing if _marked(aws, one["Comment"])]


def _marked(aws: Aws, comment: str) -> bool:
    return comment.partition(" ")[0] == mark(aws.stack)


def distributions(aws: Aws) -> Iterator[Found]:
    """The stack's distribution, where there is one, and what is there for its continuous deployment."""
    yield from _described(aws, summaries(aws), whole=True)


def _described(aws: Aws, there: Sequence[Mapping[str, Any]], whole: bool) -> Iterator[Found]:
    """The distributions that are *there*, by their *whole* configurations where what lists leave out is needed."""
    configs = aws.together(*(lambda one=one: _config(aws, one) for one in there)) if whole else there
    primary, policy = "", ""
    for one, config in zip(there, configs):
        if config and not one.get("Staging"):
            primary, policy = one["Id"], config.get("ContinuousDeploymentPolicyId", "")
            yield Found(named(DISTRIBUTION, aws.stack), ids_of(one), in_words(config))
    for one, config in zip(there, configs):
        if config and one.get("Staging"):  # a copy, ours even before it has the tags
            tagged = aws.ours(tags(aws, one["ARN"]))
            words = {**in_words(config), "of": primary, "stack": aws.stack if tagged else ""}
            yield Found(named(STAGING, aws.stack), ids_of(one), words)
            yield from deployments(aws, one["DomainName"], {policy: primary})


def _config(aws: Aws, one: Mapping[str, Any]) -> dict[str, Any]:
    answer = aws.call("cloudfront", "get_distribution_config", "NoSuchDistribution", Id=one["Id"])
    config: dict[str, Any] = answer.get("DistributionConfig", {})
    return config


def tags(aws: Aws, arn: str) -> list[dict[str, str]]:
    """The tags of a distribution."""
    return items(aws.call("cloudfront", "list_tags_for_resource", "NoSuchResource", Resource=arn).get("Tags"))


def deployments(aws: Aws, staging: str, attached: Mapping[str, str]) -> Iterator[Found]:
    """The policy that sends viewers to the distribution with the domain name *staging*; it has no name of its own."""
    for one in pages(aws, "list_continuous_deployment_policies", "ContinuousDeploymentPolicyList"):
        policy = one["ContinuousDeploymentPolicy"]
        if staging in items(policy["ContinuousDeploymentPolicyConfig"]["StagingDistributionDnsNames"]):
            words = {"staging": staging, "of": attached.get(policy["Id"], "")}
            yield Found(named(DEPLOYMENT, aws.stack), {"id": policy["Id"]}, words)


def _accesses(aws: Aws) -> Iterator[Found]:
    for one in _named(aws, pages(aws, "list_origin_access_controls", "OriginAccessControlList")):
        words = {"origins": one["OriginAccessControlOriginType"], "signs": one["SigningBehavior"]}
        yield _found(aws, ACCESS, one, one["Id"], words)


def _cache_policies(aws: Aws) -> Iterator[Found]:
    policies = [one["CachePolicy"] for one in pages(aws, "list_cache_policies", "CachePolicyList", Type="custom")]
    ids = {one["CachePolicyConfig"]["Name"]: one["Id"] for one in policies}
    for config in _named(aws, (one["CachePolicyConfig"] for one in policies)):
        yield _found(aws, CACHE, config, ids[config["Name"]], cache_policy_in_words(config))


def _headers_policies(aws: Aws) -> Iterator[Found]:
    listing = pages(aws, "list_response_headers_policies", "ResponseHeadersPolicyList", Type="custom")
    policies = [one["ResponseHeadersPolicy"] for one in listing]
    ids = {one["ResponseHeadersPolicyConfig"]["Name"]: one["Id"] for one in policies}
    for config in _named(aws, (one["ResponseHeadersPolicyConfig"] for one in policies)):
        yield _found(aws, HEADERS, config, ids[config["Name"]], headers_policy_in_words(config))


def _functions(aws: Aws) -> Iterator[Found]:
    """Of each function the published stage, which is the one that serves; without one, its code counts as none."""
    stages: dict[str, dict[str, Any]] = {}
    for one in pages(aws, "list_functions", "FunctionList"):
        if one["Name"] not in stages or one["FunctionMetadata"].get("Stage") == "LIVE":
            stages[one["Name"]] = one
    for one in _named(aws, stages.values()):
        config, arn = one["FunctionConfig"], one["FunctionMetadata"]["FunctionARN"]
        code = "" if one.get("Status") == "UNPUBLISHED" else config["Comment"].rpartition(" ")[2]
        found = _found(aws, FUNCTION, {**one, "Comment": config["Comment"]}, arn, {"runtime": config["Runtime"]})
        yield Found(found.address, {"id": arn, "arn": arn}, {**found.properties, "code": code}, found.ours)


#: What reads the resources of each kind but distributions.
READERS = {ACCESS: _accesses, CACHE: _cache_policies, HEADERS: _headers_policies, FUNCTION: _functions}


def _named(aws: Aws, those: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Those whose names are the stack's or begin with it."""
    return (one for one in those if one["Name"] == aws.stack or one["Name"].startswith(f"{aws.stack}-"))


def _found(aws: Aws, kind: str, one: Mapping[str, Any], its_id: str, words: Mapping[str, Any]) -> Found:
    comment = one.get("Comment") or one.get("Description") or ""
    return Found(Address(kind, one["Name"]), {"id": its_id}, words, _marked(aws, comment))
