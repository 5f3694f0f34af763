# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a ledger's table or bucket is made, changed and removed.

API: DynamoDB, version 2012-08-10; S3, version 2006-03-01.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..patience import until
from ..resource import Found, StackError, Wanted
from ..session import Aws
from .declared import BUCKET, KEYS, TABLE
from .found import OLD_VERSIONS

_AT_ONCE = 1000  # objects that one call removes


class LedgerTable:
    """The table: with it every journal, lease and fencing number would be gone."""

    name = TABLE
    fixed = frozenset({"keys"})
    held_by: frozenset[str] = frozenset()
    precious = True

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        return self.aws.call("dynamodb", operation, *absent, **parameters)

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name, properties = wanted.address.name, wanted.properties
        made = self.call(
            "create_table",
            "ResourceInUseException",
            TableName=name,
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in KEYS],
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(KEYS, ("HASH", "RANGE"))],
            BillingMode="PAY_PER_REQUEST",
            DeletionProtectionEnabled=properties["deletion_protection"],
            Tags=self.aws.tags(name),
            **({"SSESpecification": _encryption(properties)} if properties["kms_key"] else {}),
        ).get("TableDescription")
        if not made:
            raise StackError("another run is making it at this moment: run this again when that one has ended")
        if properties["point_in_time_recovery"]:
            self._recovery(name, True)
        return {"id": made["TableArn"], "arn": made["TableArn"], "name": name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        name, properties = found.ids["name"], wanted.properties
        parameters: dict[str, Any] = {}
        if "deletion_protection" in changed:
            parameters["DeletionProtectionEnabled"] = properties["deletion_protection"]
        if "billing" in changed:
            parameters["BillingMode"] = "PAY_PER_REQUEST"
        if "kms_key" in changed:
            parameters["SSESpecification"] = _encryption(properties)
        if parameters:
            self.call("update_table", TableName=name, **parameters)
        if "point_in_time_recovery" in changed:
            self._recovery(name, properties["point_in_time_recovery"])

    def delete(self, found: Found) -> None:
        name = found.ids["name"]
        if found.properties["deletion_protection"]:
            self.call("update_table", TableName=name, DeletionProtectionEnabled=False)
            self.wait(found.ids)
        self.call("delete_table", "ResourceNotFoundException", TableName=name)
        with self.aws.waiting(f"{found.address} to be gone"):
            self.aws.client("dynamodb").get_waiter("table_not_exists").wait(TableName=name)

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        with self.aws.waiting(f"{TABLE} {ids['name']} to be active"):
            waiter = self.aws.client("dynamodb").get_waiter("table_exists")
            waiter.wait(TableName=ids["name"], WaiterConfig={"Delay": 5, "MaxAttempts": 120})
        return ids

    def _recovery(self, name: str, on: bool) -> None:
        self.wait({"name": name})
        # A new table has no backups to go on with for its first moments.
        until(
            lambda: (
                self.call(
                    "update_continuous_backups",
                    "ContinuousBackupsUnavailableException",
                    TableName=name,
                    PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": on},
                )
                or None
            ),
            f"continuous backups of {TABLE} {name}",
            longest=300,
            pause=5,
        )


class LedgerBucket:
    """The bucket: made in one call with its tag; what it still lacks when a run dies, the next one sees and adds."""

    name = BUCKET
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()
    precious = True

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        return self.aws.call("s3", operation, *absent, **parameters)

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name, region = wanted.address.name, self.aws.client("s3").meta.region_name
        # us-east-1 has no name here: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
        where = {} if region == "us-east-1" else {"LocationConstraint": region}
        self.call("create_bucket", Bucket=name, CreateBucketConfiguration={**where, "Tags": self.aws.tags(name)})
        self._settle(name, wanted, frozenset(wanted.properties))
        return {"id": name, "name": name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        self._settle(found.ids["name"], wanted, changed)

    def _settle(self, name: str, wanted: Wanted, changed: AbstractSet[str]) -> None:
        """One after the other: S3 refuses two settings of a bucket at once."""
        properties = wanted.properties
        if "public_access_blocked" in changed:
            what = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
            self.call("put_public_access_block", Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(what, True))
        if "versioned" in changed:
            self.call("put_bucket_versioning", Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        if "kms_key" in changed:
            self.call("put_bucket_encryption", Bucket=name, ServerSideEncryptionConfiguration=_bucket_key(properties))
        if "old_versions_days" in changed:
            rule = {
                "ID": OLD_VERSIONS,
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "NoncurrentVersionExpiration": {"NoncurrentDays": properties["old_versions_days"]},
            }
            self.call("put_bucket_lifecycle_configuration", Bucket=name, LifecycleConfiguration={"Rules": [rule]})
        if "tls_only" in changed:
            self.call("put_bucket_policy", Bucket=name, Policy=json.dumps(self._tls_only(name)))

    def delete(self, found: Found) -> None:
        name = found.ids["name"]
        for key in ("Versions", "DeleteMarkers"):
            there = list(self.aws.pages("s3", "list_object_versions", key, "NoSuchBucket", Bucket=name))
            objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in there]
            for first in range(0, len(objects), _AT_ONCE):
                gone = {"Objects": objects[first : first + _AT_ONCE], "Quiet": True}
                if stays := self.call("delete_objects", Bucket=name, Delete=gone).get("Errors"):
                    why = stays[0]
                    raise StackError(f"{found.address} keeps {why['Key']}: {why['Message']} ({why['Code']})")
        self.call("delete_bucket", "NoSuchBucket", Bucket=name)
        with self.aws.waiting(f"{found.address} to be gone"):
            self.aws.client("s3").get_waiter("bucket_not_exists").wait(Bucket=name)

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        with self.aws.waiting(f"{BUCKET} {ids['name']} to be there"):
            self.aws.client("s3").get_waiter("bucket_exists").wait(Bucket=ids["name"])
        return ids

    def _tls_only(self, name: str) -> dict[str, Any]:
        arn = f"arn:{self.aws.client('s3').meta.partition}:s3:::{name}"
        refused = {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        return {"Version": "2012-10-17", "Statement": [refused]}


def _encryption(properties: Mapping[str, Any]) -> dict[str, Any]:
    """With a key of one's own; without, AWS encrypts with one of its own, which goes by the name of not enabled."""
    key = properties["kms_key"]
    return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key} if key else {"Enabled": False}


def _bucket_key(properties: Mapping[str, Any]) -> dict[str, Any]:
    key = properties["kms_key"]
    how = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key} if key else {"SSEAlgorithm": "AES256"}
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": how, **({"BucketKeyEnabled": True} if key else {})}]}
