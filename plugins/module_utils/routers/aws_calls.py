# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls of a router to AWS: what may be tried again, and what was refused, in the words of the router contract.

The client itself must not try again (``total_max_attempts`` 1): only the router knows until when a write may be sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

try:
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from botocore.parsers import ResponseParserError
except ImportError:
    pass  # AnsibleAWSModule says so

from .base import RouterError

# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
_THROTTLED = (
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "PriorRequestNotComplete",
)
_PATIENCE = 10.0
_PAUSE = 0.1


class Again(RouterError):
    """AWS was too busy, or its answer was lost: the same call may be made once more."""


class ConditionFailed(RouterError):
    """A conditional write found something else than it expected: *item*, where it asked to be told."""

    def __init__(self, said: str, item: Mapping[str, Any]) -> None:
        super().__init__(said)
        self.item = item


class AwsCalls:
    """Calls through *client*; *clock* needs ``monotonic()`` and ``sleep(seconds)``."""

    def __init__(self, client: Any, clock: Any) -> None:
        self._client = client
        self._clock = clock

    def once(self, operation: str, absent: str = "", **parameters: Any) -> dict[str, Any]:
        """The answer to one call, {} where it is the error code *absent*.

        Raises Again, ConditionFailed or, for all else, RouterError.
        """
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] == absent:
                return {}
            raise _refused(error) from error
        except (HTTPClientError, ResponseParserError) as error:
            raise Again(f"AWS did not answer {operation}: {error}") from error
        except BotoCoreError as error:
            raise RouterError(f"AWS could not be asked ({operation}): {error}") from error
        return answer

    def patiently(self, operation: str, absent: str = "", **parameters: Any) -> dict[str, Any]:
        """The same, made again for as long as ten seconds: for what does no harm when it is made twice."""
        deadline, pause = self._clock.monotonic() + _PATIENCE, _PAUSE
        while True:
            try:
                return self.once(operation, absent, **parameters)
            except Again:
                if self._clock.monotonic() + pause > deadline:
                    raise
            self._clock.sleep(pause)
            pause *= 2


def _refused(error: ClientError) -> RouterError:
    code, said = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    status = error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
    if code in ("ConditionalCheckFailedException", "PreconditionFailed", "InvalidChangeBatch"):
        return ConditionFailed(said, error.response.get("Item", {}))
    if code in _THROTTLED or status >= 500:
        return Again(f"{error.operation_name} was not answered in time ({code}: {said})")
    return RouterError(f"{error.operation_name}: {said} ({code})")
