# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ledger's bucket goes with all that it keeps, when that is meant, and not before."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from harness import Emulator

_BUCKET: dict[str, Any] = {"stack": "shop", "type": "s3", "name": "shop-ledger"}
_ABSENT = {**_BUCKET, "state": "absent"}


def test_a_bucket_goes_with_every_version_of_what_it_keeps(emulator: Emulator) -> None:
    emulator.must("aws_ledger", _BUCKET)
    s3 = emulator.client("s3")
    for key, body in (("a", b"1"), ("a", b"2"), ("b", b"1")):
        s3.put_object(Bucket="shop-ledger", Key=key, Body=body)
    s3.delete_object(Bucket="shop-ledger", Key="b")  # leaves a mark behind, and the version
    refused, written = emulator.counting(lambda: emulator.run_module("aws_ledger", _ABSENT))
    assert "set deletion_protection to false" in refused["msg"]
    assert written == []
    with pytest.raises(ClientError, match="BucketNotEmpty"):  # AWS removes no other than an empty one
        s3.delete_bucket(Bucket="shop-ledger")
    emulator.must("aws_ledger", {**_ABSENT, "deletion_protection": False})
    assert s3.list_buckets()["Buckets"] == []
