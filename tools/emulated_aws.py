# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS on this machine: ``emulated_aws.py up`` starts the emulator, and what forwards users as it was told to.

That is the edge of its CloudFront, where users arrive, and its load balancer behind that. All three are processes of
their own on loopback, which stay until ``down``. What was provisioned goes with the emulator. SEAMLESS_AWS_PORTS has
other ports for emulator, edge and load balancer than ``5555 8443 8444``.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from seamless_demo.environments import AWS_LAB, aws_ports

ROOT = Path(__file__).resolve().parents[1]
LAB = os.environ.get("SEAMLESS_LAB") or AWS_LAB["SEAMLESS_LAB"]
SUBNET = os.environ.get("SEAMLESS_LAB_SUBNET") or AWS_LAB["SEAMLESS_LAB_SUBNET"]
HERE = ROOT / ".cache" / LAB / "aws"
# inventories/aws-emulated has the same.
STACK, HOSTNAME, PERIOD = "storefront", "shop.example.test", 10
EMULATOR_PORT, USERS_PORT, BALANCER_PORT = aws_ports()
_STARTS = 60.0


def up() -> None:
    """Start what is not running yet."""
    HERE.mkdir(parents=True, exist_ok=True)
    _certificate()
    address = f"http://127.0.0.1:{EMULATOR_PORT}"
    _start("emulator", ["emulator", str(EMULATOR_PORT)])
    tls, balancer = ("--certificate", str(HERE / "bundle.pem")), f"127.0.0.1:{BALANCER_PORT}"
    _start("front", ["emulator.front", address, STACK, "443", "--listen", balancer, *tls, "--period", str(PERIOD)])
    edge = ["emulator.edge", address, HOSTNAME, f"{STACK}={balancer}", "--listen", f"127.0.0.1:{USERS_PORT}"]
    _start("edge", [*edge, *tls, "--authority", str(HERE / "ca.crt")])
    deadline = time.monotonic() + _STARTS
    while not _answers(f"{address}/emulator/calls"):
        if time.monotonic() > deadline:
            sys.exit(f"emulated_aws: the emulator did not answer within {_STARTS:.0f} s; see {HERE / 'emulator.log'}")
        time.sleep(0.1)
    print(f"emulated AWS: {address}; users arrive at https://127.0.0.1:{USERS_PORT}/ (as {HOSTNAME})")


def down() -> None:
    """End what runs."""
    for name in ("edge", "front", "emulator"):
        if pid := _running(name):
            os.kill(pid, signal.SIGTERM)
        (HERE / f"{name}.json").unlink(missing_ok=True)


def _start(name: str, module: list[str]) -> None:
    if _running(name):
        return
    environment = {**os.environ, "EMULATOR_TARGETS": f"{SUBNET}.", "PYTHONWARNINGS": "ignore"}
    with (HERE / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=ROOT / "tests" / "aws",
            env=environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    (HERE / f"{name}.json").write_text(json.dumps({"pid": process.pid, "began": _began(process.pid)}))


def _running(name: str) -> int | None:
    """The process that an earlier run started, unless it ended, whoever has its number now."""
    try:
        kept = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    pid: int = kept["pid"]
    return pid if _began(pid) == kept["began"] else None


def _began(pid: int) -> str:
    """When a process began, in the kernel's ticks; "" where there is none (proc(5), field 22)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 -- our own, on loopback
            return bool(answer.status == 200)
    except OSError:
        return False


def _certificate() -> None:
    """A certificate for the shop, which is its own authority; made once."""
    if (HERE / "bundle.pem").exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOSTNAME)])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(HOSTNAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (HERE / "ca.crt").write_bytes(pem)
    (HERE / "key.pem").touch(mode=0o600)
    (HERE / "key.pem").write_bytes(private)
    (HERE / "bundle.pem").touch(mode=0o600)
    (HERE / "bundle.pem").write_bytes(pem + private)


if __name__ == "__main__":
    {"up": up, "down": down}[sys.argv[1]]()
