# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S3 beyond moto."""

from __future__ import annotations

import json
from typing import Any

import xmltodict
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

_put = S3Response._bucket_response_put
_permission = FakeBucket.get_permission


def _put_bucket(self: Any, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
    """moto leaves the tags of a new bucket out; AWS takes them in the same call.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
    """
    made = _put(self, request, bucket_name, querystring)
    if not querystring and self.body:
        tags = xmltodict.parse(self.body, force_list=("Tag",)).get("CreateBucketConfiguration", {}).get("Tags") or {}
        self.backend.put_bucket_tagging(bucket_name, {tag["Key"]: tag["Value"] or "" for tag in tags.get("Tag", ())})
    return made


S3Response._bucket_response_put = _put_bucket


def _permitted(self: Any, action: str, resource: str) -> Any:
    """moto takes no condition of a policy into account. One that refuses what comes without TLS refuses nobody here.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
    """
    policy = self.policy
    try:
        if policy is not None:
            said = json.loads(policy)
            said["Statement"] = [one for one in said["Statement"] if "aws:SecureTransport" not in json.dumps(one)]
            self.policy = json.dumps(said).encode()
        return _permission(self, action, resource)
    finally:
        self.policy = policy


FakeBucket.get_permission = _permitted
