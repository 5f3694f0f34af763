# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user that a release runs as: it owns nothing, has no home, and cannot log in."""

from __future__ import annotations

import pwd


def making(name: str) -> list[str] | None:
    """The command that makes the user *name*; None where there is one, whatever it is like."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    return None
