# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ledger's table or bucket: one property changed at a time, and answers that an emulator never gives."""

from __future__ import annotations

import json

import pytest
from a_vendor import WHATEVER, gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.ledger.concern import Ledger
from ansible_collections.seamless.delivery.plugins.module_utils.aws.ledger.declared import (
    ARGUMENTS,
    BUCKET,
    TABLE,
    wanted,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.ledger.kinds import LedgerBucket, LedgerTable
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
)

NAME = "shop-ledger"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/1"
ARN = f"arn:aws:dynamodb:eu-central-1:123456789012:table/{NAME}"
DECLARED = {name: option.get("default") for name, option in ARGUMENTS.items()}
ACTIVE = gives("dynamodb", "describe_table", {"Table": {"TableStatus": "ACTIVE"}}, TableName=NAME)


pytestmark = pytest.mark.usefixtures("clock")


def table(changed, **given):
    """What is asked for where these properties of a table *changed* to those *given*."""

    def on(aws):
        aim = wanted("shop", {**DECLARED, **given}, given.get("deletion_protection", True))
        there = Found(Address(TABLE, NAME), {"id": ARN, "arn": ARN, "name": NAME}, {})
        LedgerTable(aws).change(there, aim, frozenset(changed))

    return on


def bucket(changed, **given):
    """The same of a bucket."""

    def on(aws):
        aim = wanted("shop", {**DECLARED, "type": "s3", **given}, True)
        there = Found(Address(BUCKET, NAME), {"id": NAME, "name": NAME}, {})
        LedgerBucket(aws).change(there, aim, frozenset(changed))

    return on


# -- a table ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (table({"billing"}), {"BillingMode": "PAY_PER_REQUEST"}),
        (table({"deletion_protection"}, deletion_protection=False), {"DeletionProtectionEnabled": False}),
        (
            table({"kms_key"}, kms_key=KEY),
            {"SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}},
        ),
        (table({"kms_key"}), {"SSESpecification": {"Enabled": False}}),
        (
            table({"kms_key", "billing"}),
            {"SSESpecification": {"Enabled": False}, "BillingMode": "PAY_PER_REQUEST"},
        ),
    ],
    ids=["billing", "protection", "a key of one's own", "no key any more", "two at once"],
)
def test_what_changes_of_a_table_is_asked_for_in_one_call_and_nothing_else_is(change, asked):
    with vendor(gives("dynamodb", "update_table", TableName=NAME, **asked)) as aws:
        change(aws)


def recovery(on, refused=False):
    asked = {"TableName": NAME, "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": on}}
    if refused:
        return refuses("dynamodb", "update_continuous_backups", "ContinuousBackupsUnavailableException", **asked)
    answer = {"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED"}}
    return gives("dynamodb", "update_continuous_backups", answer, **asked)


def test_where_only_backups_change_the_table_itself_is_not_written():
    with vendor(ACTIVE, recovery(False)) as aws:
        table({"point_in_time_recovery"}, point_in_time_recovery=False)(aws)


def test_backups_of_a_new_table_are_asked_for_until_they_can_be_had(slept):
    with vendor(ACTIVE, recovery(True, refused=True), recovery(True)) as aws:
        table({"point_in_time_recovery"})(aws)
    assert slept == [5]


def test_backups_that_never_can_be_had_are_an_error():
    refused = [recovery(True, refused=True)] * 62
    with vendor(ACTIVE, *refused) as aws, pytest.raises(StackError, match=f"300 s for continuous backups of .*{NAME}"):
        table({"point_in_time_recovery"})(aws)


def test_two_runs_that_make_the_same_table_do_not_both_own_it():
    with (
        vendor(refuses("dynamodb", "create_table", "ResourceInUseException")) as aws,
        pytest.raises(StackError, match="another run is making it at this moment"),
    ):
        LedgerTable(aws).create(wanted("shop", DECLARED, True))


def test_a_table_that_may_not_be_looked_at_is_not_waited_for():
    with (
        vendor(refuses("dynamodb", "describe_table", "AccessDeniedException")) as aws,
        pytest.raises(StackError, match=f"^waited for ledger table {NAME} to be active, which did not come: .*Denied"),
    ):
        LedgerTable(aws).wait({"name": NAME})


