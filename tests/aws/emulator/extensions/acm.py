# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificate Manager: a certificate is issued once its records are there, and its chain is the one imported."""

from __future__ import annotations

import hashlib
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.exceptions import AWSError
from moto.elbv2.models import elbv2_backends
from moto.route53.models import route53_backends

_made, _describe, _check = CertBundle.__init__, CertBundle.describe, CertBundle.check
_delete, _import = AWSCertificateManagerBackend.delete_certificate, AWSCertificateManagerBackend.import_certificate
_request = AWSCertificateManagerResponse.request_certificate


def made(self: CertBundle, account_id: str, *given: Any, **named: Any) -> None:
    """The chain is kept as it was imported; moto adds a root of its own.

    https://docs.aws.amazon.com/acm/latest/APIReference/API_GetCertificate.html
    """
    _made(self, account_id, *given, **named)
    self.account_id = account_id
    if self.type == "IMPORTED":
        self.chain = named.get("chain") or b""


def users(self: CertBundle) -> list[str]:
    """The load balancers that have it; moto remembers each that ever had it."""
    balancers = elbv2_backends[self.account_id][self.arn.split(":")[3]].load_balancers.values()
    return [one.arn for one in balancers if any(its.certificate == self.arn for its in one.listeners.values())]


def describe(self: CertBundle) -> dict[str, Any]:
    """A domain's record depends on the domain, and a wildcard's is its domain's; the key has AWS's own spelling.

    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    """
    described = _describe(self)
    whole = described["Certificate"]
    for option in whole.get("DomainValidationOptions", ()):
        domain = option["DomainName"].removeprefix("*.")
        label = hashlib.md5(domain.encode(), usedforsecurity=False).hexdigest()
        option["ResourceRecord"] = {**option["ResourceRecord"], "Name": f"_{label}.{domain}."}
    whole["KeyAlgorithm"] = getattr(self, "asked_for", whole["KeyAlgorithm"])
    whole["InUseBy"] = users(self)
    return described


def check(self: CertBundle) -> None:
    """It is issued when each of its records is found; moto issues it after a minute whatever there is."""
    if self.status != "PENDING_VALIDATION":
        _check(self)
        return
    zones = route53_backends[self.account_id]["aws"].zones.values()
    there = {record.name for zone in zones for record in zone.rrsets if record.type == "CNAME"}
    options = self.describe()["Certificate"]["DomainValidationOptions"]
    if all(option["ResourceRecord"]["Name"] in there for option in options):
        self.status = "ISSUED"


def import_certificate(
    self: AWSCertificateManagerBackend, certificate: bytes, private_key: bytes, chain: bytes, arn: str | None, tags: Any
) -> str:
    """What is imported again keeps its tags.

    https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html
    """
    before = self._certificates[arn].tags if arn in self._certificates else None
    arn = _import(self, certificate, private_key, chain, arn, tags)
    if before is not None:
        self._certificates[arn].tags = before
    return arn


def request_certificate(self: AWSCertificateManagerResponse) -> Any:
    """The kind of key that was asked for is remembered; moto makes RSA keys alone."""
    answer = _request(self)
    made = self.acm_backend._certificates[answer.result["CertificateArn"]]
    made.asked_for = self._get_param("KeyAlgorithm") or "RSA_2048"
    return answer


def delete_certificate(self: AWSCertificateManagerBackend, arn: str) -> None:
    """One that is used is not removed. A token is forgotten with its certificate.

    https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html
    """
    if arn in self._certificates and users(self._certificates[arn]):
        raise AWSError(f"Certificate {arn} is in use.", exception_type="ResourceInUseException")
    _delete(self, arn)
    self._idempotency_tokens = {key: one for key, one in self._idempotency_tokens.items() if one["arn"] != arn}


CertBundle.__init__ = made
CertBundle.describe = describe
CertBundle.check = check
AWSCertificateManagerBackend.delete_certificate = delete_certificate
AWSCertificateManagerBackend.import_certificate = import_certificate
AWSCertificateManagerResponse.request_certificate = request_certificate
