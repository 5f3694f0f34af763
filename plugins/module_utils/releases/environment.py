# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environment variables in the words of systemd's ``EnvironmentFile=``: a process gets each value as it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# systemd drops a variable with any other control character, and only its log says so (env_value_is_valid).
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Within double quotes only these are unescaped; a line break stands for itself (systemd.exec(5), EnvironmentFile=).
_ESCAPED = re.compile(r'(["\\$`])')


def environment_file(variables: Mapping[str, Any]) -> str:
    """One ``NAME="value"`` for each of *variables*, sorted by name; a value may have several lines.

    Raises ValueError for what systemd would drop in silence. The message has the name, never the value.
    """
    lines = []
    for name, value in sorted(variables.items()):
        if not _NAME.fullmatch(name):
            raise ValueError(f"expected a variable's name of letters, digits and _, but found {name!r}")
        text = str(value)
        if _CONTROL.search(text):
            raise ValueError(
                f"expected text in {name}, but found control characters (the value is not shown):"
                " encode it, such as in base64"
            )
        lines.append('{}="{}"\n'.format(name, _ESCAPED.sub(r"\\\1", text)))
    return "".join(lines)
