# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How certificates are requested, imported, validated and removed.

API: AWS Certificate Manager, version 2015-12-08. A request carries a token, so that its repetition after a lost answer
is the same request. Where a run dies and the next one comes before AWS shows the tags, there are two for a while; the
run after that removes one.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..patience import until
from ..resource import Found, StackError, Wanted
from ..session import Aws
from .declared import CERTIFICATE
from .found import GONE, detail, details
from .validation import Validation, validation_records

_PAUSE = 5.0
# AWS gives up after 72 hours; when it sees the records at all, it does within minutes.
_ISSUED_WITHIN = 1800.0
_FREE_WITHIN = 600.0


class Certificate:
    """What proves to users who they talk to. A new one is there before the old one goes."""

    name = CERTIFICATE
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()
    precious = False

    def __init__(self, aws: Aws, zone_id: str | None) -> None:
        self.aws = aws
        self.validation = Validation(aws, zone_id)

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        tags = self.aws.tags(wanted.address.name)
        if "imported" in wanted.once:
            arn = self._import(wanted, Tags=tags)
        else:
            words = wanted.properties
            others = sorted(words["names"] - {words["domain"]})
            arn = self.aws.call(
                "acm",
                "request_certificate",
                DomainName=words["domain"],
                ValidationMethod="DNS",
                KeyAlgorithm=words["key_algorithm"],
                IdempotencyToken=uuid.uuid4().hex,
                Tags=tags,
                **({"SubjectAlternativeNames": others} if others else {}),
            )["CertificateArn"]
        return {"id": arn, "arn": arn}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        if "imported" in wanted.once:
            self._import(wanted, CertificateArn=found.ids["arn"])
        # One that is not valid yet gets what it lacks while it is waited for.

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        seen = until(lambda: self._told(ids["arn"]), "what AWS wants to see for a certificate", 300.0, _PAUSE)
        if seen["Type"] != "IMPORTED":
            self.validation.show(validation_records(seen).values())
            until(lambda: self._issued(ids["arn"]), "a certificate to be issued", _ISSUED_WITHIN, _PAUSE)
        return ids

    def delete(self, found: Found) -> None:
        arn = found.ids["arn"]
        seen = until(lambda: self._free(arn), f"{found.address} to be used by nothing", _FREE_WITHIN, _PAUSE)
        rest = [one for one in details(self.aws) if one["CertificateArn"] != arn]
        needed = {name for one in rest for name in validation_records(one)}
        self.validation.hide(one for name, one in validation_records(seen).items() if name not in needed)
        self.aws.call("acm", "delete_certificate", GONE, CertificateArn=arn)

    def _import(self, wanted: Wanted, **what: Any) -> str:
        given = {
            "Certificate": wanted.once["imported"]["certificate"],
            "PrivateKey": wanted.once["imported"]["private_key"],
            "CertificateChain": wanted.once["imported"]["chain"],
        }
        pem = {key: value.encode() for key, value in given.items() if value}
        return str(self.aws.call("acm", "import_certificate", **pem, **what)["CertificateArn"])

    def _told(self, arn: str) -> dict[str, Any] | None:
        """The certificate, once AWS has told the record for each of its names."""
        seen = detail(self.aws, arn)
        options = seen.get("DomainValidationOptions", ())
        complete = bool(options) and all("ResourceRecord" in one for one in options)
        return seen if seen and (complete or seen["Type"] == "IMPORTED") else None

    def _issued(self, arn: str) -> bool | None:
        seen = detail(self.aws, arn)
        if seen.get("Status") in ("FAILED", "VALIDATION_TIMED_OUT", "REVOKED"):
            raise StackError(f"AWS does not issue the certificate: {seen.get('FailureReason', seen['Status'])}")
        return True if seen.get("Status") == "ISSUED" else None

    def _free(self, arn: str) -> dict[str, Any] | None:
        seen = detail(self.aws, arn)
        return None if seen.get("InUseBy") else seen
