# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policies of a distribution's behaviors, in AWS's words and in those of their declaration. Pure.

API: Amazon CloudFront, version 2020-05-31.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from .distribution import items, listed
from .strategies import EVERY

# -- caching ---------------------------------------------------------------------------------


def cache_policy(words: Mapping[str, Any]) -> dict[str, Any]:
    """``CachePolicyConfig`` without its name."""
    return {
        "DefaultTTL": words["ttl"],
        "MinTTL": words["min_ttl"],
        "MaxTTL": words["max_ttl"],
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": True,
            "EnableAcceptEncodingBrotli": True,
            "HeadersConfig": _names("Header", words["headers"]),
            "CookiesConfig": _names("Cookie", words["cookies"]),
            "QueryStringsConfig": _names("QueryString", words["query_strings"]),
        },
    }


def cache_policy_in_words(config: Mapping[str, Any]) -> dict[str, Any]:
    """A cache policy as its declaration would say it."""
    key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    return {
        "ttl": config["DefaultTTL"],
        "min_ttl": config["MinTTL"],
        "max_ttl": config["MaxTTL"],
        "headers": _names_in_words("Header", key["HeadersConfig"]),
        "cookies": _names_in_words("Cookie", key["CookiesConfig"]),
        "query_strings": _names_in_words("QueryString", key["QueryStringsConfig"]),
    }


def _names(what: str, names: AbstractSet[str]) -> dict[str, Any]:
    if EVERY in names:
        return {f"{what}Behavior": "all"}
    if not names:
        return {f"{what}Behavior": "none"}
    return {f"{what}Behavior": "whitelist", f"{what}s": listed(sorted(names))}


def _names_in_words(what: str, config: Mapping[str, Any]) -> frozenset[str]:
    if config[f"{what}Behavior"] == "all":
        return frozenset([EVERY])
    but = "!" if config[f"{what}Behavior"] == "allExcept" else ""
    return frozenset(but + name for name in items(config.get(f"{what}s")))


# -- headers of answers ----------------------------------------------------------------------


def headers_policy(words: Mapping[str, Any]) -> dict[str, Any]:
    """``ResponseHeadersPolicyConfig`` without its name. What the origin itself says of CORS is replaced."""
    security: dict[str, Any] = {
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"Override": True, "FrameOption": words["frames"]},
        "ReferrerPolicy": {"Override": True, "ReferrerPolicy": words["referrer"]},
    }
    if words["hsts"]:
        security["StrictTransportSecurity"] = {"Override": True, "AccessControlMaxAgeSec": words["hsts"]}
    if words["content_security_policy"]:
        security["ContentSecurityPolicy"] = {
            "Override": True,
            "ContentSecurityPolicy": words["content_security_policy"],
        }
    return {
        "SecurityHeadersConfig": security,
        **({"CorsConfig": _cors(words["cors"])} if words["cors"] else {}),
        "CustomHeadersConfig": listed(
            {"Header": name, "Value": value, "Override": True} for name, value in words["custom"]
        ),
    }


def _cors(cors: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "AccessControlAllowOrigins": listed(sorted(cors["origins"])),
        "AccessControlAllowMethods": listed(sorted(cors["methods"])),
        "AccessControlAllowHeaders": listed(sorted(cors["headers"])),
        **({"AccessControlExposeHeaders": listed(sorted(cors["expose"]))} if cors["expose"] else {}),
        "AccessControlAllowCredentials": cors["credentials"],
        "AccessControlMaxAgeSec": cors["max_age"],
        "OriginOverride": True,
    }


def headers_policy_in_words(config: Mapping[str, Any]) -> dict[str, Any]:
    """A response headers policy as its declaration would say it."""
    security = config.get("SecurityHeadersConfig") or {}
    cors = config.get("CorsConfig")
    custom = items(config.get("CustomHeadersConfig"))
    return {
        "hsts": security.get("StrictTransportSecurity", {}).get("AccessControlMaxAgeSec", 0),
        "frames": security.get("FrameOptions", {}).get("FrameOption", ""),
        "referrer": security.get("ReferrerPolicy", {}).get("ReferrerPolicy", ""),
        "content_security_policy": security.get("ContentSecurityPolicy", {}).get("ContentSecurityPolicy", ""),
        "cors": _cors_in_words(cors) if cors else False,
        "custom": sorted([one["Header"], one["Value"]] for one in custom),
    }


def _cors_in_words(cors: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "origins": frozenset(items(cors["AccessControlAllowOrigins"])),
        "methods": frozenset(items(cors["AccessControlAllowMethods"])),
        "headers": frozenset(items(cors["AccessControlAllowHeaders"])),
        "expose": frozenset(items(cors.get("AccessControlExposeHeaders"))),
        "credentials": cors["AccessControlAllowCredentials"],
        "max_age": cors.get("AccessControlMaxAgeSec"),
    }
