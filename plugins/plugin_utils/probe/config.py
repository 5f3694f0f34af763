# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe's configuration: what it may do to a service, declared in full and checked before it sends anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from .rows import LONG_LIVED, SHORT

MAX_RATE = 2000
"""Requests per second. A hard cap: the probe measures a service, it does not load-test it."""
MAX_HELD = 200
MAX_SECONDS = 6 * 3600
MAX_IN_FLIGHT = 4000

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:_-]{0,253}[A-Za-z0-9])?")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_COOKIE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PATH = re.compile(r"/[!-~]*")
_MEDIA = re.compile(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+(; ?[A-Za-z0-9.+=-]+)*")
_LONG_LIVED_COUNT = {"stream": "streams", "websocket": "websockets"}


class ConfigError(ValueError):
    """The configuration cannot be used. The message names every key that is wrong."""


class _Wrong(Exception):
    """One value is not what was expected."""


def _number(low: float, high: float, whole: bool = False) -> Callable[[Any], Any]:
    kind = "whole number" if whole else "number"

    def check(value: Any) -> Any:
        usable = isinstance(value, int) or (isinstance(value, float) and not whole)
        if isinstance(value, bool) or not usable or not low <= value <= high:
            raise _Wrong(f"a {kind} from {low:g} to {high:g}")
        return value

    return check


def _text(pattern: re.Pattern[str], what: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise _Wrong(what)
        return value

    return check


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("true or false")
    return value


def _any_text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("a text")
    return value


def _file_name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _Wrong("the path of a file")
    return value


def _ca_file(value: Any) -> str | None:
    if value is not None and not (isinstance(value, str) and Path(value).is_file()):
        raise _Wrong("null (the system's authorities) or the path of a PEM file that exists here")
    return value


def _mix(value: Any) -> dict[str, float]:
    expected = f"a weight, 0 or more and at least one above 0, for each kind of {', '.join(SHORT)}"
    if not isinstance(value, Mapping) or set(value) - set(SHORT):
        raise _Wrong(expected)
    for weight in value.values():
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < float("inf"):
            raise _Wrong(expected)
    if sum(value.values()) <= 0:
        raise _Wrong(expected)
    return dict(value)


def _paths(value: Any) -> dict[str, tuple[str, ...]]:
    expected = f"a path such as /slow?seconds=2, or a list of them, for each kind of {', '.join(SHORT + LONG_LIVED)}"
    if not isinstance(value, Mapping) or set(value) - set(SHORT + LONG_LIVED):
        raise _Wrong(expected)
    paths: dict[str, tuple[str, ...]] = {}
    for kind, given in value.items():
        several = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, list) else ()
        if not several or not all(isinstance(path, str) and _PATH.fullmatch(path) for path in several):
            raise _Wrong(expected)
        paths[kind] = several
    return paths


def _by(check: Callable[[Any], Any]) -> dict[str, Callable[[Any], Any]]:
    return {"check": check}


@dataclass(frozen=True)
class Config:
    """What to send, to whom, how much of it, and where to write down what came back. Times are in seconds."""

    service: str = field(metadata=_by(_text(_NAME, "a service's name, such as storefront")))
    address: str = field(metadata=_by(_text(_HOST, "an address or host name without scheme or port")))
    port: int = field(metadata=_by(_number(1, 65535, whole=True)))
    server_name: str = field(metadata=_by(_text(_HOST, "the host name that users ask for (SNI and Host)")))
    rows: str = field(metadata=_by(_file_name))
    status: str = field(metadata=_by(_file_name))
    tls: bool = field(metadata=_by(_boolean), default=True)
    verify: bool = field(metadata=_by(_boolean), default=True)
    ca_file: str | None = field(metadata=_by(_ca_file), default=None)
    rate: float = field(metadata=_by(_number(0.1, MAX_RATE)), default=50)
    mix: dict[str, float] = field(metadata=_by(_mix), default_factory=lambda: {"keep_alive": 80, "new_connection": 20})
    paths: dict[str, tuple[str, ...]] = field(metadata=_by(_paths), default_factory=dict)
    post_body: str = field(metadata=_by(_any_text), default="{}")
    post_content_type: str = field(metadata=_by(_text(_MEDIA, "a media type")), default="application/json")
    users: int = field(metadata=_by(_number(1, 1000, whole=True)), default=32)
    cookie: str | None = field(metadata=_by(_text(_COOKIE, "a cookie's name")), default=None)
    streams: int = field(metadata=_by(_number(0, MAX_HELD, whole=True)), default=0)
    stream_seconds: float = field(metadata=_by(_number(1, 3600)), default=20)
    websockets: int = field(metadata=_by(_number(0, MAX_HELD, whole=True)), default=0)
    websocket_seconds: float = field(metadata=_by(_number(1, 3600)), default=20)
    timeout: float = field(metadata=_by(_number(0.1, 120)), default=10)
    max_in_flight: int = field(metadata=_by(_number(1, MAX_IN_FLIGHT, whole=True)), default=512)
    max_seconds: float = field(metadata=_by(_number(1, MAX_SECONDS)), default=7200)
    grace: float = field(metadata=_by(_number(0, 120)), default=12)


def parse(data: Any) -> Config:
    """Return the configuration in `data` (decoded JSON). Raises ConfigError with everything that is wrong."""
    if not isinstance(data, Mapping):
        raise ConfigError("The probe's configuration: expected an object of keys and values.")
    known = {entry.name: entry for entry in fields(Config)}
    problems = [f"{key}: there is no such key; known are {', '.join(known)}" for key in data if key not in known]
    values: dict[str, Any] = {}
    for name, entry in known.items():
        if name not in data or (data[name] is None and entry.default is None):
            if name in _REQUIRED:
                problems.append(f"{name}: missing")
            continue
        try:
            values[name] = entry.metadata["check"](data[name])
        except _Wrong as wrong:
            problems.append(f"{name}: expected {wrong}, found {data[name]!r}")
    if problems:
        raise _unusable(problems)
    values["paths"] = {"keep_alive": ("/",), "new_connection": ("/",)} | values.get("paths", {})
    config = Config(**values)
    if problems := _contradictions(config):
        raise _unusable(problems)
    return config


def _unusable(problems: list[str]) -> ConfigError:
    return ConfigError("The probe's configuration cannot be used. " + "; ".join(problems) + ".")


_REQUIRED = ("service", "address", "port", "server_name", "rows", "status")


def _contradictions(config: Config) -> list[str]:
    """Return what single values cannot show: a kind without its path, an authority that nobody asks."""
    needed = [(kind, f"mix.{kind}") for kind, weight in config.mix.items() if weight > 0]
    needed += [(kind, count) for kind, count in _LONG_LIVED_COUNT.items() if getattr(config, count)]
    found = [
        f"paths.{kind}: missing, although {reason} asks for it; the probe requests declared paths only"
        for kind, reason in needed
        if kind not in config.paths
    ]
    if config.ca_file and not (config.tls and config.verify):
        found.append("ca_file: given, although nothing is verified with it; leave it out, or set tls and verify")
    return found
