# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A section of a stack, checked as the module of that name would check its options: by the same tables."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError


class Options(Protocol):
    """What a section may have: Ansible's argument spec, and what AnsibleModule checks of options together."""

    @property
    def arguments(self) -> Mapping[str, Mapping[str, Any]]:
        """The argument spec."""

    @property
    def checks(self) -> Mapping[str, Any]:
        """``required_if`` (which may ask for the stack's ``state``), ``mutually_exclusive`` ..."""


@dataclass(frozen=True)
class Checked:
    """What is *given*, with its defaults; the *mistakes*, each beginning with its place; and what no log may have."""

    given: Mapping[str, Any]
    mistakes: list[str]
    secrets: set[str]


def checked(name: str, declared: Mapping[str, Any], options: Options, state: str) -> Checked:
    """The section *name* as it is *declared*, in a stack that is to have this *state*."""
    together = {key: rules for key, rules in options.checks.items() if key != "required_if"}
    read = ArgumentSpecValidator(dict(options.arguments), **together).validate(dict(declared))
    mistakes = [*_unknown(name, read.unsupported_parameters, options)]
    mistakes += [f"{name}: {error}" for error in read.errors if not isinstance(error, UnsupportedError)]
    there = {key: value for key, value in read.validated_parameters.items() if value is not None}
    mistakes += _missing(name, {**there, "state": state}, options)
    return Checked(read.validated_parameters, mistakes, set(read._no_log_values))  # noqa: SLF001 -- as AnsibleModule does


def _unknown(name: str, unknown: set[Any], options: Options) -> Iterator[str]:
    for path in sorted(tuple(map(str, one)) if isinstance(one, tuple) else (str(one),) for one in unknown):
        spec: Mapping[str, Any] = options.arguments
        for part in path[:-1]:
            spec = spec[part]["options"]
        near = difflib.get_close_matches(path[-1], spec, 1)
        told = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(spec))}"
        yield f"{'.'.join((name, *path))}: no such option: {told}"


def _missing(name: str, given: Mapping[str, Any], options: Options) -> Iterator[str]:
    """As Ansible's ``required_if`` has it, but with the place of each, and without what a section cannot say."""
    for key, value, wanted, *any_of in options.checks.get("required_if", ()):
        missing = [one for one in wanted if one not in given]
        if given.get(key) != value or not missing:
            continue
        if not any(any_of):
            yield from (f"{name}.{one}: required, but missing" for one in missing)
        elif missing == list(wanted):
            yield f"{name}: expected one of {', '.join(wanted)}, but found none"
