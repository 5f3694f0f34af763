# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of the collection's roles, as an inventory gives them to its hosts: misspelt ones, and wrong values.

A role checks its own values when it runs, on the hosts where it runs. Nobody checks a name that no role has: it is
taken for a variable of somebody else's, and what it should have said is not done.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.problem import Problem, shown

ROLES = Path(__file__).resolve().parents[3] / "roles"

_CONTAINERS = ("dict", "list")
_ALIKE = 0.8
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
Roles = Mapping[str, Mapping[str, Spec]]
Wrong = Mapping[str, tuple[Problem, Any]]
"""Each variable with what is wrong with it, and its value, None where nobody has looked at that."""


def role_options(role: str = "*") -> dict[str, dict[str, Spec]]:
    """The options of each role by name, or of one, of all its entry points (``meta/argument_specs.yml``)."""
    found = {}
    for file in sorted(ROLES.glob(f"{role}/meta/argument_specs.yml")):
        points = yaml_load(file.read_text(encoding="utf-8"))["argument_specs"].values()
        found[file.parts[-3]] = {name: spec for point in points for name, spec in (point.get("options") or {}).items()}
    return found


def misspelt(variables: Iterable[str], roles: Roles) -> Wrong:
    """Those of *variables* that begin like one of *roles*', look like one of them, and are none.

    Singular and plural are two names: a team may well have ``rollout_report`` for itself.
    """
    found = {}
    for name in sorted(variables):
        if meant := _meant(name, roles):
            hint = f"did you mean {meant[1]}? No role reads this one"
            found[name] = Problem((name,), "a variable that no role has", f"one of the role {meant[0]}", hint), None
    return found


def role_problems(hosts: Iterable[Mapping[str, Any]], roles: Roles) -> Wrong:
    """What is wrong with the variables of *hosts* that belong to *roles*; of the first host that has it so.

    A value that only a play can complete, since it is made of facts, say, is left to the role; so is a mapping or list
    of which the role says nothing more, for it may hold secrets that would have to be looked up.
    """
    known = {name: spec for options in roles.values() for name, spec in options.items()}
    checked = {name: spec for name, spec in known.items() if not _opaque(spec)}
    found: dict[str, tuple[Problem, Any]] = {}
    for variables in hosts:
        found = {**misspelt(variables, roles), **_refused(variables, checked), **found}
    return dict(sorted(found.items()))


def _opaque(spec: Spec) -> bool:
    return spec.get("type") in _CONTAINERS and not {"options", "elements"} & set(spec)


def _refused(variables: Mapping[str, Any], checked: Mapping[str, Spec]) -> Wrong:
    """The values that a role would refuse."""
    found = {}
    for name in checked.keys() & set(variables):
        spec = checked[name]
        with suppress(AnsibleError):
            value = variables[name]
            said = ArgumentSpecValidator({name: {**spec, "required": False}}).validate({name: value}).error_messages
            if said and value is not None:
                found[name] = _wrong(name, spec, value, said[0]), value
    return found


def _wrong(name: str, spec: Spec, value: Any, said: str) -> Problem:
    found = "a text" if spec.get("type") in _CONTAINERS and isinstance(value, str) else shown(value)
    return Problem((name,), found, _expected(spec), said if isinstance(value, (dict, list)) else "")


def _meant(name: str, roles: Roles) -> tuple[str, str] | None:
    """The role and the variable that *name* was probably meant to be."""
    for role, options in roles.items():
        prefix = f"{role}_"
        if name.startswith(prefix) and name not in options:
            own = [option.removeprefix(prefix) for option in options if option.startswith(prefix)]
            rest = name.removeprefix(prefix)
            close = difflib.get_close_matches(rest, own, n=1, cutoff=_ALIKE)
            if close and close[0].rstrip("s") != rest.rstrip("s"):
                return role, prefix + close[0]
    return None


def _expected(spec: Spec) -> str:
    if choices := spec.get("choices"):
        return f"one of {', '.join(str(choice) or 'nothing' for choice in choices)}"
    return _EXPECTED.get(spec.get("type", "str"), str(spec.get("type")))
