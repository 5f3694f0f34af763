# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both colors' groups: each option at least once."""

from __future__ import annotations

MODULE = "aws_compute"
NEEDS = [
    ("aws_network", {"stack": "shop"}),
    ("aws_load_balancer", {"stack": "shop", "listeners": [{"port": 80, "protocol": "HTTP"}]}),
]

_IMAGE = "ami-0abcdef1234567890"
_SIZE = {"min": 1, "max": 3}
_BASE = {"image": _IMAGE, "instance_types": ["t3.small"], "size": _SIZE}
_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/database-AbCdEf"
_LABEL = "app/own/50dc6c495c0c9188/targetgroup/own-{color}/50dc6c495c0c9188"

CASES: dict[str, list[dict[str, object]]] = {
    "what instances are like": [
        _BASE,
        {
            **_BASE,
            "image": "ami-0123456789abcdef0",
            "user_data": "#!/bin/sh\necho ä\n",
            "metadata_hops": 2,
            "volume": {"size": 40, "type": "gp3", "iops": 4000, "throughput": 250},
        },
        {
            **_BASE,
            "volume": {"device": "/dev/sda1", "type": "io2", "iops": 4000, "kms_key": "alias/shop"},
            "detailed_monitoring": False,
            "public_address": True,
            "tags": {"team": "shop"},
        },
        {**_BASE, "security_groups": ["sg-0123456789abcdef0"]},
    ],
    "several types and spot": [
        {**_BASE, "instance_types": ["t3.small", "t3a.small"]},
        {**_BASE, "instance_types": ["t3.small", "t3a.small"], "spot": {"share": 50}},
        {
            **_BASE,
            "instance_types": ["t3.small", "t3a.small", "t2.small"],
            "spot": {"share": 80, "on_demand_base": 1, "allocation": "capacity-optimized"},
        },
        {**_BASE, "instance_types": ["t3a.small"]},
    ],
    "what a group is like": [
        {**_BASE, "size": {"min": 1, "max": 3, "desired": 2}},
        {
            **_BASE,
            "size": {"min": 2, "max": 4},
            "health_check": {"type": "EC2", "grace": 30},
            "warm_up": 0,
            "maintenance": {"min_healthy": 50, "max_healthy": 100},
            "warm_pool": {"min": 1},
        },
        {
            **_BASE,
            "warm_pool": {"max_prepared": 2, "state": "Running", "reuse": True},
            "group_metrics": False,
            "health_check": {"type": "EC2"},
            "target_groups": {},
        },
        {**_BASE, "deletion_protection": False},
    ],
    "hooks": [
        {**_BASE, "hooks": [{"name": "drain", "transition": "terminating", "timeout": 60}]},
        {
            **_BASE,
            "hooks": [
                {"name": "drain", "transition": "terminating", "timeout": 90},
                {"name": "check", "transition": "launching", "default_result": "continue"},
            ],
        },
        {**_BASE, "hooks": [{"name": "check", "transition": "launching"}]},
        _BASE,
    ],
    "what instances may do": [
        {**_BASE, "may_read": ["arn:aws:s3:::releases/shop/*", _SECRET]},
        {**_BASE, "may_read": [_SECRET]},
        {**_BASE, "instance_profile": "own", "deletion_protection": False},
    ],
    "policies by a target": [
        {**_BASE, "policies": [{"name": "cpu", "target": 50}, {"name": "requests", "metric": "requests", "target": 9}]},
        {**_BASE, "policies": [{"name": "cpu", "target": 60, "scale_in": False}]},
        {**_BASE, "policies": [{"name": "cpu", "metric": "network_in", "target": 1e6}]},
        {
            **_BASE,
            "policies": [
                {
                    "name": "cpu",
                    "target": 7,
                    "custom_metric": {
                        "namespace": "Shop",
                        "name": "Waiting",
                        "dimensions": {"Pool": "shop-{color}"},
                        "statistic": "Maximum",
                        "period": 10,
                    },
                }
            ],
        },
        {**_BASE, "policies": [{"name": "cpu", "metric": "requests", "target": 9, "resource_label": _LABEL}]},
        _BASE,
    ],
    "policies in steps": [
        {
            **_BASE,
            "policies": [
                {
                    "name": "surge",
                    "type": "step",
                    "alarm": {"threshold": 70},
                    "step_adjustments": [
                        {"lower_bound": 0, "upper_bound": 20, "scaling_adjustment": 1},
                        {"lower_bound": 20, "scaling_adjustment": 3},
                    ],
                }
            ],
        },
        {
            **_BASE,
            "policies": [
                {
                    "name": "surge",
                    "type": "step",
                    "metric": "requests",
                    "alarm": {"threshold": 10, "when": "below", "period": 30, "periods": 3},
                    "adjustment_type": "PercentChangeInCapacity",
                    "step_adjustments": [{"upper_bound": 0, "scaling_adjustment": -10}],
                }
            ],
        },
        {
            **_BASE,
            "policies": [
                {
                    "name": "surge",
                    "type": "step",
                    "custom_metric": {"namespace": "Shop", "name": "Waiting", "dimensions": {"Color": "{color}"}},
                    "alarm": {"threshold": 10},
                    "step_adjustments": [{"scaling_adjustment": 2}],
                }
            ],
        },
        {**_BASE, "policies": [{"name": "surge", "target": 50}]},
    ],
    "forecasts": [
        {**_BASE, "policies": [{"name": "forecast", "type": "predictive", "target": 50}]},
        {
            **_BASE,
            "policies": [
                {
                    "name": "forecast",
                    "type": "predictive",
                    "metric": "network_out",
                    "target": 1e6,
                    "mode": "forecast_only",
                    "buffer": 600,
                }
            ],
        },
        {
            **_BASE,
            "detailed_monitoring": False,
            "policies": [{"name": "forecast", "type": "predictive", "target": 50}],
        },
    ],
    "schedules": [
        {**_BASE, "schedules": [{"name": "day", "recurrence": "0 8 * * 1-5", "min": 2, "desired": 2}]},
        {
            **_BASE,
            "schedules": [{"name": "day", "recurrence": "0 9 * * *", "time_zone": "Europe/Berlin", "desired": 3}],
        },
        _BASE,
    ],
}
