#!/usr/bin/env python3
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules for AWS may do at least: ``aws_policy.py check|write FOLDER``, docs/aws-policy.json.

FOLDER has the calls that the tests saw modules make (SEAMLESS_AWS_CALLS). ``check`` fails where the policy lacks one of
them, or allows more than them; ``write`` writes it anew.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

POLICY = Path(__file__).resolve().parents[1] / "docs" / "aws-policy.json"

# boto3's name of a service, and what IAM calls it:
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
SERVICES = {"elbv2": "elasticloadbalancing", "tagging": "tag"}
# Operations that IAM knows by another name, or that need more than their own (same reference, by service).
ACTIONS = {
    "s3:HeadBucket": ["s3:ListBucket"],
    "s3:ListObjectsV2": ["s3:ListBucket"],
    "s3:ListObjectVersions": ["s3:ListBucketVersions"],
    "s3:HeadObject": ["s3:GetObject"],
    "s3:DeleteObjects": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
    "s3:GetBucketEncryption": ["s3:GetEncryptionConfiguration"],
    "s3:PutBucketEncryption": ["s3:PutEncryptionConfiguration"],
    "s3:GetBucketLifecycleConfiguration": ["s3:GetLifecycleConfiguration"],
    "s3:PutBucketLifecycleConfiguration": ["s3:PutLifecycleConfiguration"],
    "s3:DeleteBucketLifecycle": ["s3:PutLifecycleConfiguration"],
    "s3:GetPublicAccessBlock": ["s3:GetBucketPublicAccessBlock"],
    "s3:PutPublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
    "dynamodb:TransactWriteItems": ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"],
    # Making something with its tags needs the right to tag it.
    "iam:CreateRole": ["iam:CreateRole", "iam:TagRole"],
    "iam:CreateInstanceProfile": ["iam:CreateInstanceProfile", "iam:TagInstanceProfile"],
    "dynamodb:CreateTable": ["dynamodb:CreateTable", "dynamodb:TagResource"],
    "sns:CreateTopic": ["sns:CreateTopic", "sns:TagResource"],
    "logs:CreateLogGroup": ["logs:CreateLogGroup", "logs:TagResource"],
    "wafv2:CreateWebACL": ["wafv2:CreateWebACL", "wafv2:TagResource"],
    "wafv2:CreateIPSet": ["wafv2:CreateIPSet", "wafv2:TagResource"],
    "cloudwatch:PutMetricAlarm": ["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
    "rds:CreateDBInstance": ["rds:CreateDBInstance", "rds:AddTagsToResource", "iam:CreateServiceLinkedRole"],
    "rds:CreateDBInstanceReadReplica": ["rds:CreateDBInstanceReadReplica", "rds:AddTagsToResource"],
    "elasticache:CreateReplicationGroup": [
        "elasticache:CreateReplicationGroup",
        "elasticache:AddTagsToResource",
        "iam:CreateServiceLinkedRole",
    ],
    "cloudfront:CreateDistributionWithTags": [
        "cloudfront:CreateDistribution",
        "cloudfront:CreateDistributionWithTags",
        "cloudfront:TagResource",
    ],
    "elbv2:CreateLoadBalancer": ["elbv2:CreateLoadBalancer", "elbv2:AddTags", "iam:CreateServiceLinkedRole"],
    "backup:CreateBackupVault": ["backup:CreateBackupVault", "backup:TagResource"],
    "backup:CreateBackupPlan": ["backup:CreateBackupPlan", "backup:TagResource"],
    # They hand a role to a service.
    "scheduler:CreateSchedule": ["scheduler:CreateSchedule", "iam:PassRole"],
    "backup:CreateBackupSelection": ["backup:CreateBackupSelection", "iam:PassRole"],
    "autoscaling:CreateAutoScalingGroup": [
        "autoscaling:CreateAutoScalingGroup",
        "iam:PassRole",
        "ec2:RunInstances",
        "ec2:CreateTags",
    ],
}


def policy(calls: set[str]) -> dict[str, Any]:
    """The IAM policy that allows *calls* (``elbv2:DescribeRules``) and nothing else, a statement for each service."""
    services: dict[str, set[str]] = {}
    for call in calls:
        for action in ACTIONS.get(call, [call]):
            service, operation = action.split(":")
            if operation != "PassRole":  # only to services, below
                services.setdefault(SERVICES.get(service, service), set()).add(operation)
    statements = [
        {
            "Sid": "".join(part.capitalize() for part in service.split("-")),
            "Effect": "Allow",
            "Action": [f"{service}:{operation}" for operation in sorted(operations)],
            "Resource": "*",
        }
        for service, operations in sorted(services.items())
    ]
    services_that_take_roles = [
        "scheduler.amazonaws.com",
        "backup.amazonaws.com",
        "ec2.amazonaws.com",
        "monitoring.rds.amazonaws.com",
        "vpc-flow-logs.amazonaws.com",
    ]
    handed = {
        "Sid": "RolesForServices",
        "Effect": "Allow",
        "Action": ["iam:PassRole"],
        "Resource": "*",
        "Condition": {"StringEquals": {"iam:PassedToService": services_that_take_roles}},
    }
    return {"Version": "2012-10-17", "Statement": [*statements, handed]}


def main(what: str, folder: str) -> int:
    """0 when the policy is as the calls need it."""
    files = list(Path(folder).glob("*.json"))
    calls = {call for file in files for call in json.loads(file.read_text(encoding="utf-8"))}
    if not calls:
        print(f"aws_policy: expected calls in {folder}, found none: run the tests first")
        return 1
    needed = policy(calls)
    if what == "write":
        POLICY.write_text(json.dumps(needed, indent=2) + "\n", encoding="utf-8")
        return 0
    lacking, idle = (sorted(one) for one in _apart(needed, json.loads(POLICY.read_text(encoding="utf-8"))))
    for told, actions in (("lacks", lacking), ("allows, and no test needed,", idle)):
        if actions:
            print(f"{POLICY.name} {told} {', '.join(actions)}: run tools/aws_policy.py write {folder}")
    return 1 if lacking or idle else 0


def _apart(needed: dict[str, Any], there: dict[str, Any]) -> tuple[set[str], set[str]]:
    first, second = ({action for one in its["Statement"] for action in one["Action"]} for its in (needed, there))
    return first - second, second - first


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