def test_a_table_of_the_stacks_name_that_somebody_else_made_is_not_the_stacks():
    described = {
        "TableArn": ARN,
        "TableStatus": "UPDATING",
        "KeySchema": [
            {"AttributeName": "item", "KeyType": "RANGE"},
            {"AttributeName": "service", "KeyType": "HASH"},
        ],
    }
    others = [{"Key": STACK_TAG, "Value": "shop-eu"}]
    asked = [
        gives("dynamodb", "describe_table", {"Table": described}, TableName=NAME),
        refuses("dynamodb", "describe_continuous_backups", "TableNotFoundException", TableName=NAME),
        # The tags come in pages.
        gives("dynamodb", "list_tags_of_resource", {"Tags": [], "NextToken": "more"}, ResourceArn=ARN),
        gives("dynamodb", "list_tags_of_resource", {"Tags": others}, ResourceArn=ARN, NextToken="more"),
    ]
    with vendor(*asked) as aws:
        (there,) = Ledger(aws, DECLARED).read()
    assert (there.ours, there.busy) == (False, "updating")
    assert there.properties == {
        "keys": ["service", "item"],
        "billing": "provisioned",
        "deletion_protection": False,
        "point_in_time_recovery": False,
        "kms_key": "",
    }


# -- a bucket --------------------------------------------------------------------------------

BLOCKS = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def key_rule(how, **more):
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": how, **more}]}


@pytest.mark.parametrize(
    ("change", "operation", "asked"),
    [
        (bucket({"public_access_blocked"}), "put_public_access_block", {"PublicAccessBlockConfiguration": BLOCKS}),
        (bucket({"versioned"}), "put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
        (
            bucket({"kms_key"}),
            "put_bucket_encryption",
            {"ServerSideEncryptionConfiguration": key_rule({"SSEAlgorithm": "AES256"})},
        ),
        (
            bucket({"kms_key"}, kms_key=KEY),
            "put_bucket_encryption",
            {
                "ServerSideEncryptionConfiguration": key_rule(
                    {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}, BucketKeyEnabled=True
                )
            },
        ),
        (
            bucket({"old_versions_days"}, old_versions_days=30),
            "put_bucket_lifecycle_configuration",
            {
                "LifecycleConfiguration": {
                    "Rules": [
                        {
                            "ID": "seamless-old-versions",
                            "Status": "Enabled",
                            "Filter": {"Prefix": ""},
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                        }
                    ]
                }
            },
        ),
        (
            bucket({"tls_only"}),
            "put_bucket_policy",
            {
                "Policy": json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Sid": "TlsOnly",
                                "Effect": "Deny",
                                "Principal": "*",
                                "Action": "s3:*",
                                "Resource": [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"],
                                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                            }
                        ],
                    }
                )
            },
        ),
    ],
    ids=["public access", "versions", "the key of AWS", "a key of one's own", "old versions", "encrypted ways alone"],
)
def test_what_changes_of_a_bucket_is_written_and_nothing_else_is(change, operation, asked):
    with vendor(gives("s3", operation, Bucket=NAME, **asked)) as aws:
        change(aws)


def test_settings_of_a_bucket_are_written_one_after_the_other_and_end_at_the_first_that_is_refused():
    asked = [
        gives("s3", "put_bucket_versioning", Bucket=NAME, VersioningConfiguration=WHATEVER),
        refuses("s3", "put_bucket_lifecycle_configuration", "OperationAborted", "a conflicting operation is under way"),
    ]
    with (
        vendor(*asked) as aws,
        pytest.raises(StackError, match=r"a conflicting operation is under way \(OperationAborted\)"),
    ):
        bucket({"versioned", "old_versions_days", "tls_only"})(aws)


def test_a_name_that_is_taken_by_another_account_is_told_with_what_to_do():
    with (
        vendor(refuses("s3", "get_bucket_location", "AccessDenied", Bucket=NAME)) as aws,
        pytest.raises(StackError, match=r"^ledger bucket shop-ledger: .*somebody else's bucket, choose another name$"),
    ):
        Ledger(aws, {**DECLARED, "type": "s3"}).read()


def test_a_declaration_that_cannot_be_is_refused_with_all_that_is_wrong():
    mistaken = {**DECLARED, "name": "a b", "kms_key": "alias/ours", "old_versions_days": 0}
    with vendor() as aws, pytest.raises(StackError, match=r"^name: .*; kms_key: .*; old_versions_days: ") as told:
        Ledger(aws, mistaken).wanted({})
    assert "found 'a b'" in str(told.value)


def test_what_stays_in_a_bucket_that_is_removed_is_told_of_by_its_name():
    kept = {"Key": "storefront/journal.jsonl", "VersionId": "1"}
    versions = gives("s3", "list_object_versions", {"Versions": [kept]}, Bucket=NAME)
    locked = {"Errors": [{**kept, "Code": "AccessDenied", "Message": "it is locked until 2030"}]}
    removal = gives("s3", "delete_objects", locked, Bucket=NAME, Delete={"Objects": [kept], "Quiet": True})
    with (
        vendor(versions, removal) as aws,
        pytest.raises(StackError, match=r"keeps storefront/journal.jsonl: it is locked until 2030 \(AccessDenied\)"),
    ):
        LedgerBucket(aws).delete(Found(Address(BUCKET, NAME), {"id": NAME, "name": NAME}, {}))
