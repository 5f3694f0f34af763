# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gates of a step that ask somebody else: a URL that must answer as declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.error import HTTPError, URLError

from ansible.module_utils.urls import open_url

_TIMEOUT = 3.0
_MOST = 1_000_000


def unmet(gates: Iterable[Mapping[str, Any]]) -> list[str]:
    """Why each gate of the type ``http`` among *gates* does not hold; empty when all do."""
    return [why for gate in gates if gate["type"] == "http" and (why := _problem(gate))]


def _problem(gate: Mapping[str, Any]) -> str:
    url, wanted = gate["url"], gate["status"]
    try:
        with open_url(url, timeout=_TIMEOUT, ca_path=gate["ca_file"], http_agent="seamless.delivery gate") as answer:
            status, body = answer.status, answer.read(_MOST)
    except HTTPError as error:
        status, body = error.code, error.read(_MOST)
    except (URLError, OSError, ValueError) as error:
        return f"{url} does not answer: {getattr(error, 'reason', error)}"
    if status != wanted:
        return f"{url} answers {status}, not {wanted}"
    contains = gate["contains"]
    if contains and contains.encode() not in body:
        return f"{url} does not contain {contains!r}"
    return ""
