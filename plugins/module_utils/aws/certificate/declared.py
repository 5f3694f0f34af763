# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certificate as it is declared: one that AWS issues and renews, or one of the user's own that is imported."""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..declared import named
from ..resource import Address, Wanted

CERTIFICATE = "certificate"

_NAME = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)

_IMPORTED = {
    "certificate": {"type": "str", "required": True},
    "private_key": {"type": "str", "required": True, "no_log": True},
    "chain": {"type": "str", "default": ""},
}

#: The options of ``aws_certificate``, and of ``certificate`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "domain": {"type": "str"},
    "alternative_names": {"type": "list", "elements": "str", "default": []},
    "key_algorithm": {
        "type": "str",
        "choices": ["RSA_2048", "EC_prime256v1", "EC_secp384r1"],
        "default": "RSA_2048",
    },
    "zone_id": {"type": "str"},
    "imported": {"type": "dict", "options": _IMPORTED},
    "renew_before": {"type": "int", "default": 14},
}

#: What holds between them, in the words of AnsibleModule.
CHECKS: dict[str, Any] = {
    "required_if": [("state", "present", ["domain", "imported"], True)],
    "mutually_exclusive": [("domain", "imported")],
}


def wanted(stack: str, declared: Mapping[str, Any], zones: Sequence[Address]) -> Wanted:
    """The certificate *declared* by :data:`ARGUMENTS`; the stack's own *zones* have to be there before it."""
    imported = declared["imported"]
    once = {"imported": imported} if imported else {}
    return Wanted(named(CERTIFICATE, stack), aim(declared), once=once, after=() if imported else zones)


def aim(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What the certificate is to be like."""
    if imported := declared["imported"]:
        return {"fingerprint": fingerprints(imported["certificate"])[0], "chain": fingerprints(imported["chain"])}
    names = frozenset([declared["domain"], *declared["alternative_names"]])
    return {"domain": declared["domain"], "names": names, "key_algorithm": declared["key_algorithm"], "valid": True}


def fingerprints(pem: str) -> list[str]:
    """The SHA-256 of each certificate in *pem*, as people compare them."""
    ders = [ssl.PEM_cert_to_DER_cert(one) for one in _PEM.findall(pem)]
    return [hashlib.sha256(der).hexdigest() for der in ders]


def late(declared: Mapping[str, Any], words: Mapping[str, Any], ends: datetime, now: datetime) -> str:
    """What to do about a certificate that *ends* too soon after *now*; empty where nothing is to be done."""
    days = (ends - now).days
    if days >= declared["renew_before"]:
        return ""
    told = f"the certificate ends on {ends:%Y-%m-%d}, in {days} days, and renew_before is {declared['renew_before']}: "
    if not declared["imported"]:
        return told + "AWS did not renew it. See its renewal status, and that its names still lead to where it is used"
    if words.get("fingerprint") != aim(declared)["fingerprint"]:
        return ""
    return told + "give its successor in imported"


# -- mistakes --------------------------------------------------------------------------------


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    if bool(declared["domain"]) == bool(declared["imported"]):
        return ["domain: expected either it, for a certificate that AWS issues, or imported"]
    return list(_wrong_pem(declared["imported"]) if declared["imported"] else _wrong_names(declared))


def _wrong_names(declared: Mapping[str, Any]) -> Iterator[str]:
    names = [declared["domain"], *declared["alternative_names"]]
    for name in names:
        if not _NAME.fullmatch(name):
            yield f"domain, alternative_names: expected names such as www.example.com, but found {name!r}"
    if len(set(names)) < len(names):
        yield "alternative_names: expected each name once, and the domain not again"


def _wrong_pem(imported: Mapping[str, Any]) -> Iterator[str]:
    for key, least, most in (("certificate", 1, 1), ("chain", 0, 10)):
        try:
            found = len(fingerprints(imported[key]))
        except ValueError:
            found = -1
        if not least <= found <= most or (imported[key].strip() and not found):
            yield f"imported.{key}: expected {'one certificate' if most == 1 else 'its issuers'} in PEM"
    if "PRIVATE KEY-----" not in imported["private_key"]:
        yield "imported.private_key: expected a key in PEM, not encrypted"
