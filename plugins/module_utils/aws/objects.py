# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of an S3 bucket that are small enough to be read and written whole.

API: S3, ``GetObject`` and ``PutObject`` with conditions
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
"""

from __future__ import annotations

from typing import NamedTuple

try:
    from botocore.exceptions import BotoCoreError
except ImportError:  # who makes the client says so
    pass

from .resource import StackError
from .session import Aws

# The object is another one than was read (412, or 404 where it was removed), or somebody writes at this moment (409).
_REFUSED = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")


class Text(NamedTuple):
    """An object's content, and the ETag that changes with it."""

    text: str
    etag: str


class Bucket:
    """The bucket *name*."""

    def __init__(self, aws: Aws, name: str) -> None:
        self.aws = aws
        self.name = name

    def read(self, key: str) -> Text | None:
        """The object at *key*, or None. Raises StackError."""
        answer = self.aws.call("s3", "get_object", "NoSuchKey", Bucket=self.name, Key=key)
        if not answer:
            return None
        try:
            return Text(answer["Body"].read().decode("utf-8", errors="surrogateescape"), answer["ETag"])
        except BotoCoreError as error:
            raise StackError(f"s3://{self.name}/{key} could not be read to its end: {error}") from error

    def write(self, key: str, text: str) -> None:
        """Put *text* at *key*, whatever is there. Raises StackError."""
        self.aws.call("s3", "put_object", Bucket=self.name, Key=key, Body=_bytes(text))

    def replace(self, key: str, text: str, etag: str | None) -> bool:
        """The same, where the object still is the one with this *etag*, or for None where there is none.

        False, and nothing is written, where it is not.
        """
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        return bool(
            self.aws.call("s3", "put_object", *_REFUSED, Bucket=self.name, Key=key, Body=_bytes(text), **condition)
        )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogateescape")
