# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A web application firewall's declarations: each option at least once."""

from __future__ import annotations

MODULE = "aws_waf"
NEEDS = [
    ("aws_network", {"stack": "shop"}),
    ("aws_load_balancer", {"stack": "shop", "listeners": [{"port": 80, "protocol": "HTTP"}]}),
]

_OTHER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/other/0123456789abcdef"
_COMMON = {"name": "AWSManagedRulesCommonRuleSet"}

CASES: dict[str, list[dict[str, object]]] = {
    "rules that AWS manages": [
        {},
        {"managed_rules": [{**_COMMON, "observe": True}]},
        {"managed_rules": [{**_COMMON, "version": "Version_1.0", "observe_rules": ["SizeRestrictions_BODY"]}]},
        {"managed_rules": [{"name": "Fortinet", "vendor": "Fortinet"}, _COMMON], "tags": {"team": "shop"}},
        {"managed_rules": []},
    ],
    "addresses and limits": [
        {"scope": "CLOUDFRONT", "allow_from": ["192.0.2.0/24"]},
        {"scope": "CLOUDFRONT", "allow_from": ["192.0.2.0/24", "2001:db8::/32"], "block_from": ["198.51.100.7"]},
        {"scope": "CLOUDFRONT", "allow_from": ["192.0.2.0/25"], "rate_limit": {"requests": 2000}},
        {"scope": "CLOUDFRONT", "rate_limit": {"requests": 500, "seconds": 60, "observe": True}},
        {"scope": "CLOUDFRONT", "default_action": "block"},
    ],
    "what it protects, and its log": [
        {"protects": []},
        {"protects": [_OTHER], "logs": "arn:aws:s3:::aws-waf-logs-shop"},
        {"logs": "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-shop:*"},
        {"logs": None},
        {"scope": "REGIONAL", "protects": []},
    ],
}
