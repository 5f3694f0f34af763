# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A content delivery network as it is declared: a distribution, and the policies and functions of its behaviors."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..declared import named, only
from ..resource import Address, StackError, Wanted
from .colors import PLACE, generic
from .strategies import Strategy, strategies, wrong_with

ACCESS, CACHE, HEADERS = "origin access control", "cache policy", "response headers policy"
FUNCTION, DISTRIBUTION = "function", "distribution"
STAGING, DEPLOYMENT = "staging distribution", "deployment policy"
#: What the distribution tells of, besides itself, by kind; and what of itself its description in a list leaves out.
SORTS = {ACCESS: "access", CACHE: "cache", HEADERS: "headers", FUNCTION: "functions"}
CONFIG = "config"

#: The value of ``web_acl`` that stands for the stack's own.
OF_STACK = "stack"

# Regional, because the general name redirects for the first hours of a bucket:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistS3AndCustomOrigins.html
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]+\.s3\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/.+")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,30}")


def digest(code: str) -> str:
    """What tells a function's *code* from another: short enough for the comment that carries it."""
    return hashlib.sha256(code.encode()).hexdigest()[:32]


def sorts(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What is *declared* of each sort of parts that the distribution tells of; nothing by an empty declaration."""
    if not declared:
        return {}
    return {
        SORTS[ACCESS]: any(one["bucket"] for one in declared["origins"] or ()),
        SORTS[CACHE]: not all(one["cache_policy"] for one in (declared["default"], *declared["behaviors"])),
        SORTS[HEADERS]: declared["headers"],
        SORTS[FUNCTION]: declared["functions"],
        CONFIG: declared["root_object"] or declared["logs"] or declared["cache_tag_header"],
    }


def wanted(stack: str, declared: Mapping[str, Any], others: Collection[Address]) -> Iterator[Wanted]:
    """The resources of a network *declared* by :data:`ARGUMENTS`."""
    parts = list(_parts(stack, declared))
    yield from parts
    distribution, staging = named(DISTRIBUTION, stack), named(STAGING, stack)
    properties = _distribution(stack, declared, others)
    # After all parts, also those that it does not refer to: before one is made, the distribution may have to say so.
    yield Wanted(distribution, properties, after=[one.address for one in parts])
    if declared["continuous_deployment"]:
        yield Wanted(staging, {**properties, "aliases": frozenset(), "of": distribution.ref(), "stack": stack})
        yield Wanted(named(DEPLOYMENT, stack), {"staging": staging.ref("domain"), "of": distribution.ref()})


def _parts(stack: str, declared: Mapping[str, Any]) -> Iterator[Wanted]:
    """What behaviors and origins refer to."""
    if any(origin["bucket"] for origin in declared["origins"]):
        yield Wanted(named(ACCESS, stack), {"origins": "s3", "signs": "always"})
    known = strategies(declared["strategies"])
    behaviors = [declared["default"], *declared["behaviors"]]
    for name in sorted({one["strategy"] for one in behaviors if not one["cache_policy"]}):
        if known[name].caches:
            yield Wanted(named(CACHE, stack, name), known[name].key())
    if declared["headers"]:
        yield Wanted(named(HEADERS, stack), _headers(declared["headers"]))
    for function in declared["functions"]:
        yield Wanted(
            named(FUNCTION, stack, function["name"]),
            {"runtime": function["runtime"], "code": digest(function["code"])},
            once={"code": function["code"]},
        )


def _distribution(stack: str, declared: Mapping[str, Any], others: Collection[Address]) -> dict[str, Any]:
    behaviors = [{"path": one["path"], **_behavior(stack, one, declared)} for one in declared["behaviors"]]
    errors = sorted(declared["errors"], key=lambda one: one["status"])
    return {
        "enabled": True,
        "origins": [
            _origin(stack, one, others) for one in sorted(declared["origins"], key=lambda origin: origin["name"])
        ],
        "default": _behavior(stack, declared["default"], declared),
        "behaviors": behaviors,
        "aliases": frozenset(declared["aliases"]),
        **_certificate(stack, declared, others),
        "web_acl": _web_acl(stack, declared["web_acl"], others),
        "http_version": declared["http_version"],
        "ipv6": declared["ipv6"],
        "price_class": declared["price_class"],
        "root_object": declared["root_object"],
        "cache_tag_header": declared["cache_tag_header"],
        "errors": [{**one, "page": one["page"] or "", "answer": one["answer"] or one["status"]} for one in errors],
        "logs": declared["logs"] or False,
        "geo": {key: frozenset(places) for key, places in (declared["geo"] or {}).items() if places},
    }


def _origin(stack: str, origin: Mapping[str, Any], others: Collection[Address]) -> dict[str, Any]:
    words: dict[str, Any] = {
        "name": origin["name"],
        "path": generic(origin["path"]),
        "shield": origin["shield"] or "",
        "headers": [[name, generic(value)] for name, value in sorted(origin["headers"].items())],
    }
    if origin["bucket"]:
        return {**words, "domain": origin["bucket"], "access_control": named(ACCESS, stack).ref()}
    domain = origin["domain"] or only("load balancer", stack, others, "origins.domain").ref("dns_name")
    return {**words, "domain": domain, "access_control": "", "timeout": origin["timeout"]}


def _behavior(stack: str, behavior: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    origin = origin_of(behavior, declared)
    strategy = strategies(declared["strategies"])[behavior["strategy"]]
    cache = named(CACHE, stack, behavior["strategy"]).ref() if strategy.caches else "Managed-CachingDisabled"
    headers = named(HEADERS, stack).ref() if declared["headers"] else "Managed-SecurityHeadersPolicy"
    events = (("viewer-request", behavior["on_request"]), ("viewer-response", behavior["on_response"]))
    return {
        "origin": origin["name"],
        "cache_policy": behavior["cache_policy"] or cache,
        "origin_request_policy": behavior["origin_request_policy"] or _forwarded(origin, strategy, declared),
        "response_headers_policy": behavior["response_headers_policy"] or headers,
        "methods": "all" if strategy.forward else "read",
        # A redirected POST comes back as a GET: what is never kept is refused instead.
        "viewers": "redirect-to-https" if strategy.caches else "https-only",
        "compress": True,
        "functions": [[event, _function(stack, name)] for event, name in events if name],
    }


def origin_of(behavior: Mapping[str, Any], declared: Mapping[str, Any]) -> Mapping[str, Any]:
    """The origin that a *behavior* names; the first one where it names none. Raises StopIteration without any."""
    name = behavior["origin"] or declared["origins"][0]["name"]
    found: Mapping[str, Any] = next(origin for origin in declared["origins"] if origin["name"] == name)
    return found


def _forwarded(origin: Mapping[str, Any], strategy: Strategy, declared: Mapping[str, Any]) -> str:
    """The load balancer is asked for the name that the viewer asked for: that is what its certificate is for."""
    if origin["bucket"]:
        return "Managed-CORS-S3Origin" if declared["headers"] and declared["headers"]["cors"] else ""
    if origin["domain"]:
        return "Managed-AllViewerExceptHostHeader" if strategy.forward else ""
    return "Managed-AllViewer" if strategy.forward else "Managed-HostHeaderOnly"


def _function(stack: str, name: str) -> Any:
    return name if name.startswith("arn:") else named(FUNCTION, stack, name).ref("arn")


def _certificate(stack: str, declared: Mapping[str, Any], others: Collection[Address]) -> dict[str, Any]:
    if not declared["aliases"]:
        return {"certificate": ""}
    certificate = declared["certificate"] or only("certificate", stack, others, "certificate").ref("arn")
    return {"certificate": certificate, "tls_policy": declared["tls_policy"]}


def _web_acl(stack: str, web_acl: str | None, others: Collection[Address]) -> Any:
    return only("web acl", stack, others, "web_acl").ref("arn") if web_acl == OF_STACK else web_acl or ""


def _headers(headers: Mapping[str, Any]) -> dict[str, Any]:
    cors = headers["cors"]
    named_ones = ("origins", "methods", "headers", "expose")
    return {
        **{key: headers[key] for key in ("hsts", "frames", "referrer", "content_security_policy")},
        "cors": {**cors, **{key: frozenset(cors[key]) for key in named_ones}} if cors else False,
        "custom": [[name, str(value)] for name, value in sorted(headers["custom"].items())],
    }


# -- mistakes --------------------------------------------------------------------------------


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    if not declared["origins"]:
        return ["origins: expected one at least, but found none"]
    return [
        *_twice("origins", [one["name"] for one in declared["origins"]]),
        *_twice("behaviors", [one["path"] for one in declared["behaviors"]]),
        *_twice("functions", [one["name"] for one in declared["functions"]]),
        *_twice("strategies", [one["name"] for one in declared["strategies"]]),
        *_twice("errors", [str(one["status"]) for one in declared["errors"]]),
        *(mistake for one in declared["origins"] for mistake in _wrong_origin(one)),
        *(mistake for name, one in strategies(declared["strategies"]).items() for mistake in wrong_with(name, one)),
        *(mistake for one in declared["functions"] for mistake in _wrong_function(one)),
        *_wrong_behaviors(declared),
        *_wrong_names(declared),
        *_wrong_answers(declared),
        *_wrong_colors(declared),
    ]


def _twice(option: str, names: Sequence[str]) -> Iterator[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{option}: expected each once, but found {name} twice"


def _wrong_origin(origin: Mapping[str, Any]) -> Iterator[str]:
    where = f"origins.{origin['name']}"
    if origin["bucket"] and origin["domain"]:
        yield f"{where}: expected a bucket or a domain, but found both"
    if origin["bucket"] and not _BUCKET.fullmatch(origin["bucket"]):
        yield f"{where}.bucket: expected <name>.s3.<region>.amazonaws.com, but found {origin['bucket']!r}"
    if origin["path"] and (not origin["path"].startswith("/") or origin["path"].endswith("/")):
        yield f"{where}.path: expected a slash at its beginning and none at its end, but found {origin['path']!r}"
    if not 1 <= origin["timeout"] <= 120:
        yield f"{where}.timeout: expected 1 to 120 seconds, but found {origin['timeout']}"


def _wrong_function(function: Mapping[str, Any]) -> Iterator[str]:
    where = f"functions.{function['name']}"
    if not _FUNCTION_NAME.fullmatch(function["name"]):
        yield f"{where}: expected a name of at most 30 letters, digits, hyphens and underscores"
    if len(function["code"].encode()) > 10_240:
        yield f"{where}.code: expected at most 10240 bytes, but found {len(function['code'].encode())}"


def _wrong_behaviors(declared: Mapping[str, Any]) -> Iterator[str]:
    known = strategies(declared["strategies"])
    origins = [origin["name"] for origin in declared["origins"]]
    functions = [function["name"] for function in declared["functions"]]
    for where, behavior in [("default", declared["default"])] + [
        (f"behaviors.{one['path']}", one) for one in declared["behaviors"]
    ]:
        if behavior["strategy"] not in known:
            yield f"{where}.strategy: expected one of {', '.join(sorted(known))}, but found {behavior['strategy']!r}"
        if behavior["origin"] and behavior["origin"] not in origins:
            yield f"{where}.origin: expected one of {', '.join(sorted(origins))}, but found {behavior['origin']!r}"
        for event in ("on_request", "on_response"):
            name = behavior[event]
            if name and not name.startswith("arn:") and name not in functions:
                yield f"{where}.{event}: expected a declared function or an ARN, but found {name!r}"


def _wrong_names(declared: Mapping[str, Any]) -> Iterator[str]:
    certificate = declared["certificate"]
    if certificate and not declared["aliases"]:
        yield "certificate: expected aliases that it is for, but found none"
    if certificate and not _CERTIFICATE.fullmatch(certificate):
        yield (
            "certificate: expected the ARN of an ACM certificate in us-east-1, the only region that CloudFront takes"
            f" them from, but found {certificate!r}"
        )
    acl = declared["web_acl"]
    if acl and acl != OF_STACK and ":global/webacl/" not in acl:
        yield f"web_acl: expected {OF_STACK!r} or the ARN of a web ACL of scope CLOUDFRONT, but found {acl!r}"


def _wrong_answers(declared: Mapping[str, Any]) -> Iterator[str]:
    cors = declared["headers"] and declared["headers"]["cors"]
    if cors and cors["credentials"] and "*" in [*cors["origins"], *cors["headers"], *cors["methods"]]:
        yield "headers.cors: expected names and no '*' where credentials are allowed, as browsers do"
    for error in declared["errors"]:
        if error["answer"] and not error["page"]:
            yield f"errors.{error['status']}.page: expected a path, for an answer of {error['answer']} needs one"
        if error["page"] and not error["page"].startswith("/"):
            yield f"errors.{error['status']}.page: expected a path with a leading slash, but found {error['page']!r}"
    geo = declared["geo"] or {"only": (), "never": ()}
    if geo["only"] and geo["never"]:
        yield "geo: expected only or never, but found both"
    header = declared["cache_tag_header"]
    if header and not _HEADER_NAME.fullmatch(header):
        yield f"cache_tag_header: expected the name of a header, as x-cache-tag, but found {header!r}"
    logs = declared["logs"]
    if logs and ".s3." not in logs["bucket"]:
        yield f"logs.bucket: expected <name>.s3.amazonaws.com, but found {logs['bucket']!r}"


def _wrong_colors(declared: Mapping[str, Any]) -> Iterator[str]:
    if not declared["continuous_deployment"]:
        return
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/continuous-deployment-quotas-considerations.html
    if "3" in declared["http_version"]:
        yield f"http_version: expected http2 with continuous_deployment, but found {declared['http_version']}"
    texts = [text for one in declared["origins"] for text in (one["path"], *one["headers"].values())]
    if not any(PLACE in generic(text) for text in texts):
        yield (
            f"continuous_deployment: expected {PLACE} in an origin's path or headers, which tells the colors apart, but"
            " found none"
        )


def edge_certificate(region: str) -> None:
    """Raises StackError where the stack's own certificate, which is in its *region*, cannot be CloudFront's."""
    if region != "us-east-1":
        raise StackError(
            f"certificate: CloudFront takes certificates from us-east-1 alone, and the stack's is in {region}: name"
            " the ARN of one there"
        )
