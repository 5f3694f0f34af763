# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contract of every router's module that writes a split: its options, what they ask for, and what it returns."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS, Split

from .armed import asked
from .base import Written

SHARES = {color: {"type": "int", "required": True} for color in COLORS}

#: The options of each of them.
OPTIONS: dict[str, dict[str, Any]] = {
    "split": {"type": "dict", "options": SHARES},
    "expect": {"type": "raw"},
    "fence": {"type": "int"},
    "require_healthy": {"type": "float", "default": 100},
    "at": {"type": "float"},
    "break_glass": {"type": "str"},
    "who": {"type": "str"},
    "clear_notes": {"type": "int"},
}

#: Those of the routers that take users back in case of silence.
REVERT: dict[str, dict[str, Any]] = {
    "revert_after": {"type": "float"},
    "revert_to": {"type": "dict", "options": SHARES},
    "rollout": {"type": "str"},
}

_CHECKS: dict[str, list[Sequence[str]]] = {
    "required_one_of": [("split", "clear_notes"), ("fence", "break_glass")],
    "mutually_exclusive": [("split", "clear_notes")],
}
_REVERT_CHECKS: dict[str, list[Sequence[str]]] = {
    "mutually_exclusive": [("revert_after", "break_glass")],
    "required_together": [("revert_after", "revert_to", "rollout")],
}


def checks(reverts: bool = False, more: Mapping[str, Sequence[Any]] | None = None) -> dict[str, Any]:
    """What AnsibleModule has to check of the options, of those for silence where it *reverts*, and *more*."""
    parts = (more or {}, _CHECKS, _REVERT_CHECKS if reverts else {})
    names = dict.fromkeys(name for part in parts for name in part)
    together: dict[str, Any] = {name: [one for part in parts for one in part.get(name, ())] for name in names}
    together["required_by"] = {"who": ["break_glass"], **({"revert_after": ["split"]} if reverts else {})}
    return together


def order(params: Mapping[str, Any], dry_run: bool) -> dict[str, Any]:
    """The arguments of a router's ``write`` that *params* ask for. Raises ValueError."""
    expect = params["expect"]
    if expect is not None:
        expect = [Split.parse(one) for one in (expect if isinstance(expect, list) else [expect])]
    glass = None
    if params["break_glass"] is not None:
        who = params["who"] or os.environ.get("SUDO_USER") or os.environ.get("USER") or "unknown"
        glass = {"who": who, "reason": params["break_glass"]}
    return {
        "split": Split.parse(params["split"]),
        "expect": expect,
        "fence": params["fence"] or 0,
        "require_healthy": params["require_healthy"],
        "at": params["at"],
        "break_glass": glass,
        "dry_run": dry_run,
        **({"revert": asked(params)} if "revert_after" in params else {}),
    }


def result(params: Mapping[str, Any], written: Written, unknown: str = "not agreed") -> dict[str, Any]:
    """What the module returns of what was *written*; *unknown* is how the diff says that nobody could tell before."""
    armed = {"armed": None if written.armed is None else written.armed.as_dict()} if "revert_after" in params else {}
    return {
        "changed": written.changed,
        "before": None if written.before is None else written.before.as_dict(),
        "after": written.after.as_dict(),
        "committed_at": written.sent_at,
        "answered_at": written.answered_at,
        "in_force_since": written.since,
        **armed,
        "fence": written.fence,
        "diff": {
            "before": f"{params['service']}: {written.before or unknown}\n",
            "after": f"{params['service']}: {written.after}\n",
        },
    }
