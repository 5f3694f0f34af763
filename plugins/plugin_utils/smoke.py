# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks one load balancer for one page, as a tester of one color, and says what is not as declared.

Only the standard library: what is special here is that the connection goes to one chosen load balancer
while the certificate and the ``Host`` header are the service's.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.release import RELEASE_HEADER


class _Connection(http.client.HTTPSConnection):
    """HTTPS to an *address*, with the name *server_name* in SNI, certificate check and Host."""

    def __init__(self, address: str, server_name: str, port: int, context: ssl.SSLContext, timeout: float) -> None:
        super().__init__(server_name, port, context=context, timeout=timeout)
        self._address, self._tls = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def smoke(
    address: str,
    entry: Mapping[str, Any],
    headers: Mapping[str, str],
    page: Mapping[str, Any],
    release: str,
    timeout: float,
) -> str | None:
    """What is wrong with *page* (``path``, ``status``, ``contains``) at *address*; None when it is as declared.

    *entry* has ``hostnames``, ``port`` and optionally ``ca_file``; *release* is the id that must answer;
    *timeout* is in seconds, for the connection and for each read.
    """
    try:
        context = ssl.create_default_context(cafile=entry.get("ca_file") or None)
    except (OSError, ssl.SSLError) as error:
        found = error.strerror or error
        return f"expected the authority's certificate in {entry['ca_file']} (entry.ca_file), but found {found}"
    connection = _Connection(address, entry["hostnames"][0], int(entry["port"]), context, timeout)
    try:
        connection.request("GET", page["path"], headers=dict(headers))
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"expected an answer within {timeout:g} s, but found {error or type(error).__name__}"
    finally:
        connection.close()
    expected = int(page.get("status") or 200)
    if answer.status != expected:
        return f"expected status {expected}, but found {answer.status}"
    if answer.getheader(RELEASE_HEADER) != release:
        found = answer.getheader(RELEASE_HEADER) or f"no {RELEASE_HEADER} header"
        return f"expected an answer by {release}, but found {found}"
    if page.get("contains") and str(page["contains"]) not in body:
        return f"expected {page['contains']!r} in the page, but it has {len(body)} characters without it"
    return None
