# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an inventory's variables say that its environment stands on at AWS; no value of a secret is looked at."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

# An ARN in an account of somebody's own, and the ids of what an environment may have in common with another. Images are
# not among them: they hold no state, and promoting one from staging to production is the point of having it.
_ARN = re.compile(r"\barn:aws[\w-]*:[\w-]+:[\w-]*:(?:\d{12})?:[\w+=,.@*:/-]*[\w/]")
_ID = re.compile(r"\b(?:vpc|subnet|sg|rtb|nat|igw|eni|eipalloc|vol|snap|lt|fs)-[0-9a-f]{8,17}\b")
_LOOKUP = re.compile(r"""(?:lookup|query)\(\s*['"]((?:amazon\.aws|community\.hashi_vault)\.\w+)['"]\s*,([^()]*)""")
_UNIQUE = ("bucket", "domain", "zone_id")
"""Keys whose value is one thing in the whole world."""

_CIDR = "10.0.0.0/16"
"""The range of a network that does not say its own (module aws_network)."""


_STACK = "aws_stack_"


def stack_of(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The declared stack, of the variables ``aws_stack_*``: its ``name``, its concerns (``network`` ...) and so on."""
    return {name[len(_STACK) :]: value for name, value in variables.items() if name.startswith(_STACK)}


def aws_holds(
    environment: Mapping[str, Any], stack: Mapping[str, Any], variables: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """Names by identity for the kinds of ``isolation.KINDS``: accounts, stacks, networks, resources, secrets.

    *environment* is ``aws_environment``, *stack* what stack_of gives; *variables* has all, as they were written.
    """
    account = str(environment.get("account") or "")
    texts = list(_texts(variables))
    named = str(stack.get("name") or "")
    network = stack.get("network")
    cidr = str(network.get("cidr") or _CIDR) if isinstance(network, Mapping) and not network.get("vpc") else ""
    resources = {found for text in texts for pattern in (_ARN, _ID) for found in pattern.findall(text)}
    if isinstance(dns := stack.get("dns"), Mapping) and dns.get("zone"):
        resources.add(str(dns["zone"]))
    return {
        "accounts": {account: account} if account else {},
        "stacks": {f"{account}/{named}": named} if named else {},
        "networks": {cidr: cidr} if _is_network(cidr) else {},
        "resources": {name: name for name in {*resources, *_unique(stack)}},
        "secrets": {f"lookup:{place}": place for text in texts for place in _secret_places(text)},
    }


def _secret_places(text: str) -> Iterator[str]:
    """Where lookups find secrets; one that has the environment's name in it looks elsewhere in each."""
    for _plugin, terms in _LOOKUP.findall(text):
        place = terms.strip()
        if "service_environment" not in place and "aws_environment" not in place:
            yield place.split(",")[0].strip("'\" ")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)


def _unique(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        known = (value.get(key) for key in _UNIQUE)
        yield from (text for text in known if isinstance(text, str) and "{{" not in text)
        for inner in value.values():
            yield from _unique(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _unique(inner)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
