# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates as AWS describes them, in the words of their declaration.

API: AWS Certificate Manager, version 2015-12-08; Resource Groups Tagging, version 2017-01-26.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..declared import named
from ..resource import STACK_TAG, Found
from ..session import Aws
from .declared import CERTIFICATE, aim, fingerprints

GONE = "ResourceNotFoundException"

# A certificate that failed, was revoked or has expired is never going to be valid again.
_ALIVE = ("PENDING_VALIDATION", "ISSUED", "INACTIVE")


def details(aws: Aws) -> list[dict[str, Any]]:
    """Each certificate of the stack, the valid ones first, and of those the newest; two calls deep."""
    tagged = aws.pages(
        "resourcegroupstaggingapi",
        "get_resources",
        "ResourceTagMappingList",
        TagFilters=[{"Key": STACK_TAG, "Values": [aws.stack]}],
        ResourceTypeFilters=["acm:certificate"],
    )
    arns = [one["ResourceARN"] for one in tagged]
    described = aws.together(*(lambda arn=arn: detail(aws, arn) for arn in arns))
    return sorted((one for one in described if one), key=_rank)


def detail(aws: Aws, arn: str) -> dict[str, Any]:
    """A certificate; {} where there is none."""
    described: dict[str, Any] = aws.call("acm", "describe_certificate", GONE, CertificateArn=arn).get("Certificate", {})
    return described


def read(aws: Aws, declared: Mapping[str, Any], described: list[dict[str, Any]]) -> Iterator[Found]:
    """The stack's certificate, and those that it has taken the place of, each by the end of its ARN."""
    taken = False
    for one in described:
        words, arn = in_words(aws, one), one["CertificateArn"]
        part = arn[-8:] if taken or not fits(declared, one, words) else ""
        taken = taken or not part
        yield Found(named(CERTIFICATE, aws.stack, part), {"id": arn, "arn": arn}, words)


def fits(declared: Mapping[str, Any], one: Mapping[str, Any], words: Mapping[str, Any]) -> bool:
    """Whether a certificate can be what is *declared*, or be brought to it. A new one is imported into an old one."""
    if declared.get("imported"):
        return bool(one["Type"] == "IMPORTED")
    if not declared.get("domain"):
        return bool(one["Status"] == "ISSUED")
    if one["Type"] == "IMPORTED" or one["Status"] not in _ALIVE:
        return False
    return all(words[key] == value for key, value in aim(declared).items() if key != "valid")


def in_words(aws: Aws, one: Mapping[str, Any]) -> dict[str, Any]:
    """A certificate as its declaration would say it."""
    if one["Type"] == "IMPORTED":
        whole = aws.call("acm", "get_certificate", GONE, CertificateArn=one["CertificateArn"])
        return {
            "fingerprint": "".join(fingerprints(whole.get("Certificate", ""))[:1]),
            "chain": fingerprints(whole.get("CertificateChain") or ""),
        }
    renewal = one.get("RenewalSummary", {}).get("RenewalStatus", "")
    return {
        "domain": one["DomainName"],
        "names": frozenset([one["DomainName"], *one.get("SubjectAlternativeNames", ())]),
        "key_algorithm": one.get("KeyAlgorithm", "").replace("-", "_"),
        "valid": one["Status"] == "ISSUED" and renewal not in ("PENDING_VALIDATION", "FAILED"),
    }


def _rank(one: Mapping[str, Any]) -> tuple[bool, float]:
    made = one.get("CreatedAt") or one.get("ImportedAt")
    return one["Status"] != "ISSUED", -made.timestamp() if made else 0.0
