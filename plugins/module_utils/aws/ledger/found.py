# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ledger's table or bucket as AWS describes it, in the words of its declaration; two calls deep.

API: DynamoDB, version 2012-08-10, ``Describe*``; S3, ``GetBucket*``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..resource import Address, Found, StackError
from ..session import Aws
from .declared import TABLE

_NO_TABLE = ("ResourceNotFoundException", "TableNotFoundException")
#: The rule by which a bucket drops old versions of what it keeps.
OLD_VERSIONS = "seamless-old-versions"


def read(aws: Aws, address: Address) -> Iterator[Found]:
    """What is there at this *address*."""
    yield from _table(aws, address) if address.kind == TABLE else _bucket(aws, address)


def _table(aws: Aws, address: Address) -> Iterator[Found]:
    name = address.name
    described, backups = aws.together(
        lambda: aws.call("dynamodb", "describe_table", *_NO_TABLE, TableName=name).get("Table"),
        lambda: aws.call("dynamodb", "describe_continuous_backups", *_NO_TABLE, TableName=name),
    )
    if not described:
        return
    arn, status = described["TableArn"], described["TableStatus"]
    tags = list(aws.pages("dynamodb", "list_tags_of_resource", "Tags", *_NO_TABLE, ResourceArn=arn))
    busy = "" if status == "ACTIVE" else status.lower()
    yield Found(
        address, {"id": arn, "arn": arn, "name": name}, table_in_words(described, backups), aws.ours(tags), busy
    )


def table_in_words(one: Mapping[str, Any], backups: Mapping[str, Any]) -> dict[str, Any]:
    """A table as its declaration would say it."""
    recovery = backups.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
    encryption = one.get("SSEDescription", {})
    on_demand = one.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST"
    return {
        "keys": [key["AttributeName"] for key in sorted(one["KeySchema"], key=lambda key: key["KeyType"])],
        "billing": "on demand" if on_demand else "provisioned",
        "deletion_protection": one.get("DeletionProtectionEnabled", False),
        "point_in_time_recovery": recovery.get("PointInTimeRecoveryStatus") == "ENABLED",
        "kms_key": encryption.get("KMSMasterKeyArn", "") if encryption.get("Status") != "DISABLED" else "",
    }


def _bucket(aws: Aws, address: Address) -> Iterator[Found]:
    name = address.name

    def about(what: str, nothing: str) -> Any:
        return lambda: aws.call("s3", f"get_{what}", nothing, "NoSuchBucket", Bucket=name)

    try:
        there = aws.call("s3", "get_bucket_location", "NoSuchBucket", Bucket=name)
    except StackError as error:
        raise StackError(f"{address}: {error}. If it is somebody else's bucket, choose another name") from error
    if not there:
        return
    tags, *settings = aws.together(
        about("bucket_tagging", "NoSuchTagSet"),
        about("bucket_versioning", "NoSuchBucket"),
        about("bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError"),
        about("public_access_block", "NoSuchPublicAccessBlockConfiguration"),
        about("bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        about("bucket_policy", "NoSuchBucketPolicy"),
    )
    ids = {"id": name, "name": name}
    yield Found(address, ids, bucket_in_words(*settings), aws.ours(tags.get("TagSet")))


def bucket_in_words(
    versioning: Mapping[str, Any],
    encryption: Mapping[str, Any],
    public_access: Mapping[str, Any],
    lifecycle: Mapping[str, Any],
    policy: Mapping[str, Any],
) -> dict[str, Any]:
    """A bucket as its declaration would say it."""
    rules = encryption.get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
    keys = [rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID", "") for rule in rules]
    days = [
        rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in lifecycle.get("Rules", ())
        if rule.get("ID") == OLD_VERSIONS
    ]
    blocked = public_access.get("PublicAccessBlockConfiguration", {})
    statements = json.loads(policy.get("Policy", "{}")).get("Statement", ())
    return {
        "versioned": versioning.get("Status") == "Enabled",
        "kms_key": keys[0] if keys else "",
        "public_access_blocked": len(blocked) == 4 and all(blocked.values()),
        "old_versions_days": days[0] if days else None,
        "tls_only": any(_tls_only(statement) for statement in statements),
    }


def _tls_only(statement: Mapping[str, Any]) -> bool:
    plain = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
    return statement.get("Effect") == "Deny" and str(plain).lower() == "false"
