# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's entry point serves at this moment, asked as a user would ask it."""

from __future__ import annotations

import http.client
import socket
import ssl
import time

import yaml

from .environments import chosen
from .steps import ROOT


class EntryError(Exception):
    """The entry point does not answer at all; the message says where it was asked, and what to do."""


def live_release(patience: float = 10) -> str | None:
    """The release id that users get now, or None where the load balancer answers but no release does.

    *patience* (seconds) covers a virtual address that is still moving between the load balancers.
    """
    place = chosen()
    declared = ROOT / place.inventory / "group_vars/all/service.yml"
    hostname = yaml.safe_load(declared.read_text(encoding="utf-8"))["service"]["entry"]["hostnames"][0]
    give_up = time.monotonic() + patience
    while True:
        try:
            return _release(place.address, place.port, hostname)
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > give_up:
                raise EntryError(
                    f"https://{place.address}:{place.port}/ does not answer, {patience:.0f} s after provisioning"
                    f" ({error}). Is the lab up (make lab), and did provisioning end well (make provision)?"
                ) from error
            time.sleep(0.2)


def _release(address: str, port: int, hostname: str) -> str | None:
    # Unverified: it only picks which of two releases to deploy next. The probe, whose word counts, verifies.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((address, port), timeout=3) as plain,
        context.wrap_socket(plain, server_hostname=hostname) as encrypted,
    ):
        connection = http.client.HTTPConnection(hostname, timeout=3)
        connection.sock = encrypted
        connection.request("GET", "/version")
        return connection.getresponse().headers.get("X-Release")
