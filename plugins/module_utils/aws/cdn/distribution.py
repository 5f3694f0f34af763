# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A distribution's configuration, in AWS's words and in those of its declaration. Pure.

API: Amazon CloudFront, version 2020-05-31, ``DistributionConfig``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...rollout.split import COLORS
from .colors import color_of, generic, recolored
from .strategies import MANAGED

_READ = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS = {"read": _READ, "all": _READ | {"PUT", "POST", "PATCH", "DELETE"}}
_POLICIES = {
    "cache_policy": "CachePolicyId",
    "origin_request_policy": "OriginRequestPolicyId",
    "response_headers_policy": "ResponseHeadersPolicyId",
}
# What a behavior without policies has instead of them: AWS refuses both at once.
_BEFORE_POLICIES = ("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL")
#: What of a configuration that can be declared is not told by CloudFront's list of distributions.
LEFT_OUT = ("DefaultRootObject", "Logging", "CacheTagConfig")
_GEO = {"only": "whitelist", "never": "blacklist"}


def listed(items: Iterable[Any]) -> dict[str, Any]:
    """A list as this API takes it."""
    items = list(items)
    return {"Quantity": len(items), **({"Items": items} if items else {})}


def items(of: Mapping[str, Any] | None) -> list[Any]:
    """What is in a list as this API gives it."""
    return list((of or {}).get("Items") or ())


# -- to AWS ----------------------------------------------------------------------------------


