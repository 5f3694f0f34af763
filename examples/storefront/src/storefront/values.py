# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of single environment variables, with one kind of error."""

from __future__ import annotations

from collections.abc import Mapping


class ConfigError(Exception):
    """A variable does not say what it should."""

    def __init__(self, name: str, expected: str, found: str) -> None:
        super().__init__(f"{name}: expected {expected}, found {found!r}. Correct it in the release's environment.")


def number(
    env: Mapping[str, str], name: str, default: float, lowest: float, highest: float, *, whole: bool = False
) -> float:
    """Return a number from *lowest* to *highest*; *default* where the variable is missing or empty."""
    text = env.get(name, "").strip()
    if not text:
        return default
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        value = float("nan")
    if not lowest <= value <= highest:  # also where it is NaN
        kind = "a whole number" if whole else "a number"
        raise ConfigError(name, f"{kind} from {lowest:g} to {highest:g}", text)
    return value


def choice(env: Mapping[str, str], name: str, known: tuple[str, ...], default: str) -> str:
    """Return one of the *known* words; *default* where the variable is missing or empty."""
    value = env.get(name, "").strip() or default
    if value not in known:
        raise ConfigError(name, f"one of {', '.join(known)}", value)
    return value


def switch(env: Mapping[str, str], name: str) -> bool:
    """Return whether a variable is switched on; a missing or empty one is off."""
    value = env.get(name, "").strip().lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("", "0", "false", "no", "off"):
        return False
    raise ConfigError(name, "1 or 0", value)
