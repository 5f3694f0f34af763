# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates from a real ACME authority: the role gets one, and a renewal costs nobody a request or a connection."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from acme_authority import CA_FILE, Authority
from haproxy_lab import ROOT, Lab
from traffic import Traffic

pytestmark = [
    pytest.mark.lab,
    pytest.mark.slow,
    pytest.mark.skipif(
        not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode != 0,
        reason="needs a container engine: run `make lab` first",
    ),
]

NAME = "shop.example.test"
BALANCERS = {"lb1": 11, "lb2": 12}
RENEWAL = "/etc/letsencrypt/renewal/storefront.conf"

PLAY = """
- name: Take the renewed certificate to every load balancer
  hosts: load_balancers
  gather_facts: false
  tasks:
    - name: Run the part of the role that is scheduled
      ansible.builtin.include_role:
        name: seamless.delivery.load_balancer
        tasks_from: acme
"""


class AcmeLab(Lab):
    """Two load balancers, a member of the live pool, and an authority on the host that the ledger has elsewhere."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            os.environ.get("SEAMLESS_ACME_LAB", "acmetest"), os.environ.get("SEAMLESS_ACME_SUBNET", "10.111.8")
        )
        self.folder = folder
        self.authority = Authority(self, "ops1", NAME)

    def provide(self, playbook: Path = ROOT / "molecule/load_balancer/converge.yml") -> str:
        """Run the role, or what *playbook* runs of it, with certificates from the authority."""
        variables = {
            "load_balancer_certificate_source": "acme",
            "load_balancer_acme_directory": self.authority.directory,
            "load_balancer_acme_email": "ops@example.test",
            "load_balancer_acme_ca_file": CA_FILE,
        }
        return self.playbook(playbook, "-e", json.dumps(variables))

    def spread(self) -> str:
        """What somebody schedules: the renewed certificate goes to every load balancer."""
        playbook = self.folder / "spread.yml"
        playbook.write_text(PLAY, encoding="utf-8")
        return self.provide(playbook)

    def renew(self) -> None:
        """What the client's timer starts when the certificate is due, which it is now said to be, for once."""
        self.sh("lb1", f"sed -i '1i renew_before_expiry = 9999 days' {RENEWAL}")
        self.sh("lb1", "systemctl start certbot.service")
        self.sh("lb1", f"sed -i '/^renew_before_expiry/d' {RENEWAL}")

    def served(self, host: str) -> str:
        """The fingerprint of the certificate that *host* shows to a user."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        address = f"{self.subnet}.{BALANCERS[host]}"
        with (
            socket.create_connection((address, 443), 5) as plain,
            context.wrap_socket(plain, server_hostname=NAME) as connection,
        ):
            return hashlib.sha256(connection.getpeercert(binary_form=True) or b"").hexdigest()

    def workers(self) -> list[str]:
        """The process that serves on each load balancer: another one after a reload."""
        return [self.sh(host, "pgrep --newest haproxy").strip() for host in BALANCERS]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AcmeLab]:
    lab = AcmeLab(tmp_path_factory.mktemp("acme"))
    if not os.environ.get("SEAMLESS_ACME_LAB"):
        lab.tool("down")  # what an interrupted run left would be believed
    lab.tool("up", "--hosts", "lb1,lb2,app1,ops1")
    try:
        lab.start_pools({"app1": "blue"})
        lab.authority.start(trusted_by=tuple(BALANCERS))
        lab.provide()
        yield lab
    finally:
        if not os.environ.get("SEAMLESS_ACME_LAB"):
            lab.tool("down")


def test_a_certificate_is_got_and_renewed_and_users_notice_nothing(lab: AcmeLab) -> None:
    root = lab.authority.root(lab.folder / "root.crt")
    first = {lab.served(host) for host in BALANCERS}
    assert len(first) == 1, "every load balancer has the certificate"
    workers = lab.workers()

    # Verified by the authority's root: a stand-in would fail each new connection.
    with Traffic(lab.address, root) as traffic, a_stream(lab, root) as stream:
        lab.renew()
        renewed, before = lab.served("lb1"), lab.served("lb2")
        lab.spread()
        assert lab.served("lb2") == renewed
        time.sleep(1)
        assert stream.poll() is None, "the stream goes on"

    assert {before} == first, "until the next run of the role, the other load balancer goes on with the one before"
    assert renewed not in first
    assert traffic.failed == []
    assert traffic.kept == traffic.users, "nobody had to connect anew"
    assert len(traffic.seen) > 200
    assert lab.workers() == workers, "no reload"


def test_what_is_not_due_changes_nothing(lab: AcmeLab) -> None:
    served = [lab.served(host) for host in BALANCERS]
    assert " 0 changed, 0 failed" in lab.spread()
    assert [lab.served(host) for host in BALANCERS] == served


def test_a_stand_in_is_caught_by_the_same_users(lab: AcmeLab) -> None:
    """The negative control: a certificate of somebody else fails every new connection, and only those."""
    root = lab.authority.root(lab.folder / "root.crt")
    with Traffic(lab.address, root) as traffic:
        _swap(lab, "self-signed-*.pem")
        time.sleep(1)
        _swap(lab, "acme-storefront.pem")
    assert {"SSLCertVerificationError" in error for _moment, error in traffic.failed} == {True}
    assert traffic.kept == traffic.users, "a connection that is there keeps its certificate"


def _swap(lab: AcmeLab, source: str) -> None:
    """Put the certificate of *source* into each running HAProxy, where the authority's was."""
    folder, kept = "/etc/haproxy/seamless/certificates", "acme-storefront.pem"
    script = (
        f"cd {folder} && cp -p {kept} /run/kept.pem && test {source} = {kept} || cat {source} > {kept};"
        f" seamless-certificate push {folder}/{kept}; cat /run/kept.pem > {folder}/{kept}"
    )
    for host in BALANCERS:
        lab.sh(host, script)


@contextmanager
def a_stream(lab: AcmeLab, root: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Somebody whose answer never ends while the block runs."""
    command = ["curl", "-sN", "--cacert", str(root), "--resolve", f"{NAME}:443:{lab.address}", f"https://{NAME}/stream"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as user:
        try:
            yield user
        finally:
            user.kill()
