# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudFront's continuous deployment as it is: a primary distribution, a staging one, and the policy between them.

API: Amazon CloudFront, version 2020-05-31
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/continuous-deployment.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.colors import color_of, recolored
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split, other

from .aws_calls import AwsCalls
from .base import Pool, RouterError
from .fence_table import as_tag

#: The largest share of a staging distribution, in percent:
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/continuous-deployment-quotas-considerations.html
MOST = 15
_NOTE = "seamless:break-glass"


@dataclass(frozen=True)
class Distribution:
    """One distribution: the color that it serves, and whether all of CloudFront's places have it so."""

    id: str
    arn: str
    etag: str
    status: str
    config: Mapping[str, Any]

    @property
    def color(self) -> str | None:
        """The color that its origins name; None where none does."""
        return color_of(self.config)

    def pool(self) -> Pool:
        """It as the one member of its color's pool: healthy where it is what CloudFront serves everywhere."""
        healthy = self.status == "Deployed" and bool(self.config["Enabled"])
        return Pool(int(healthy), 1, 0, {self.id: self.status})


@dataclass(frozen=True)
class Site:
    """What there is, at one moment."""

    primary: Distribution
    staging: Distribution
    policy: str
    etag: str
    traffic: Mapping[str, Any]

    @property
    def live(self) -> str:
        """The color of the primary distribution, which has all traffic that the staging one has not."""
        color = self.primary.color
        if color is None:
            raise RouterError(
                f"expected an origin of {self.primary.id} to name a color in its path or a header, but none does:"
                " declare it with {color} (aws_cdn, continuous_deployment)"
            )
        return color

    @property
    def idle(self) -> str:
        """The other color; whether the staging distribution serves it is another question."""
        return other(self.live)

    def split(self) -> Split:
        """The split in force."""
        config = self.traffic.get("TrafficConfig") or {"Type": "none"}
        weighed = self.traffic["Enabled"] and config["Type"] == "SingleWeight" and self.staging.color == self.idle
        return Split.giving(self.idle, round(config["SingleWeightConfig"]["Weight"] * 100) if weighed else 0)

    def pools(self) -> dict[str, Pool]:
        """Each color's distribution; a color that none serves has no member."""
        staging = self.staging.pool() if self.staging.color == self.idle else Pool(0, 0, 0)
        return {self.live: self.primary.pool(), self.idle: staging}


class Edge:
    """A *primary* and a *staging* distribution, by their ids."""

    def __init__(self, primary: str, staging: str, calls: AwsCalls) -> None:
        self.primary = primary
        self.staging = staging
        self.calls = calls

    def read(self) -> Site:
        """What there is; three calls. Raises RouterError."""
        primary, staging = self._distribution(self.primary), self._distribution(self.staging)
        policy = primary.config.get("ContinuousDeploymentPolicyId")
        if not policy:
            raise RouterError(
                f"expected {self.primary} to have a continuous deployment policy, but it has none: declare"
                " continuous_deployment (aws_cdn)"
            )
        answer = self.calls.patiently("get_continuous_deployment_policy", Id=policy)
        traffic = answer["ContinuousDeploymentPolicy"]["ContinuousDeploymentPolicyConfig"]
        return Site(primary, staging, policy, answer["ETag"], traffic)

    def weigh(self, site: Site, traffic: Mapping[str, Any]) -> None:
        """Give the policy this *traffic*, where it still is as it was read. Raises ConditionFailed, Again."""
        config = {"StagingDistributionDnsNames": site.traffic["StagingDistributionDnsNames"], **traffic}
        self.calls.once(
            "update_continuous_deployment_policy",
            Id=site.policy,
            IfMatch=site.etag,
            ContinuousDeploymentPolicyConfig=config,
        )

    def promote(self, site: Site) -> None:
        """Make the primary what the staging distribution is, where both still are as they were read.

        AWS ends the policy's effect in the same step.
        """
        self.calls.once(
            "update_distribution_with_staging_config",
            Id=site.primary.id,
            StagingDistributionId=site.staging.id,
            IfMatch=f"{site.primary.etag}, {site.staging.etag}",
        )

    def stage(self, site: Site, color: str) -> None:
        """Have the staging distribution serve *color*, where it still is as it was read."""
        self.calls.once(
            "update_distribution",
            Id=site.staging.id,
            IfMatch=site.staging.etag,
            DistributionConfig=recolored(site.staging.config, color),
        )

    def _distribution(self, its_id: str) -> Distribution:
        answer = self.calls.patiently("get_distribution", Id=its_id)
        there = answer["Distribution"]
        return Distribution(its_id, there["ARN"], answer["ETag"], there["Status"], there["DistributionConfig"])

    # -- notes -----------------------------------------------------------------------------------

    def note(self, site: Site, entry: Mapping[str, Any]) -> None:
        """Write down on the distribution itself what was done while the ledger's table was out of reach."""
        tags = {"Items": [{"Key": _NOTE, "Value": as_tag(entry)}]}
        self.calls.patiently("tag_resource", Resource=site.primary.arn, Tags=tags)

    def noted(self, site: Site) -> list[str]:
        """What was written down there."""
        tags = self.calls.patiently("list_tags_for_resource", Resource=site.primary.arn)["Tags"]
        return [tag["Value"] for tag in tags.get("Items", ()) if tag["Key"] == _NOTE]

    def forget_note(self, site: Site) -> None:
        """Drop it: the ledger holds it now."""
        self.calls.patiently("untag_resource", Resource=site.primary.arn, TagKeys={"Items": [_NOTE]})
