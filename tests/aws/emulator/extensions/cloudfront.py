# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudFront with versions: what moto lacks of it, and what moto does otherwise.

moto gives each thing one ETag for ever, asks for no If-Match, keeps half of a distribution's configuration, and has
neither policies, published functions nor continuous deployment.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from moto.cloudfront import models, urls
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import CloudFrontBackend, Distribution, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult

_API = "{0}/2020-05-31"

# -- versions --------------------------------------------------------------------------------
# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html: a missing If-Match is
# InvalidIfMatchVersion, one that is not the current ETag PreconditionFailed, and each update gives a new ETag.


def _must_match(thing: Any, given: str | None) -> None:
    if not given:
        raise CloudFrontException("InvalidIfMatchVersion", "The If-Match version is missing or not valid.")
    if given != thing.etag:
        raise CloudFrontException("PreconditionFailed", "The precondition given in If-Match evaluated to false.")


# -- distributions ---------------------------------------------------------------------------


class Config(dict[str, Any]):
    """A distribution's configuration just as it was given, with what AWS fills in."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(copy.deepcopy(dict(given)))
        self.caller_reference = self["CallerReference"]
        self.setdefault("Staging", False)
        # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html
        if self.setdefault("ViewerCertificate", {}).get("CloudFrontDefaultCertificate", True):
            self["ViewerCertificate"] = {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"}
        for origin in self["Origins"]["Items"]:
            origin.setdefault("ConnectionAttempts", 3)
            origin.setdefault("ConnectionTimeout", 10)


models.DistributionConfig = Config  # type: ignore[misc, assignment]


def _of_config(self: Distribution, name: str) -> Any:
    words = {"web_acl_id": "WebACLId", "is_ipv6_enabled": "IsIPV6Enabled"}
    config = self.__dict__.get("distribution_config", {})
    key = name if name in config else words.get(name, "".join(part.capitalize() for part in name.split("_")))
    if key in config:
        return config[key]
    raise AttributeError(name)


Distribution.__getattr__ = _of_config  # type: ignore[method-assign]


def _dispatched(backend: CloudFrontBackend, its_id: str) -> Distribution:
    return backend.get_distribution(its_id)[0]


def _refers(config: Mapping[str, Any]) -> set[str]:
    """What a configuration refers to: policies, access controls and functions."""
    behaviors = [config["DefaultCacheBehavior"], *(config.get("CacheBehaviors") or {}).get("Items", ())]
    found = {origin.get("OriginAccessControlId", "") for origin in config["Origins"]["Items"]}
    for one in behaviors:
        found |= {one.get("CachePolicyId", ""), one.get("ResponseHeadersPolicyId", "")}
        found |= {its["FunctionARN"] for its in one.get("FunctionAssociations", {}).get("Items", ())}
    return found


def _versioned_anew(distribution: Distribution) -> None:
    distribution.etag, distribution.status = random_id(), "InProgress"


def _in_use(backend: CloudFrontBackend, what: str, word: str) -> None:
    if any(what in _refers(one.distribution_config) for one in backend.distributions.values()):
        raise CloudFrontException(f"{word}InUse", f"{what} is used by a distribution.")


def _checked(backend: CloudFrontBackend, config: Mapping[str, Any]) -> None:
    """AWS refuses a reference to a policy that is not there."""
    # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistributionWithTags.html#API_CreateDistributionWithTags_Errors
    for one in [config["DefaultCacheBehavior"], *(config.get("CacheBehaviors") or {}).get("Items", ())]:
        policy = one.get("CachePolicyId", "")
        if "-" not in policy and policy not in {its.id for its in backend.cache_policies.values()}:
            raise CloudFrontException("NoSuchCachePolicy", "The cache policy does not exist.")


def _update_distribution(
    self: CloudFrontBackend, dist_config: dict[str, Any], _id: str, if_match: str
) -> tuple[Distribution, str, str]:
    distribution = _dispatched(self, _id)
    _must_match(distribution, if_match)
    _checked(self, dist_config)
    distribution.distribution_config = Config(dist_config)
    _versioned_anew(distribution)
    return distribution, distribution.location, distribution.etag


def _delete_distribution(self: CloudFrontBackend, distribution_id: str, if_match: str) -> None:
    """Only a disabled one: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html"""
    distribution = _dispatched(self, distribution_id)
    _must_match(distribution, if_match)
    if distribution.distribution_config["Enabled"]:
        raise CloudFrontException("DistributionNotDisabled", "The distribution you are trying to delete is enabled.")
    del self.distributions[distribution_id]
    self.invalidations.pop(distribution_id, None)
    self.tagger.delete_all_tags_for_resource(distribution.arn)


CloudFrontBackend.update_distribution = _update_distribution  # type: ignore[method-assign]
CloudFrontBackend.delete_distribution = _delete_distribution  # type: ignore[method-assign]

# -- policies and access controls ------------------------------------------------------------


def _versioned(word: str, snake: str, plural: str, in_list: Callable[[Any], dict[str, Any]]) -> None:
    """A resource that is created, read, listed, updated and deleted as all of CloudFront's policies are.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCachePolicy.html and its siblings.
    """
    operations = snake.replace("-", "_")
    store = plural.replace("-", "_")

    def kept(self: CloudFrontResponse) -> dict[str, Any]:
        things: dict[str, Any] = self.backend.__dict__.setdefault(store, {})
        return things

    def told(thing: Any) -> ActionResult:
        described = {"Id": thing.id, "LastModifiedTime": datetime.now(UTC), f"{word}Config": thing.config}
        return ActionResult({word: described, "ETag": thing.etag, "Location": thing.id})

    def the_one(self: CloudFrontResponse) -> Any:
        for thing in kept(self).values():
            if thing.id == self._get_param("Id"):
                return thing
        raise CloudFrontException(f"NoSuch{word}", f"The {snake} does not exist.")

    def create(self: CloudFrontResponse) -> ActionResult:
        config = self._get_param(f"{word}Config")
        made = SimpleNamespace(id=random_id(), etag=random_id(), config=config)
        alike = [key for key in ("Name", "StagingDistributionDnsNames") if key in config]
        if any(one.config[key] == config[key] for one in kept(self).values() for key in alike):
            raise CloudFrontException(f"{word}AlreadyExists", f"A {snake} like this exists already.")
        kept(self)[config.get("Name", made.id)] = made
        return told(made)

    def get(self: CloudFrontResponse) -> ActionResult:
        return told(the_one(self))

    def update(self: CloudFrontResponse) -> ActionResult:
        thing = the_one(self)
        _must_match(thing, self._get_param("IfMatch"))
        thing.config, thing.etag = self._get_param(f"{word}Config"), random_id()
        return told(thing)

    def delete(self: CloudFrontResponse) -> EmptyResult:
        thing = the_one(self)
        _must_match(thing, self._get_param("IfMatch"))
        _in_use(self.backend, thing.id, word)
        for name in [name for name, one in kept(self).items() if one is thing]:
            del kept(self)[name]
        return EmptyResult()

    def list_all(self: CloudFrontResponse) -> ActionResult:
        found = [in_list(thing) for thing in kept(self).values()]
        return ActionResult({f"{word}List": {"Quantity": len(found), "MaxItems": 100, "Items": found}})

    for name, method in {
        f"create_{operations}": create,
        f"get_{operations}": get,
        f"update_{operations}": update,
        f"delete_{operations}": delete,
        f"list_{store}": list_all,
    }.items():
        setattr(CloudFrontResponse, name, method)
    urls.url_paths[f"{_API}/{snake}$"] = CloudFrontResponse.dispatch
    urls.url_paths[f"{_API}/{snake}/(?P<thing>[^/]+)$"] = CloudFrontResponse.dispatch
    urls.url_paths[f"{_API}/{snake}/(?P<thing>[^/]+)/config$"] = CloudFrontResponse.dispatch


def _custom(word: str) -> Callable[[Any], dict[str, Any]]:
    return lambda thing: {"Type": "custom", word: {"Id": thing.id, f"{word}Config": thing.config}}


_init = CloudFrontBackend.__init__


def _with_policies(self: CloudFrontBackend, region_name: str, account_id: str) -> None:
    _init(self, region_name, account_id)
    self.cache_policies: dict[str, Any] = {}


CloudFrontBackend.__init__ = _with_policies  # type: ignore[method-assign]
_versioned("CachePolicy", "cache-policy", "cache-policies", _custom("CachePolicy"))
_versioned(
    "ResponseHeadersPolicy", "response-headers-policy", "response-headers-policies", _custom("ResponseHeadersPolicy")
)
_versioned(
    "OriginAccessControl",
    "origin-access-control",
    "origin-access-controls",
    lambda thing: {"Id": thing.id, **thing.config},
)
_versioned(
    "ContinuousDeploymentPolicy",
    "continuous-deployment-policy",
    "continuous-deployment-policies",
    lambda thing: {"ContinuousDeploymentPolicy": {"Id": thing.id, "ContinuousDeploymentPolicyConfig": thing.config}},
)

# -- functions -------------------------------------------------------------------------------
# Two stages: what is updated, and what serves since it was published.
# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_PublishFunction.html


def _summary(function: Any, stage: str, config: Mapping[str, Any], status: str) -> dict[str, Any]:
    metadata = {**function.function_summary["FunctionMetadata"], "Stage": stage}
    return {"Name": function.name, "Status": status, "FunctionConfig": config, "FunctionMetadata": metadata}


def _stages(function: Any) -> list[dict[str, Any]]:
    live = getattr(function, "live", None)
    stages = [_summary(function, "DEVELOPMENT", function.config, "UNPUBLISHED" if live is None else "UNASSOCIATED")]
    return stages if live is None else [*stages, _summary(function, "LIVE", live, "UNASSOCIATED")]


def _update_function(self: CloudFrontResponse) -> ActionResult:
    function = self.backend.describe_function(self._get_param("Name"))
    _must_match(function, self._get_param("IfMatch"))
    function.config, function.code = self._get_param("FunctionConfig"), self._get_param("FunctionCode")
    function.etag = random_id()
    return ActionResult({"FunctionSummary": _stages(function)[0], "ETag": function.etag})


def _publish_function(self: CloudFrontResponse) -> ActionResult:
    function = self.backend.describe_function(self._get_param("Name"))
    _must_match(function, self._get_param("IfMatch"))
    function.live = dict(function.config)  # type: ignore[attr-defined]
    return ActionResult({"FunctionSummary": _stages(function)[-1]})


def _list_functions(self: CloudFrontResponse) -> ActionResult:
    found = [stage for function in self.backend.functions.values() for stage in _stages(function)]
    return ActionResult({"FunctionList": {"Quantity": len(found), "MaxItems": 100, "Items": found}})


def _delete_function(self: CloudFrontBackend, name: str, if_match: str) -> None:
    function = self.describe_function(name)
    _must_match(function, if_match)
    _in_use(self, function.arn, "Function")
    del self.functions[name]
    self.tagger.delete_all_tags_for_resource(function.arn)


CloudFrontResponse.update_function = _update_function  # type: ignore[attr-defined]
CloudFrontResponse.publish_function = _publish_function  # type: ignore[attr-defined]
CloudFrontResponse.list_functions = _list_functions  # type: ignore[method-assign]
CloudFrontBackend.delete_function = _delete_function  # type: ignore[method-assign]
urls.url_paths[f"{_API}/function/(?P<function_name>[^/]+)/publish$"] = CloudFrontResponse.dispatch

# -- continuous deployment -------------------------------------------------------------------


def _copy_distribution(self: CloudFrontResponse) -> ActionResult:
    """https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CopyDistribution.html"""
    primary = _dispatched(self.backend, self._get_param("PrimaryDistributionId"))
    _must_match(primary, self._get_param("IfMatch"))
    config = {
        **primary.distribution_config,
        "CallerReference": self._get_param("CallerReference"),
        "Enabled": self._get_param("Enabled", True),
        "Staging": self._get_param("Staging", False),
        "Aliases": {"Quantity": 0},
        "ContinuousDeploymentPolicyId": "",
    }
    copied, location, etag = self.backend.create_distribution(config, [])
    return ActionResult({"Distribution": copied, "Location": location, "ETag": etag})


def _promote(self: CloudFrontResponse) -> ActionResult:
    """The primary keeps its aliases and its policy, which is disabled; If-Match has both versions.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistributionWithStagingConfig.html
    """
    primary = _dispatched(self.backend, self._get_param("Id"))
    staging = _dispatched(self.backend, self._get_param("StagingDistributionId"))
    versions = [part.strip() for part in (self._get_param("IfMatch") or "").split(",")]
    _must_match(primary, versions[0])
    _must_match(staging, versions[-1])
    kept = ("CallerReference", "Aliases", "ContinuousDeploymentPolicyId", "Staging")
    before = primary.distribution_config
    primary.distribution_config = Config(
        {**staging.distribution_config, **{key: before[key] for key in kept if key in before}}
    )
    _versioned_anew(primary)
    for policy in self.backend.__dict__.get("continuous_deployment_policies", {}).values():
        if policy.id == before.get("ContinuousDeploymentPolicyId"):
            policy.config, policy.etag = {**policy.config, "Enabled": False}, random_id()
    return ActionResult({"Distribution": primary, "ETag": primary.etag})


CloudFrontResponse.copy_distribution = _copy_distribution  # type: ignore[attr-defined]
CloudFrontResponse.update_distribution_with_staging_config = _promote  # type: ignore[attr-defined]
for _path in ("copy", "promote-staging-config"):
    urls.url_paths[f"{_API}/distribution/(?P<distribution_id>[^/]+)/{_path}$"] = CloudFrontResponse.dispatch
