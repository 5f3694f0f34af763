# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masks secrets in what a program has said, also where it has said them in the escaped form of its log's format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus

MASK = "********"


def masking(secrets: Iterable[str]) -> Callable[[str], str]:
    """What masks each of *secrets*, and each line of one, in a line of text.

    Known are the secret as it is, and as JSON, ``repr()`` and URLs write it; what a program has encoded otherwise
    (base64, a hash, parts of it) is not recognised. Single characters are left, for they would mask the text itself.
    """
    parts = {part for secret in secrets for part in (secret, *secret.splitlines()) if len(part.strip()) > 1}
    # The longest first, for a secret may be part of another one.
    forms = sorted({form for part in parts for form in _forms(part)}, key=len, reverse=True)
    if not forms:
        return str
    pattern = re.compile("|".join(map(re.escape, forms)))
    return lambda line: pattern.sub(MASK, line)


def _forms(text: str) -> tuple[str, ...]:
    return (
        text,
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        repr(text)[1:-1],
        quote(text, safe=""),
        quote(text),
        quote_plus(text),
    )
