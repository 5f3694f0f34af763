# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS answers and an emulator does not: calls that are refused, and states that it is never in.

Each call and each answer is held against the model of the service that AWS publishes in botocore.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import boto3
from botocore.stub import ANY, Stubber

from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws

REGION, ACCOUNT = "eu-central-1", "123456789012"
#: Stands for any value of a parameter that is not what a test is about.
WHATEVER = ANY


@dataclass(frozen=True)
class Answer:
    """What *operation* of *service* answers: *given*, or the error *code*. *asked* are all of its parameters."""

    service: str
    operation: str
    given: dict[str, Any] | None = None
    code: str = ""
    message: str = "because"
    asked: dict[str, Any] | None = None


def gives(service: str, operation: str, given: dict[str, Any] | None = None, **asked: Any) -> Answer:
    """*operation* of *service* gives that; with *asked*, it is asked with these parameters and no others."""
    return Answer(service, operation, given or {}, asked=asked or None)


def refuses(service: str, operation: str, code: str, message: str = "because", **asked: Any) -> Answer:
    """*operation* of *service* answers with the error *code*."""
    return Answer(service, operation, code=code, message=message, asked=asked or None)


@contextmanager
def vendor(*answers: Answer, stack: str = "shop") -> Iterator[Aws]:
    """An account that gives these *answers*, those of one service in their order, and is asked for all of them.

    Calls that are made at the same time come one after another: an answer is for one of them alone.
    """
    stubs: dict[str, Stubber] = {}

    def stub(service: str) -> Stubber:
        if service not in stubs:
            stubs[service] = Stubber(_client(service))
            stubs[service].activate()
        return stubs[service]

    for one in answers:
        if one.code:
            stub(one.service).add_client_error(one.operation, one.code, one.message, expected_params=one.asked)
        else:
            stub(one.service).add_response(one.operation, one.given, one.asked)
    aws = Aws(stack, lambda service: stub(service).client)
    aws.told(f"arn:aws:iam::{ACCOUNT}:root")
    aws.together = lambda *calls: [call() for call in calls]
    try:
        yield aws
        for one in stubs.values():
            one.assert_no_pending_responses()
    finally:
        aws.close()
        for one in stubs.values():
            one.deactivate()


@lru_cache
def _client(service: str) -> Any:
    """One for all tests, since it takes long to make: *service* is its name, and what is behind an @ tells it apart."""
    return boto3.client(service.partition("@")[0], region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
