# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of the collection's roles, as an inventory gives them to its hosts: misspelt ones, and wrong values.

A role checks its own values when it runs, on the hosts where it runs. Nobody checks a name that no role has: it is
taken for a variable of somebody else's, and what it should have said is not done.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.problem import Problem, shown

ROLES = Path(__file__).resolve().parents[3] / "roles"

_ALIKE = 0.75
"""How much of a name, without its role's, is that of a known one before it is taken for it."""
_EXPECTED = {
    "bool": "true or false",
    "dict": "a mapping",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
    "path": "a path",
    "str": "a text",
}

Spec = Mapping[str, Any]


def role_options(role: str = "*") -> dict[str, dict[str, Spec]]:
    """The options of each role by name, or of one, of all its entry points (``meta/argument_specs.yml``)."""
    found = {}
    for file in sorted(ROLES.glob(f"{role}/meta/argument_specs.yml")):
        points = yaml_load(file.read_text(encoding="utf-8"))["argument_specs"].values()
        found[file.parts[-3]] = {name: spec for point in points for name, spec in (point.get("options") or {}).items()}
    return found


def role_problems(hosts: Iterable[Mapping[str, Any]], roles: Mapping[str, Mapping[str, Spec]]) -> list[Problem]:
    """What is wrong with the variables of each of *hosts* that belong to *roles*; what all hosts have is told once.

    A value that only a play can complete, since it is made of facts, say, is left to the role.
    """
    told = {}
    for variables in hosts:
        for problem in _problems(variables, roles):
            told[problem.where, problem.found] = problem
    return list(told.values())


def misspelt(names: Iterable[str], roles: Mapping[str, Mapping[str, Spec]]) -> Iterator[Problem]:
    """Those of *names* that begin like a variable of one of *roles*, look like one of them, and are none."""
    for name in sorted(map(str, names)):
        if meant := _meant(name, roles):
            yield Problem(
                (name,),
                "a variable that no role has",
                f"one of the role {meant[0]}",
                f"did you mean {meant[1]}? Nobody reads this one",
            )


def given(hosts: Iterable[Mapping[str, Any]], names: set[str]) -> dict[str, Any]:
    """Those variables of *hosts* that are called so, but for what only a play can complete."""
    found = {}
    for variables in hosts:
        for name in names & set(variables):
            with suppress(AnsibleError):
                found[name] = variables[name]
    return found


def _problems(variables: Mapping[str, Any], roles: Mapping[str, Mapping[str, Spec]]) -> Iterator[Problem]:
    yield from misspelt(variables, roles)
    known = {name: spec for options in roles.values() for name, spec in options.items()}
    for name in sorted(known.keys() & set(variables)):
        yield from _wrong(name, known[name], variables)


def _meant(name: str, roles: Mapping[str, Mapping[str, Spec]]) -> tuple[str, str] | None:
    """The role and the variable that *name* was probably meant to be."""
    for role, options in roles.items():
        prefix = f"{role}_"
        if name.startswith(prefix) and name not in options:
            own = [option.removeprefix(prefix) for option in options if option.startswith(prefix)]
            if close := difflib.get_close_matches(name.removeprefix(prefix), own, n=1, cutoff=_ALIKE):
                return role, prefix + close[0]
    return None


def _wrong(name: str, spec: Spec, variables: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        value = variables[name]
        if value is None:
            return  # nothing is given
        said = ArgumentSpecValidator({name: {**spec, "required": False}}).validate({name: value}).error_messages
        found = shown(value)
    except AnsibleError:
        return
    if said:
        yield Problem((name,), found, _expected(spec), said[0] if isinstance(value, (dict, list)) else "")


def _expected(spec: Spec) -> str:
    if choices := spec.get("choices"):
        return f"one of {', '.join(str(choice) or 'nothing' for choice in choices)}"
    return _EXPECTED.get(spec.get("type", "str"), str(spec.get("type")))
