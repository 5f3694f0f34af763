# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What watches over security: each option at least once."""

from __future__ import annotations

MODULE = "aws_security"
NEEDS: list[tuple[str, dict[str, object]]] = []

_TOPIC = "arn:aws:sns:us-east-1:123456789012:shop"
_CIS = "cis-aws-foundations-benchmark/v/3.0.0"

CASES: dict[str, list[dict[str, object]]] = {
    "GuardDuty": [
        {"topic": _TOPIC, "guardduty": {"features": ["s3"]}, "tags": {"team": "shop"}},
        {"topic": _TOPIC, "guardduty": {"features": ["rds", "s3"], "every": 60}},
        {"topic": _TOPIC, "guardduty": {"features": ["rds", "s3"], "every": 60}, "severity": "medium"},
    ],
    "Inspector": [
        {"topic": _TOPIC, "inspector": ["EC2", "ECR"]},
        {"topic": "arn:aws:sns:us-east-1:123456789012:on-call", "inspector": ["ECR", "LAMBDA"]},
    ],
    "all of them": [
        {"topic": _TOPIC, "guardduty": {}, "inspector": ["EC2"], "security_hub": {}},
        {"topic": _TOPIC, "guardduty": {}, "security_hub": {"standards": [_CIS]}, "severity": "critical"},
        {"topic": _TOPIC, "guardduty": {}, "deletion_protection": False},
    ],
}
