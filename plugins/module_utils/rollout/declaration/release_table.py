# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of a release, and what its environment may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .containers import Key, Section
from .kinds import INVALID, Text
from .problem import Problem, Where, shown

RESERVED = ("RELEASE_ID", "COLOR", "PORT", "HOST")
"""Set by the release role for every release, and not the release's to choose."""

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_SECRET_NAME = re.compile(r"PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|CREDENTIAL|KEYS?(_|$)", re.IGNORECASE)
_POINTER = re.compile(r"_(FILE|PATH|DIR|ID|TTL|SECONDS|HEADER)$", re.IGNORECASE)
_CREDENTIALS_IN_URL = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


@dataclass(frozen=True)
class Environment:
    """Environment variables: scalars by name, and nothing that looks like a secret."""

    expected: str = "a mapping of environment variables"

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """The variables as text, which is what a process gets; the id of the release stays the same by it."""
        if not isinstance(value, Mapping):
            problems.append(Problem(where, shown(value), self.expected, "NAME: value"))
            return INVALID
        found = [problem for name, inner in value.items() if (problem := _variable(str(name), inner, where))]
        problems.extend(found)
        refused = {problem.where[-1] for problem in found}
        return {str(name): str(inner) for name, inner in value.items() if str(name) not in refused}


def secret_problems(names: Iterable[str], environment: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the names of ``release_secrets``; their values are nobody's business here."""
    problems = []
    for name in names:
        where: Where = ("release_secrets", name)
        if wrong := _wrong_name(name, where):
            problems.append(wrong)
        elif name in environment:
            problems.append(
                Problem(where, "the same name in release.environment", "a variable once", "leave it out of environment")
            )
    return problems


def _variable(name: str, value: Any, where: Where) -> Problem | None:
    at = (*where, name)
    if wrong := _wrong_name(name, at):
        return wrong
    secret = _SECRET_NAME.search(name) and not _POINTER.search(name)
    if secret or (isinstance(value, str) and _CREDENTIALS_IN_URL.search(value)):
        what = "a name that says secret" if secret else "a URL with a password in it"
        return Problem(
            at,
            f"{what} (the value is not shown)",
            "nothing secret, since the environment is shown and journaled",
            f"move {name} to release_secrets",
        )
    if isinstance(value, bool):
        hint = f'the program would get "{value}"; put the text that it expects in quotes'
        return Problem(at, shown(value), "a text or a number", hint)
    if not isinstance(value, (str, int, float)):
        return Problem(at, shown(value), "a text or a number")
    if re.search(r"[\x00-\x1f\x7f]", str(value)):
        return Problem(
            at, "control characters (the value is not shown)", "a text on one line", "a key? Use release_secrets"
        )
    return None


def _wrong_name(name: str, where: Where) -> Problem | None:
    if not re.fullmatch(_NAME, name):
        return Problem(where, shown(name), "a name of letters, digits and _ that no digit begins")
    if name in RESERVED:
        return Problem(where, name, f"any name but {', '.join(RESERVED)}", "the release role sets it")
    return None


RELEASE = Section(
    {
        "version": Key(
            Text(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,63}", "a version of letters, digits and . _ + -, such as 2.0.0"),
            "The release's version, as people call it.",
        ),
        "artifact": Key(
            Text(r"[^\n]*\S[^\n]*", "the path of a file on the controller"),
            "The file to run. A relative path is taken from the directory in which ansible-playbook was started.",
        ),
        "digest": Key(
            Text(r"sha256:[0-9a-f]{64}", "sha256: and 64 lower-case hex digits"),
            "The artifact's SHA-256; sha256sum prints the digits.",
        ),
        "environment": Key(
            Environment(), "Configuration that belongs to the release, as environment variables. Never secrets.", {}
        ),
        "id": Key(
            Text(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,63}-[0-9a-f]{8}", "a release's id"),
            "Computed from version, digest and environment; need not be declared.",
            None,
        ),
    }
)
