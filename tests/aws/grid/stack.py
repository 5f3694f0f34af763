# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole stack's declarations: sections come, change and are made again."""

from __future__ import annotations

from whole_stack import WHOLE

MODULE = "aws_stack"
NEEDS: list[tuple[str, dict[str, object]]] = []

_DECLARED = {name: value for name, value in WHOLE.items() if name != "stack"}
_PARAMETERS = {**WHOLE["database"], "parameters": {"max_connections": "500"}}

CASES: dict[str, list[dict[str, object]]] = {
    "all of it, then other values": [
        _DECLARED,
        {**_DECLARED, "database": _PARAMETERS, "compute": {**WHOLE["compute"], "size": {"min": 2, "max": 9}}},
    ],
}
