# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real ACME authority in a lab: pebble, Let's Encrypt's own small server for tests, on a host of the lab.

It asks for the challenge where anybody would: at the service's name, port 80, which /etc/hosts there gives the
address that the load balancers share. Its keys are made at its start and known to nobody.
"""

from __future__ import annotations

import json
from pathlib import Path

from haproxy_lab import Lab

PORT, MANAGEMENT = 14000, 15000
FOLDER = "/etc/pebble"
CA_FILE = "/etc/ssl/seamless-acme.crt"  # on the load balancers: what the authority's own certificate is verified by

_CONFIGURATION = {
    "pebble": {
        "listenAddress": f"0.0.0.0:{PORT}",
        "managementListenAddress": f"0.0.0.0:{MANAGEMENT}",
        "certificate": f"{FOLDER}/own.crt",
        "privateKey": f"{FOLDER}/own.key",
        "httpPort": 80,
        "tlsPort": 443,
    }
}

_START = """
set -e
grep -q ' {name}$' /etc/hosts || echo '{address} {name}' >> /etc/hosts
systemctl is-active --quiet pebble && exit 0  # another start would be another authority, which knows no client
mkdir -p {folder}
cat > {folder}/pebble.json
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={host} \
    -addext subjectAltName=DNS:{host} -keyout {folder}/own.key -out {folder}/own.crt 2>/dev/null
# Without what pebble does to be realistic: pauses, and a nonce in twenty refused. The client asks again once, and so
# would give up one time in four hundred questions: with a dozen of them, three certificates in a hundred.
systemd-run --quiet --unit=pebble --setenv=PEBBLE_VA_NOSLEEP=1 --setenv=PEBBLE_WFE_NONCEREJECT=0 \
    pebble -config {folder}/pebble.json
for _ in $(seq 100); do
    curl --silent --fail --cacert {folder}/own.crt --output /dev/null https://{host}:{port}/dir && exit 0
    sleep 0.1
done
journalctl --unit=pebble >&2
exit 1
"""


class Authority:
    """The authority on *host* of *lab*, which certifies *name* once that answers its challenge."""

    def __init__(self, lab: Lab, host: str, name: str) -> None:
        self._lab, self._host, self._name = lab, host, name

    @property
    def directory(self) -> str:
        """The URL that an ACME client begins with."""
        return f"https://{self._host}:{PORT}/dir"

    def start(self, trusted_by: tuple[str, ...]) -> None:
        """Start it; the hosts *trusted_by* can verify it afterwards."""
        script = _START.format(folder=FOLDER, host=self._host, name=self._name, address=self._lab.address, port=PORT)
        self._lab.sh(self._host, script, stdin=json.dumps(_CONFIGURATION))
        own = self._lab.sh(self._host, f"cat {FOLDER}/own.crt")
        for host in trusted_by:
            self._lab.sh(host, f"cat > {CA_FILE}", stdin=own)

    def root(self, into: Path) -> Path:
        """The certificate by which users verify what it has signed."""
        url = f"https://{self._host}:{MANAGEMENT}/roots/0"
        into.write_text(self._lab.sh(self._host, f"curl --silent --fail --cacert {FOLDER}/own.crt {url}"))
        return into
