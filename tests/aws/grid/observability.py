# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What watches a stack: each option at least once."""

from __future__ import annotations

MODULE = "aws_observability"
NEEDS: list[tuple[str, dict[str, object]]] = []

_BALANCER = {
    "load_balancer": "app/shop/50dc6c495c0c9188",
    "pool_blue": "targetgroup/shop-blue/73e2d6bc24d8a067",
    "pool_green": "targetgroup/shop-green/09d9a63f4a4f0fd9",
}
_ALL = {
    **_BALANCER,
    "databases": ["shop", "shop-replica-1"],
    "cache_nodes": ["shop-001", "shop-002"],
    "autoscaling_blue": "shop-blue",
    "autoscaling_green": "shop-green",
    "distribution": "EDFDVBD6EXAMPLE",
}
_KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_ELSEWHERE = "arn:aws:sns:us-east-1:123456789012:on-call"
_QUEUE = {"namespace": "Shop", "metric": "Waiting", "dimensions": {"queue": "orders"}, "statistic": "Maximum"}
_SLOW = {"of": "load_balancer", "metric": "TargetResponseTime", "statistic": "p95"}

CASES: dict[str, list[dict[str, object]]] = {
    "who is told": [
        {"subscriptions": [{"sqs": "arn:aws:sqs:us-east-1:123456789012:told"}], "tags": {"team": "shop"}},
        {"subscriptions": [{"https": "https://on-call.example.com/hook/1f3e"}, {"email": "a@example.com"}]},
        {"log_groups": [{"name": "app"}]},
        {"kms_key": _KEY, "log_groups": [{"name": "app"}]},
        {"log_groups": [{"name": "app"}]},
        {"topic": _ELSEWHERE, "log_groups": [{"name": "app"}]},
    ],
    "built-in alarms": [
        {"resources": _ALL},
        {"resources": _ALL, "overrides": {"load-balancer-latency": {"threshold": 0.5, "periods": 10, "datapoints": 9}}},
        {"resources": _ALL, "overrides": {"cdn-errors": {"enabled": False}, "cdn-refused": {"hurts_users": True}}},
        {"resources": _ALL, "alarms": ["load_balancer", "database"], "users_hurt": False},
        {"resources": _BALANCER},
        {"resources": _BALANCER, "dashboard": False},
    ],
    "alarms of one's own": [
        {
            "metric_alarms": [
                {"name": "waiting", "metrics": {"waiting": _QUEUE}, "threshold": 100},
                {"name": "usual", "metrics": {"waiting": _QUEUE}, "band": 2, "when": "outside"},
            ],
        },
        {
            "metric_alarms": [
                {
                    "name": "waiting",
                    "description": "Too many orders wait",
                    "metrics": {"waiting": _QUEUE, "slow": _SLOW},
                    "expression": "waiting * slow",
                    "threshold": 50,
                    "when": "at_least",
                    "period": 300,
                    "periods": 4,
                    "datapoints": 3,
                    "missing": "bad",
                    "hurts_users": True,
                },
                {
                    "name": "usual",
                    "metrics": {"waiting": _QUEUE, "slow": _SLOW},
                    "expression": "waiting * slow",
                    "band": 3.5,
                },
            ],
            "composite_alarms": [{"name": "both", "rule": "ALARM(waiting) AND NOT OK('usual')"}],
            "resources": _BALANCER,
            "alarms": [],
        },
        {
            "metric_alarms": [
                {"name": "waiting", "metrics": {"slow": _SLOW}, "threshold": 1, "actions": [_ELSEWHERE]},
            ],
            "composite_alarms": [
                {"name": "both", "rule": "ALARM(waiting)", "description": "Orders wait", "actions": [_ELSEWHERE]}
            ],
            "resources": _BALANCER,
            "alarms": [],
        },
        {},
    ],
    "logs": [
        {"log_groups": [{"name": "app"}, {"name": "access", "retention_days": 0}]},
        {
            "log_groups": [
                {
                    "name": "app",
                    "retention_days": 90,
                    "filters": [
                        {"name": "failed", "pattern": "payment failed", "default": 0},
                        {
                            "name": "took",
                            "pattern": "{ $.seconds > 0 }",
                            "value": "$.seconds",
                            "unit": "Seconds",
                            "dimensions": {"path": "$.path"},
                        },
                    ],
                },
                {"name": "access", "retention_days": 7},
            ],
            "metric_alarms": [
                {"name": "failed", "metrics": {"failed": {"of": "logs", "metric": "failed"}}, "threshold": 5}
            ],
        },
        {"log_groups": [{"name": "app", "filters": [{"name": "failed", "pattern": "refused"}]}, {"name": "access"}]},
        {"log_groups": [{"name": "app"}, {"name": "access", "retention_days": 0}], "deletion_protection": False},
    ],
}
