# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One GET request, of the standard library alone: no redirects, no proxies, a body of a bounded size."""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urlsplit

LARGEST = 16 * 1024 * 1024
"""Bytes of an answer."""


class Unanswered(Exception):
    """No answer that could be read; the text says what was found instead."""


def get(url: str, timeout: float, ca_file: str | None = None) -> tuple[int, str]:
    """The status and the text that *url* answers; *timeout* is in seconds, for the connection and for each read.

    Raises Unanswered where there is none.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=ca_file)
            connection = http.client.HTTPSConnection(parts.hostname or "", port, timeout=timeout, context=context)
        else:
            connection = http.client.HTTPConnection(parts.hostname or "", port, timeout=timeout)
    except (OSError, ValueError) as error:
        raise Unanswered(f"{url} cannot be asked: {error}") from error
    try:
        connection.request("GET", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
        answer = connection.getresponse()
        body = answer.read(LARGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered(f"no answer from {parts.netloc}: {error or type(error).__name__}") from error
    finally:
        connection.close()
    if len(body) > LARGEST:
        raise Unanswered(f"{parts.netloc} answers more than {LARGEST} bytes")
    return answer.status, body.decode("utf-8", errors="replace")
