# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access to AWS for modules that are not AWS's alone: boto3 is needed where one of them uses it, amazon.aws nowhere."""

from __future__ import annotations

import sys
from typing import Any

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError
except ImportError:
    boto3 = None

from .resource import StackError
from .session import Aws

_ATTEMPTS = 5
_CONNECT, _READ = 3.0, 5.0


def access(region: str, profile: str | None = None, endpoint_url: str | None = None, attempts: int = _ATTEMPTS) -> Aws:
    """AWS in *region*, with the credentials of *profile* or of the environment.

    A call that is throttled or fails is made again, all in all for less than the lease of a rollout lasts; with one of
    *attempts*, that is left to the caller.
    """

    def connect(service: str) -> Any:
        if boto3 is None:
            raise StackError(f"boto3 is not installed for {sys.executable}: install it there")
        retries = {"mode": "standard", "total_max_attempts": attempts}
        config = Config(retries=retries, connect_timeout=_CONNECT, read_timeout=_READ)
        try:
            session = boto3.session.Session(profile_name=profile, region_name=region)
            return session.client(service, endpoint_url=endpoint_url, config=config)
        except BotoCoreError as error:
            raise StackError(f"AWS cannot be asked: {error}") from error

    return Aws("", connect)
