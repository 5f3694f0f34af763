# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certificate's declarations: each option at least once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MODULE = "aws_certificate"
NEEDS = [("aws_dns", {"stack": "other", "zone": "example.com", "create_zone": True})]


def _own(days: int) -> dict[str, str]:
    """A certificate of one's own, which ends in so many *days*."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.example.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = made.not_valid_before(now).not_valid_after(now + timedelta(days=days)).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    hidden = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {"certificate": signed.public_bytes(pem).decode(), "private_key": hidden.decode()}


_OLD, _NEW = _own(20), _own(90)

CASES: dict[str, list[dict[str, object]]] = {
    "issued": [
        {"domain": "example.com"},
        {"domain": "example.com", "alternative_names": ["*.example.com", "api.example.com"]},
        {"domain": "example.com", "alternative_names": ["*.example.com"], "key_algorithm": "EC_prime256v1"},
        {"domain": "www.example.com", "renew_before": 0},
    ],
    "imported": [
        {"imported": _OLD},
        {"imported": _NEW, "renew_before": 30},
        {"imported": {**_NEW, "chain": _OLD["certificate"]}},
        {"domain": "example.com"},
    ],
}
