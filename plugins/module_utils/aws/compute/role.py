# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What instances may do: be reached by Session Manager, and read what is declared. Nothing else, and no password.

The managed policy for Session Manager lets an instance read every parameter of the account; these are the actions that
it needs (https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..roles import trusted
from ..session import Aws

#: Who may take the role.
TRUST = trusted("ec2.amazonaws.com")

_SESSIONS = {
    "Sid": "SessionManager",
    "Effect": "Allow",
    "Action": [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ],
    "Resource": "*",
}
_READ = {
    "s3": ["s3:GetObject"],
    "secretsmanager": ["secretsmanager:GetSecretValue"],
    "ssm": ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
    "kms": ["kms:Decrypt"],
}
# Of a bucket, objects below a path of it: never all buckets.
_ARN = re.compile(
    r"arn:aws[a-z-]*:(?:(s3):::[^*/?]+/.+|(secretsmanager):.+:secret:.+|(ssm):.+:parameter/.+|(kms):.+:key/.+)"
)


def services(arn: str) -> list[str]:
    """The service that *arn* belongs to, when it names what can be read; otherwise none."""
    match = _ARN.fullmatch(arn)
    return [service for service in match.groups() if service] if match else []


def permissions(may_read: Sequence[str]) -> list[dict[str, Any]]:
    """The statements of the role's policy."""
    readable = [
        {
            "Sid": f"Read{service.capitalize()}",
            "Effect": "Allow",
            "Action": actions,
            "Resource": sorted({arn for arn in may_read if service in services(arn)}),
        }
        for service, actions in _READ.items()
    ]
    return [_SESSIONS, *(statement for statement in readable if statement["Resource"])]


def access_name(aws: Aws) -> str:
    """The name of the role and of the instance profile: regions share an account's, so it has the region in it."""
    return f"{aws.stack}-{aws.region}"
