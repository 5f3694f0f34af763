# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a canary may meet while it is watched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from .settled import history
from .site import BALANCERS, Site

EXPORTER = 8405
_LISTEN = """
import socket
listener = socket.create_server(("", {port}), backlog=1000)
while True:
    listener.accept()[0].close()
"""
# Whatever it costs the probe: a release that fails now and then has to become the live one first.
_TOLERANT = {"strategy": {"max_failed": 1_000_000, "max_slow_percent": 100}}


def own_address(site: Site, host: str) -> str:
    """The load balancer's own address: whoever asks there is answered by it, whoever has the service's address."""
    return f"{site.subnet}.{11 + BALANCERS.index(host)}"


@contextmanager
def unanswered(site: Site, *hosts: str) -> Iterator[None]:
    """Nothing that these load balancers' exporters say reaches anybody; users are answered as before."""
    rule = f"ipproto tcp sport {EXPORTER} blackhole"
    for host in hosts:
        site.sh(host, f"ip rule add {rule}")
    try:
        yield
    finally:
        for host in hosts:
            site.sh(host, f"ip rule del {rule}")


class Database:
    """What releases with ``environment`` ask before they answer a user: it listens on ops1, at *port*."""

    def __init__(self, site: Site, port: int) -> None:
        self._site, self._port = site, port
        self.environment = {"STANDIN_DATABASE": f"{site.subnet}.31:{port}"}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> None:
        """From now on it listens."""
        unit = f"database-{self._port}"
        run = f"systemd-run --quiet --collect --unit={unit} python3 /run/{unit}.py"
        self._site.sh("ops1", f"cat > /run/{unit}.py && {run}", stdin=_LISTEN.format(port=self._port))

    def stop(self) -> None:
        """From now on whoever asks is refused."""
        self._site.sh("ops1", f"systemctl stop database-{self._port}", check=False)


@contextmanager
def live(site: Site, declared: Path, good: Path) -> Iterator[str]:
    """While the block runs, users have the release that is *declared* to fail now and then; afterwards *good*."""
    tolerant = f"{{{{ service | combine({json.dumps(_TOLERANT)}, recursive=true) }}}}"
    site.must("deploy", "-e", f"@{declared}", rollout_service=tolerant)
    try:
        yield history(site).live_release or ""
    finally:
        site.leave()
        site.must("deploy", "-e", f"@{good}", rollout_service=tolerant)
