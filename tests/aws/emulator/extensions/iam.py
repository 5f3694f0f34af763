# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: AWS's managed policies are there to be attached.

moto knows them all or none, and all of them take seconds to make at each reset; so one is made when it is first
attached, and is gone when nothing has it:
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

_moto_attach = IAMBackend.attach_role_policy
_moto_detach = IAMBackend.detach_role_policy


@lru_cache
def _known() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(aws_managed_policies_data)
    return known


def _attach(self: IAMBackend, policy_arn: str, role_name: str) -> None:
    name = policy_arn.rpartition("/")[2]
    if ":iam::aws:policy/" in policy_arn and policy_arn not in self.managed_policies and name in _known():
        policy = AWSManagedPolicy.from_data(name, self.account_id, self.region_name, _known()[name])
        self.managed_policies[policy.arn] = policy
    _moto_attach(self, policy_arn, role_name)


def _detach(self: IAMBackend, policy_arn: str, role_name: str) -> None:
    _moto_detach(self, policy_arn, role_name)
    policy = self.managed_policies.get(policy_arn)
    if isinstance(policy, AWSManagedPolicy) and not policy.attachment_count:
        del self.managed_policies[policy_arn]


IAMBackend.attach_role_policy = _attach
IAMBackend.detach_role_policy = _detach
