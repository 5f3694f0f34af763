# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What databases and caches share: versions of engines, their parameters, windows of time, subnets. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from .declared import few_subnets
from .resource import Address, Ref, StackError

_T = TypeVar("_T")

# AWS sets so many parameters in one call.
_AT_ONCE = 20
_DAY = "(mon|tue|wed|thu|fri|sat|sun)"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES = 24 * 60
_DAILY = re.compile(f"{_TIME}-{_TIME}")
_WEEKLY = re.compile(f"{_DAY}:{_TIME}-{_DAY}:{_TIME}")


def parts(version: str) -> tuple[int, ...]:
    """The numbers that a version begins with: (8, 0) of ``8.0.mysql_aurora.3.04.0``."""
    found = []
    for part in version.split("."):
        if not part.isdigit():
            break
        found.append(int(part))
    return tuple(found)


def as_declared(running: str, declared: str, major: int, upgrades: bool) -> str:
    """*declared* where the version that is *running* is what it means, and *running* where it is not.

    ``16`` means every 16.x. Where AWS *upgrades* by itself, ``16.3`` means 16.3 or later within its *major* version,
    which is that many first numbers.
    """
    if running == declared or running.startswith(f"{declared}."):
        return declared
    now, least = parts(running), parts(declared)
    if upgrades and now[:major] == least[:major] and now >= least:
        return declared
    return running


def refused_version(running: str, declared: str, major: int, consent: bool) -> str:
    """Why an engine that runs one version cannot be brought to another in place; empty when it can."""
    now, then = parts(running), parts(declared)
    if then < now[: len(then)]:
        return f"version: {running} is running, and AWS cannot go back to {declared}: declare what runs, or a later one"
    if then[:major] != now[:major] and not consent:
        return (
            f"version: from {running} to {declared} is a major upgrade, during which nothing is answered. Where that is"
            " meant, set major_upgrade and apply_immediately"
        )
    return ""


def settings(parameters: Mapping[str, Any]) -> frozenset[str]:
    """Parameters as ``name=value``; true and false as 1 and 0, as AWS has them."""
    return frozenset(f"{name}={_text(value)}" for name, value in parameters.items())


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def apart(old: Collection[str], new: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """What to set, by name, and the names to reset, that *old* settings become *new* ones."""
    to_set = dict(one.split("=", 1) for one in sorted(set(new) - set(old)))
    left = {one.partition("=")[0] for one in old} - {one.partition("=")[0] for one in new}
    return to_set, sorted(left)


def batches(values: list[_T]) -> Iterator[list[_T]]:
    """As many at once as one call takes."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def wrong_window(option: str, window: str | None, daily: bool) -> list[str]:
    """What is wrong with a window of time, in UTC."""
    shape, example = (_DAILY, "03:00-04:00") if daily else (_WEEKLY, "sun:04:00-sun:05:00")
    if not window or shape.fullmatch(window.lower()):
        return []
    return [f"{option}: expected a time in UTC as {example}, but found {window!r}"]


def overlap(daily: str | None, weekly: str | None) -> bool:
    """Whether a *daily* window of time and a *weekly* one, both in their shapes, have a minute in common."""
    if not daily or not weekly or wrong_window("", daily, True) or wrong_window("", weekly, False):
        return False
    first, last = (_DAYS.index(end[:3]) * _MINUTES + _minute(end[4:]) for end in weekly.lower().split("-"))
    week = 7 * _MINUTES
    its = {minute % week for minute in range(first, last if last > first else last + week)}
    begin, end = map(_minute, daily.split("-"))
    each = range(begin, begin + (end - begin) % _MINUTES)
    return any((day * _MINUTES + minute) % week in its for day in range(7) for minute in each)


def _minute(clock: str) -> int:
    hours, _colon, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def private_subnets(
    stack: str, own: Collection[str] | None, others: Collection[Address], least: int = 1
) -> frozenset[Any]:
    """The user's *own* subnets, or the stack's private ones. Raises StackError where there are not *least* of them."""
    found: list[str | Ref] = list(own or ())
    if not own:
        found += [one.ref() for one in others if one.kind == "subnet" and one.name.startswith(f"{stack}-private-")]
    if len(set(found)) < least:
        raise StackError(few_subnets(len(set(found)), least))
    return frozenset(found)
