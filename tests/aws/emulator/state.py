# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there, in every service: how many resources of each name, with identifiers that are chance left out.

Two runs that end in the same resources have equal states, whatever ids they were given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from moto.core.base_backend import BackendDict

# Identifiers of chance: UUIDs, IAM's (AROA...), CloudFront's (13 characters), and what is hexadecimal or capital, eight
# characters or more, with at least one digit.
_CHANCE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|A[A-Z]{3}[0-9A-Z]{16,}|\b[0-9A-Z]{13}\b"
    r"|(?=[0-9A-Za-z]*\d)(?:[0-9a-f]{8,}|[0-9A-Z]{10,}|[0-9a-zA-Z]{20,})"
)
# Collections whose keys are nothing but chance, and too short to tell.
_ALL_CHANCE = ("delegation_sets",)


def state() -> dict[str, dict[str, int]]:
    """Counts of resources: ``{"elbv2 us-east-1 target_groups": {"arn:...shop-blue/#": 1}}``."""
    found: dict[str, dict[str, int]] = {}
    for backends in list(BackendDict._instances):
        service = backends.service_name
        for account in list(backends.values()):
            for region, backend in list(account.items()):
                for attribute, value in vars(backend).items():
                    names = _names(value)
                    if names and attribute in _ALL_CHANCE:
                        names = {"#": sum(names.values())}
                    if names:
                        found[f"{service} {region} {attribute}"] = names
    return found


def _names(value: Any) -> dict[str, int]:
    if isinstance(value, Mapping):
        # A mapping of mappings (by network, by parent): an empty one is as good as none.
        keys = [str(key) for key, one in value.items() if not (isinstance(one, (Mapping, list, set)) and not one)]
    elif isinstance(value, (list, set)):
        keys = [str(getattr(one, "name", None) or getattr(one, "id", None) or type(one).__name__) for one in value]
    else:
        return {}
    return dict(sorted(Counter(_CHANCE.sub("#", key) for key in keys).items()))
