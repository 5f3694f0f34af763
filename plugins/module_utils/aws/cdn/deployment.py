# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a staging distribution, and the policy that sends some viewers to it, are made, changed and removed.

What share they get, and which color is where, is the business of rollouts alone (``routers/cloudfront.py``).

API: Amazon CloudFront, version 2020-05-31
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/continuous-deployment.html).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from ...rollout.split import COLORS, other
from ..patience import until
from ..resource import Found, StackError, Wanted
from . import found as description
from .colors import color_of, recolored
from .declared import DEPLOYMENT, STAGING
from .distribution import configured, listed
from .found import ids_of
from .kinds import CloudFront, Distribution

_OFF = {"Enabled": False, "TrafficConfig": {"Type": "SingleWeight", "SingleWeightConfig": {"Weight": 0}}}


class StagingDistribution(Distribution):
    """A copy of the distribution that serves the other color."""

    name = STAGING
    fixed = frozenset({"of"})
    # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html (StagingDistributionInUse)
    held_by = frozenset({DEPLOYMENT})
    precious = False

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        primary = self.call("get_distribution_config", Id=wanted.properties["of"])
        made = self.call(
            "copy_distribution",
            "DistributionAlreadyExists",
            PrimaryDistributionId=wanted.properties["of"],
            Staging=True,
            Enabled=True,
            IfMatch=primary["ETag"],
            CallerReference=str(uuid.uuid4()),
        )
        ids = ids_of(made["Distribution"]) if made else self.lost(wanted)
        self._tag(ids["arn"], wanted)
        there = self.call("get_distribution_config", Id=ids["id"])
        idle = other(color_of(primary["DistributionConfig"]) or COLORS[0])
        config = recolored(configured(wanted.properties, there["DistributionConfig"]), idle)
        self.call("update_distribution", Id=ids["id"], IfMatch=there["ETag"], DistributionConfig=config)
        return ids

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        if "stack" in changed:
            self._tag(found.ids["arn"], wanted)
        if changed - {"stack"}:
            super().change(found, wanted, changed)

    def own(self, found: Found) -> None:
        """A copy is the stack's even before it has the tag."""

    def _tag(self, arn: str, wanted: Wanted) -> None:
        self.call("tag_resource", Resource=arn, Tags={"Items": self.aws.tags(wanted.address.name)})


class DeploymentPolicy(CloudFront):
    """The policy, attached to the distribution; at first it sends nobody anywhere else."""

    name = DEPLOYMENT
    fixed = frozenset({"staging"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        staging = wanted.properties["staging"]
        made = self.call(
            "create_continuous_deployment_policy",
            "ContinuousDeploymentPolicyAlreadyExists",
            "StagingDistributionInUse",
            ContinuousDeploymentPolicyConfig={"StagingDistributionDnsNames": listed([staging]), **_OFF},
        )
        if made:
            its_id = made["ContinuousDeploymentPolicy"]["Id"]
        else:
            known = [one.ids["id"] for one in description.deployments(self.aws, staging, {})]
            if not known:
                raise StackError(
                    f"AWS says that {wanted.address} exists already and does not list it: run this again in a minute"
                )
            its_id = known[0]
        self._attach(wanted.properties["of"], its_id)
        return {"id": its_id}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self._attach(wanted.properties["of"], found.ids["id"])

    def delete(self, found: Found) -> None:
        its_id = found.ids["id"]
        if found.properties["of"]:
            self._attach(found.properties["of"], "")
        there = self.call("get_continuous_deployment_policy", "NoSuchContinuousDeploymentPolicy", Id=its_id)
        if there:
            until(
                lambda: (
                    self.call(
                        "delete_continuous_deployment_policy",
                        "ContinuousDeploymentPolicyInUse",
                        Id=its_id,
                        IfMatch=there["ETag"],
                    )
                    or None
                ),
                f"{found.address} to be used no longer",
            )

    def _attach(self, distribution: str, policy: str) -> None:
        there = self.call("get_distribution_config", "NoSuchDistribution", Id=distribution)
        if there and there["DistributionConfig"].get("ContinuousDeploymentPolicyId", "") != policy:
            config = {**there["DistributionConfig"], "ContinuousDeploymentPolicyId": policy}
            self.call("update_distribution", Id=distribution, IfMatch=there["ETag"], DistributionConfig=config)
