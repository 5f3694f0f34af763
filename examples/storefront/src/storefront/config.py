# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration: environment variables, read once at start and checked before anything runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .faults import Faults
from .values import ConfigError, choice, number
from .version import VERSION

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_HEADER_VALUE = re.compile(r"[A-Za-z0-9._+-]{1,100}")


@dataclass(frozen=True)
class Config:
    """What one process of the shop is told.

    Times are seconds. From SIGTERM on the process lives for at most `grace` + `stop` and about a second more: a
    unit's TimeoutStopSec has to be longer than that.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    release: str = f"{VERSION}-dev"
    color: str = "none"
    data: Path = Path("data")
    log_level: str = "INFO"
    grace: float = 1.5
    """How long it goes on accepting after its readiness failed: the load balancer's time to notice."""
    stop: float = 15.0
    """How long requests in flight have to end after that."""
    version: str = VERSION
    faults: Faults = field(default_factory=Faults)

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Config:
        """Read the variables that README.md lists. Raises ConfigError."""
        return cls(
            host=env.get("HOST") or cls.host,
            port=int(number(env, "PORT", cls.port, 1, 65535, whole=True)),
            release=_label(env, "RELEASE_ID", cls.release),
            color=_label(env, "COLOR", cls.color),
            data=_data(env),
            log_level=choice(env, "STOREFRONT_LOG_LEVEL", LEVELS, cls.log_level),
            grace=number(env, "STOREFRONT_GRACE_SECONDS", cls.grace, 0, 60),
            stop=number(env, "STOREFRONT_STOP_SECONDS", cls.stop, 1, 600),
            faults=Faults.from_environment(env),
        )


def _data(env: Mapping[str, str]) -> Path:
    """Return the declared directory, else the one that systemd made for the unit, else ./data."""
    return Path(env.get("STOREFRONT_DATA") or env.get("STATE_DIRECTORY") or "data")


def _label(env: Mapping[str, str], name: str, default: str) -> str:
    """A value that goes into each response's header: nothing but what is harmless there."""
    value = env.get(name) or default
    if not _HEADER_VALUE.fullmatch(value):
        raise ConfigError(name, "1 to 100 of the characters A-Z a-z 0-9 . _ + -", value)
    return value