def configured(properties: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration *before*, brought to *properties*; what they do not mention stays, and so does its color."""
    origins = {one["Id"]: one for one in items(before.get("Origins"))}
    behaviors = {one["PathPattern"]: one for one in items(before.get("CacheBehaviors"))}
    after = {
        **before,
        "Enabled": properties["enabled"],
        "Origins": listed(_origin(one, origins.get(one["name"], {})) for one in properties["origins"]),
        "DefaultCacheBehavior": _behavior(properties["default"], before.get("DefaultCacheBehavior", {})),
        "CacheBehaviors": listed(
            {**_behavior(one, behaviors.get(one["path"], {})), "PathPattern": one["path"]}
            for one in properties["behaviors"]
        ),
        "Aliases": listed(sorted(properties["aliases"])),
        "ViewerCertificate": _certificate(properties),
        "WebACLId": properties["web_acl"],
        "HttpVersion": properties["http_version"],
        "IsIPV6Enabled": properties["ipv6"],
        "PriceClass": f"PriceClass_{properties['price_class']}",
        "DefaultRootObject": properties["root_object"],
        "CustomErrorResponses": listed(map(_error, properties["errors"])),
        "Logging": _logging(properties["logs"] or {}),
        "Restrictions": {"GeoRestriction": _geo(properties["geo"])},
    }
    after.pop("CacheTagConfig", None)
    if properties["cache_tag_header"]:
        after["CacheTagConfig"] = {"HeaderName": properties["cache_tag_header"]}
    return recolored(after, color_of(before) or COLORS[0])


def _origin(words: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in before.items() if key not in ("S3OriginConfig", "CustomOriginConfig")}
    shield = {"OriginShieldRegion": words["shield"]} if words["shield"] else {}
    if words["access_control"]:
        kind: dict[str, Any] = {"S3OriginConfig": {"OriginAccessIdentity": ""}}
    else:
        kind = {
            "CustomOriginConfig": {
                "OriginKeepaliveTimeout": 5,
                **before.get("CustomOriginConfig", {}),
                "HTTPPort": 80,
                "HTTPSPort": 443,
                "OriginProtocolPolicy": "https-only",
                "OriginSslProtocols": listed(["TLSv1.2"]),
                "OriginReadTimeout": words["timeout"],
            }
        }
    return {
        **kept,
        **kind,
        "Id": words["name"],
        "DomainName": words["domain"],
        "OriginPath": words["path"],
        "OriginAccessControlId": words["access_control"],
        "OriginShield": {"Enabled": bool(shield), **shield},
        "CustomHeaders": listed({"HeaderName": name, "HeaderValue": value} for name, value in words["headers"]),
    }


def _behavior(words: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in before.items() if key not in (*_POLICIES.values(), *_BEFORE_POLICIES)}
    return {
        # AWS wants these to be there, whatever they say.
        "SmoothStreaming": False,
        "FieldLevelEncryptionId": "",
        "LambdaFunctionAssociations": listed(()),
        **kept,
        **{key: MANAGED.get(words[word], words[word]) for word, key in _POLICIES.items() if words[word]},
        "TargetOriginId": words["origin"],
        "ViewerProtocolPolicy": words["viewers"],
        "Compress": words["compress"],
        "AllowedMethods": {
            **listed(sorted(_METHODS[words["methods"]])),
            "CachedMethods": listed(["GET", "HEAD"]),
        },
        "FunctionAssociations": listed(
            {"EventType": event, "FunctionARN": function} for event, function in words["functions"]
        ),
    }


def _certificate(words: Mapping[str, Any]) -> dict[str, Any]:
    if not words["certificate"]:
        return {"CloudFrontDefaultCertificate": True}
    return {
        "ACMCertificateArn": words["certificate"],
        "SSLSupportMethod": "sni-only",
        "MinimumProtocolVersion": words["tls_policy"],
        "CloudFrontDefaultCertificate": False,
    }


def _error(words: Mapping[str, Any]) -> dict[str, Any]:
    page = {"ResponsePagePath": words["page"], "ResponseCode": str(words["answer"])} if words["page"] else {}
    return {"ErrorCode": words["status"], "ErrorCachingMinTTL": words["ttl"], **page}


def _logging(words: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Enabled": bool(words),
        "Bucket": words.get("bucket", ""),
        "Prefix": words.get("prefix", ""),
        "IncludeCookies": words.get("cookies", False),
    }


def _geo(words: Mapping[str, Any]) -> dict[str, Any]:
    for key, places in words.items():
        return {"RestrictionType": _GEO[key], **listed(sorted(places))}
    return {"RestrictionType": "none", "Quantity": 0}


# -- from AWS --------------------------------------------------------------------------------


def in_words(config: Mapping[str, Any]) -> dict[str, Any]:
    """A distribution's configuration as its declaration would say it."""
    certificate = config.get("ViewerCertificate", {})
    logs = config.get("Logging", {})
    geo = config.get("Restrictions", {}).get("GeoRestriction", {})
    words = {value: key for key, value in _GEO.items()}
    return {
        "enabled": config["Enabled"],
        "origins": sorted(map(_origin_in_words, items(config["Origins"])), key=lambda one: str(one["name"])),
        "default": _behavior_in_words(config["DefaultCacheBehavior"]),
        "behaviors": [
            {"path": one["PathPattern"], **_behavior_in_words(one)} for one in items(config.get("CacheBehaviors"))
        ],
        "aliases": frozenset(items(config.get("Aliases"))),
        "certificate": certificate.get("ACMCertificateArn", ""),
        "tls_policy": certificate.get("MinimumProtocolVersion", ""),
        "web_acl": config.get("WebACLId", ""),
        "http_version": config.get("HttpVersion", "").lower(),
        "ipv6": config.get("IsIPV6Enabled", False),
        "price_class": config.get("PriceClass", "").removeprefix("PriceClass_"),
        "root_object": config.get("DefaultRootObject", ""),
        "cache_tag_header": (config.get("CacheTagConfig") or {}).get("HeaderName", ""),
        "errors": sorted(
            map(_error_in_words, items(config.get("CustomErrorResponses"))), key=lambda one: int(one["status"])
        ),
        "logs": {"bucket": logs["Bucket"], "prefix": logs["Prefix"], "cookies": logs["IncludeCookies"]}
        if logs.get("Enabled")
        else False,
        "geo": {words[geo["RestrictionType"]]: frozenset(items(geo))} if geo.get("RestrictionType") in words else {},
    }


def _origin_in_words(origin: Mapping[str, Any]) -> dict[str, Any]:
    custom = origin.get("CustomOriginConfig")
    headers = items(origin.get("CustomHeaders"))
    return {
        "name": origin["Id"],
        "domain": origin["DomainName"],
        "path": generic(origin.get("OriginPath", "")),
        "access_control": origin.get("OriginAccessControlId", ""),
        "shield": origin.get("OriginShield", {}).get("OriginShieldRegion", ""),
        "headers": sorted([one["HeaderName"], generic(one["HeaderValue"])] for one in headers),
        **({"timeout": custom.get("OriginReadTimeout")} if custom else {}),
    }


def _behavior_in_words(behavior: Mapping[str, Any]) -> dict[str, Any]:
    managed = {value: key for key, value in MANAGED.items()}
    policies = {word: behavior.get(key, "") for word, key in _POLICIES.items()}
    methods = frozenset(items(behavior.get("AllowedMethods")))
    functions = items(behavior.get("FunctionAssociations"))
    return {
        "origin": behavior["TargetOriginId"],
        **{word: managed.get(value, value) for word, value in policies.items()},
        "methods": next((word for word, these in _METHODS.items() if these == methods), sorted(methods)),
        "viewers": behavior["ViewerProtocolPolicy"],
        "compress": behavior.get("Compress", False),
        "functions": sorted([one["EventType"], one["FunctionARN"]] for one in functions),
    }


def _error_in_words(error: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "status": error["ErrorCode"],
        "page": error.get("ResponsePagePath", ""),
        "answer": int(error.get("ResponseCode") or error["ErrorCode"]),
        "ttl": error.get("ErrorCachingMinTTL"),
    }
