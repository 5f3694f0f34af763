# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stack may cost: each option at least once."""

from __future__ import annotations

MODULE = "aws_cost"
NEEDS: list[tuple[str, dict[str, object]]] = []

_TOPIC = "arn:aws:sns:us-east-1:123456789012:shop"
_ELSEWHERE = "arn:aws:sns:us-east-1:123456789012:on-call"

CASES: dict[str, list[dict[str, object]]] = {
    "a budget": [
        {"monthly": 1200, "topic": _TOPIC, "tags": {"team": "shop"}},
        {"monthly": 999.5, "topic": _TOPIC},
        {"monthly": 1200, "topic": _TOPIC, "alerts": [{"percent": 50}, {"percent": 110.5, "of": "forecast"}]},
        {"monthly": 1200, "topic": _ELSEWHERE, "currency": "EUR"},
        {"monthly": 1200, "topic": _ELSEWHERE, "currency": "EUR", "allocation_tags": ["team", "seamless:stack"]},
        {"monthly": 1300, "topic": _ELSEWHERE, "allocation_tags": []},
    ],
    "unusual costs": [
        {"monthly": 1200, "topic": _TOPIC, "unusual_from": 50},
        {"monthly": 1200, "topic": _TOPIC, "unusual_from": 99.5},
        {"monthly": 1200, "topic": _ELSEWHERE, "unusual_from": 99.5},
        {"monthly": 1200, "topic": _ELSEWHERE},
    ],
}
