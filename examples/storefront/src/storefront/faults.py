# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: what is wrong with a release, declared in its environment.

A drill deploys such a release and expects the rollout to notice. A fault that is off costs a request nothing:
handlers are wrapped at start, and only where there is something to inject.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from .values import ConfigError, choice, number, switch

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PREFIX = "STOREFRONT_FAULT_"
MAX_LATENCY = 60_000
MAX_START = 3600


class InjectedFault(Exception):
    """The error of STOREFRONT_FAULT_ERROR_RATE. It takes the way of any other bug: logged, counted, answered 500."""


class StartCrash(Exception):
    """STOREFRONT_FAULT_START=crash."""


@dataclass(frozen=True)
class Faults:
    """What to inject. Rates are shares of the requests for shop pages, from 0 to 1; the default is no fault."""

    error_rate: float = 0.0
    latency_ms: float = 0.0
    latency_rate: float = 1.0
    unready: bool = False
    crash: bool = False
    start_delay: float = 0.0
    smoke: bool = False

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Faults:
        """Raises ConfigError, also for a fault that we do not know: a misspelt drill would prove nothing."""
        crash, delay = _start(env)
        faults = cls(
            error_rate=number(env, f"{PREFIX}ERROR_RATE", 0, 0, 1),
            latency_ms=number(env, f"{PREFIX}LATENCY_MS", 0, 0, MAX_LATENCY),
            latency_rate=number(env, f"{PREFIX}LATENCY_RATE", 1, 0, 1),
            unready=choice(env, f"{PREFIX}READINESS", ("ok", "fail"), "ok") == "fail",
            crash=crash,
            start_delay=delay,
            smoke=switch(env, f"{PREFIX}SMOKE"),
        )
        known = {f"{PREFIX}{name}" for name in NAMES}
        for name in env:
            if name.startswith(PREFIX) and name not in known:
                raise ConfigError(name, f"a fault out of {', '.join(sorted(known))}", env[name])
        return faults

    def afflict(self, handler: Handler) -> Handler:
        """Return the handler of a shop page with the latency and the errors of this release."""
        if not (self.error_rate or self.latency_ms):
            return handler

        @functools.wraps(handler)
        async def afflicted(request: web.Request) -> web.StreamResponse:
            if self.latency_ms and random.random() < self.latency_rate:  # noqa: S311 - no secret depends on it
                await asyncio.sleep(self.latency_ms / 1000)
            if random.random() < self.error_rate:  # noqa: S311
                raise InjectedFault(f"{PREFIX}ERROR_RATE={self.error_rate:g}")
            return await handler(request)

        return afflicted

    async def start(self, stop: asyncio.Event) -> None:
        """Start late, or not at all; who is told to stop meanwhile waits no longer. Raises StartCrash."""
        if self.crash:
            raise StartCrash(f"{PREFIX}START=crash: this release is made not to start")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.start_delay):
                await stop.wait()


NAMES = ("ERROR_RATE", "LATENCY_MS", "LATENCY_RATE", "READINESS", "START", "SMOKE")


def _start(env: Mapping[str, str]) -> tuple[bool, float]:
    name = f"{PREFIX}START"
    value = env.get(name, "").strip()
    if value in ("", "ok", "crash"):
        return value == "crash", 0.0
    word, _colon, seconds = value.partition(":")
    try:
        delay = float(seconds) if word == "slow" else -1.0
    except ValueError:
        delay = -1.0
    if not 0 <= delay <= MAX_START:
        raise ConfigError(name, f"crash or slow:<seconds>, up to {MAX_START}", value)
    return False, delay
