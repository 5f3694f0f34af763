# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which operation of which service a request is, by the protocol of AWS that it speaks."""

from __future__ import annotations

import io
import re
import urllib.parse
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import botocore.session

# Where a service signs with another name than boto3 has for it.
_SIGNED = {"elasticloadbalancing": "elbv2", "monitoring": "cloudwatch", "aws-marketplace": "ce"}
_READS = ("Describe", "List", "Get", "Head", "Lookup", "BatchGet", "Query", "Scan", "Search", "Test", "Simulate")


@dataclass(frozen=True)
class Named:
    """A call's name, and how its service wants errors to be written: ``json``, ``xml``, ``ec2`` or ``cbor``."""

    service: str
    operation: str
    errors: str

    @property
    def writes(self) -> bool:
        """Whether the operation may change anything."""
        return not self.operation.startswith(_READS)


def named(environ: dict[str, Any]) -> Named:
    """The name of a request. Its body can still be read afterwards."""
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    signed = scope.group(1) if scope else "unsigned"
    service = _SIGNED.get(signed, signed)
    # As it was sent: an identifier in it may have slashes, which part nothing.
    path = environ.get("RAW_URI", environ["PATH_INFO"]).partition("?")[0]
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return Named(service, target.rpartition(".")[2], "json")
    if smithy := re.match(r"/service/[^/]+/operation/([^/]+)", path):
        return Named(service, smithy.group(1), "cbor" if "cbor" in environ.get("CONTENT_TYPE", "") else "json")
    if "form-urlencoded" in environ.get("CONTENT_TYPE", ""):
        action = urllib.parse.parse_qs(body_of(environ).decode()).get("Action", [""])[0]
        return Named(service, action, "ec2" if service == "ec2" else "xml")
    errors = "xml" if service in ("s3", "route53", "cloudfront") else "json"
    return Named(service, _rest(service, environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", "")), errors)


def body_of(environ: dict[str, Any]) -> bytes:
    """The body of a request whose length is known, which can still be read afterwards."""
    if not environ.get("CONTENT_LENGTH"):
        return b""
    read: bytes = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = io.BytesIO(read)
    return read


def _rest(service: str, method: str, path: str, query: str) -> str:
    """The operation of a REST service whose address fits best: with most of the query that it asks for."""
    asked = set(urllib.parse.parse_qs(query, keep_blank_values=True))
    fits = [
        (len(needed), name)
        for name, its_method, pattern, needed in _addresses(service)
        if its_method == method and pattern.fullmatch(path) and needed <= asked
    ]
    return max(fits)[1] if fits else f"{method} {path}"


@lru_cache
def _addresses(service: str) -> list[tuple[str, str, re.Pattern[str], set[str]]]:
    try:
        model = botocore.session.get_session().get_service_model(service)
    except botocore.exceptions.UnknownServiceError:
        return []
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        pattern = re.sub(r"\\\{[^}]*?\\\+\\\}", ".+", re.escape(path))
        pattern = re.sub(r"\\\{[^}]*?\\\}", "[^/]+", pattern)
        needed = {part.partition("=")[0] for part in query.split("&") if part} | _asked(model.operation_model(name))
        found.append((name, http["method"], re.compile(pattern + "/?"), needed))
    return found


def _asked(operation: Any) -> set[str]:
    """What the operation cannot do without in its query, as ``uploadId`` of a part of an S3 object."""
    shape = operation.input_shape
    required = [shape.members[name].serialization for name in shape.required_members] if shape else []
    return {one["name"] for one in required if one.get("location") == "querystring"}
