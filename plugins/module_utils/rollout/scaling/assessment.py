# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A declared policy assessed: the worst case, the limit, the knobs, and all of it in words."""

from __future__ import annotations

from typing import Any

from .knobs import knobs, refusal
from .policy import policy
from .reaction import Reaction, reaction


def assessed(declared: object) -> dict[str, Any]:
    """The worst case of a declaration as filters and reports give it. Raises ValueError for a wrong declaration."""
    made = policy(declared)
    found = reaction(made)
    told = [
        {"key": knob.key, "now": knob.now, "then": knob.then, "seconds": knob.seconds, "line": str(knob)}
        for knob in knobs(made)
    ]
    return {**found.as_dict(), "knobs": told, "refusal": refusal(made), "lines": _lines(found)}


def _lines(found: Reaction) -> list[str]:
    word = "within" if found.within else "ABOVE"
    parts = [f"{part.seconds:6g} s  {part.name} ({part.key}): {part.because}" for part in found.parts]
    return [*parts, f"{found.seconds:6g} s  from overload to added capacity in service, {word} {found.limit:g} s"]
