# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a CloudFront distribution serves at this moment, for whoever does the serving (edge.py)."""

from __future__ import annotations

from typing import Any

from moto.cloudfront.models import CloudFrontBackend, cloudfront_backends
from moto.elbv2.models import elbv2_backends


def distribution(alias: str) -> dict[str, Any]:
    """The enabled distribution with *alias*, of any account.

    ``{"config": DistributionConfig, "traffic": TrafficConfig, "staging": DistributionConfig, "balancers": {name: DNS
    name}}``; without one, or without continuous deployment at this moment, null.
    """
    return {"balancers": _balancers(), **_configured(alias)}


def _balancers() -> dict[str, str]:
    backends = [backend for account in list(elbv2_backends.values()) for backend in list(account.values())]
    return {one.name: one.dns_name for backend in backends for one in backend.load_balancers.values()}


def _configured(alias: str) -> dict[str, Any]:
    for account in list(cloudfront_backends.values()):
        for backend in list(account.values()):
            for one in backend.distributions.values():
                config = one.distribution_config
                if config["Enabled"] and alias in (config.get("Aliases") or {}).get("Items", ()):
                    return {"config": config, **_deployed(backend, config.get("ContinuousDeploymentPolicyId"))}
    return {"config": None, "traffic": None, "staging": None}


def _deployed(backend: CloudFrontBackend, policy_id: str | None) -> dict[str, Any]:
    for policy in backend.__dict__.get("continuous_deployment_policies", {}).values():
        if policy.id == policy_id and policy.config["Enabled"]:
            names = policy.config["StagingDistributionDnsNames"]["Items"]
            staging = next(one for one in backend.distributions.values() if one.domain_name in names)
            if staging.distribution_config["Enabled"]:
                return {"traffic": policy.config["TrafficConfig"], "staging": staging.distribution_config}
    return {"traffic": None, "staging": None}
