# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls to AWS: clients made once each, answers page by page, errors in words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule says so

from .resource import STACK_TAG, Address, StackError

_T = TypeVar("_T")

_AT_ONCE = 16
_REFUSED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError")
_BUSY = ("Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException")


class Aws:
    """One account and region, as one stack sees them.

    *connect* makes a client for a service's name (``elbv2``). *tags* are those of the stack's declaration; each
    resource gets them, its name, and the tag by which the stack knows it.
    """

    def __init__(self, stack: str, connect: Callable[[str], Any], tags: Mapping[str, str] | None = None) -> None:
        self.stack = stack
        self._connect = connect
        self._tags = dict(tags or {})
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._account = ""
        self._asking = threading.Lock()
        # For single calls alone: a task that waits for another one of the same pool could wait for ever.
        self._threads = ThreadPoolExecutor(_AT_ONCE)

    def client(self, service: str) -> Any:
        """The client of a *service*; the same one for every thread, as botocore allows."""
        with self._lock:  # making one is not safe in threads (boto3's documentation), using it is
            if service not in self._clients:
                self._clients[service] = self._connect(service)
            return self._clients[service]

    @property
    def account(self) -> str:
        """The number of the account; asked for once, where no ARN has told it."""
        with self._asking:
            self._account = self._account or self.call("sts", "get_caller_identity")["Account"]
        return self._account

    def told(self, arn: str) -> None:
        """The *arn* of a resource of the account tells its number, which then need not be asked for."""
        self._account = self._account or arn.split(":")[4]

    @property
    def region(self) -> str:
        """The region's name."""
        return str(self.client("sts").meta.region_name)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a *resource* (``alarm:shop``) of this account and region, where services name it predictably."""
        partition = self.client("sts").meta.partition
        return f"arn:{partition}:{service}:{self.region}:{self.account}:{resource}"

    def call(self, service: str, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        """The answer to one call; {} where AWS answers with one of the error codes *absent*. Raises StackError."""
        try:
            answer: dict[str, Any] = getattr(self.client(service), operation)(**parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] in absent:
                return {}
            raise StackError(_said(error, service)) from error
        except BotoCoreError as error:
            raise StackError(f"AWS could not be asked ({service} {operation}): {error}") from error
        return answer

    def pages(self, service: str, operation: str, key: str, *absent: str, **parameters: Any) -> Iterator[Any]:
        """Each item under *key* of every page of an answer; none where AWS answers with one of *absent*."""
        client = self.client(service)
        if not client.can_paginate(operation):
            yield from self.call(service, operation, *absent, **parameters).get(key, ())
            return
        try:
            for page in client.get_paginator(operation).paginate(**parameters):
                yield from page.get(key, ())
        except ClientError as error:
            if error.response["Error"]["Code"] not in absent:
                raise StackError(_said(error, service)) from error
        except BotoCoreError as error:
            raise StackError(f"AWS could not be asked ({service} {operation}): {error}") from error

    def together(self, *calls: Callable[[], _T]) -> list[_T]:
        """The answers of several *calls*, which are made at the same time. Raises the error of the first with one."""
        return list(self._threads.map(lambda call: call(), calls))

    def close(self) -> None:
        """End its threads, once nobody asks any more."""
        self._threads.shutdown(wait=False)

    @contextmanager
    def waiting(self, for_what: str) -> Iterator[None]:
        """Turns a botocore waiter's failure into words."""
        try:
            yield
        except BotoCoreError as error:
            raise StackError(f"waited for {for_what}, which did not come: {error}") from error

    # -- tags ------------------------------------------------------------------------------------

    def tags(self, name: str) -> list[dict[str, str]]:
        """The tags of the resource *name*, as most services take them: ``[{"Key": ..., "Value": ...}]``."""
        return [{"Key": key, "Value": value} for key, value in self.tag_map(name).items()]

    def tag_map(self, name: str) -> dict[str, str]:
        """The tags of the resource *name*: the declared ones, ``Name``, and the stack's."""
        return {**self._tags, "Name": name, STACK_TAG: self.stack}

    def ours(self, tags: Any) -> bool:
        """Whether *tags*, as AWS describes them, have this stack's."""
        return any(tag.get("Key") == STACK_TAG and tag.get("Value") == self.stack for tag in tags or ())

    def own(self, what: Address, tags: Any) -> None:
        """Raises StackError where *what*, for which something else has spoken so far, lacks the stack's tag itself."""
        if not self.ours(tags):
            raise StackError(f"{what} lacks the tag {STACK_TAG}, and is left as it is: tag it, or name it as yours")


def _said(error: ClientError, service: str) -> str:
    code, told = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    service = service.partition("@")[0]
    if code in _REFUSED:
        return f"not allowed: {service}:{error.operation_name} ({told}). Give the caller's role that permission"
    if code in _BUSY:
        return f"{service} {error.operation_name} was throttled again and again ({told}). Run this again in a while"
    return f"{service} {error.operation_name}: {told} ({code})"
