# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as people read them: names instead of identifiers, sorted lists instead of sets."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from .resource import Address, Ref


def moment(at: datetime | None) -> str:
    """A moment as a part of a name, as of what was made then; empty for none."""
    return f"{at:%Y%m%dt%H%M%S}" if at else ""


def spoken(value: Any, names: Mapping[str, Address], only: AbstractSet[str] | None = None) -> Any:
    """*value* with identifiers replaced by what they name; of a mapping, *only* those keys where given."""
    if isinstance(value, Ref):
        return str(value)
    if isinstance(value, Mapping):
        kept = sorted(key for key in value if only is None or key in only)
        return {key: spoken(value[key], names) for key in kept}
    if isinstance(value, (frozenset, set)):
        return sorted((spoken(one, names) for one in value), key=str)
    if isinstance(value, (list, tuple)):
        return [spoken(one, names) for one in value]
    if isinstance(value, str) and value in names:
        return str(names[value])
    return value
