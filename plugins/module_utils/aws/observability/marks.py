# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a stack knows its own where AWS describes a resource without its tags.

A topic, an alarm and a dashboard are tagged as everything else, but ``GetTopicAttributes``, ``DescribeAlarms`` and
``GetDashboard`` do not give the tags, and asking for those of each alarm would be a call an alarm. So their text (of a
topic, the id of its policy) says whose they are as well.
"""

from __future__ import annotations

import re

from ..resource import STACK_TAG

_MARK = re.compile(rf"\s*\[{re.escape(STACK_TAG)}=([a-z0-9-]+)\]$")


def marked(text: str, stack: str) -> str:
    """*text*, and after it whose it is."""
    return f"{text} [{STACK_TAG}={stack}]".strip()


def unmarked(text: str) -> tuple[str, str]:
    """A marked *text* without its mark, and the stack that it names; "" where there is no mark."""
    found = _MARK.search(text)
    return (text[: found.start()], found[1]) if found else (text, "")
