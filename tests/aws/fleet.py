# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A shop on an emulated AWS whose pools are Auto Scaling groups, with what an operator has of it: an inventory."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import ipaddress
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from harness import HERE, Emulator, serving

ROOT = HERE.parents[1]
NAME = "shop.example.test"


def service(emulator: Emulator, port: int, ca_file: Path, strategy: dict[str, Any]) -> dict[str, Any]:
    """The declaration."""
    on_aws = {"region": "us-east-1", "endpoint_url": emulator.url}
    return {
        "name": "storefront",
        "entry": {"address": "127.0.0.1", "port": port, "hostnames": [NAME], "ca_file": str(ca_file)},
        "pools": {"blue": {"port": 8000}, "green": {"port": 8000}},
        "router": {
            "type": "alb",
            "group": "load_balancers",
            "stack": "shop",
            "table": "shop-ledger",
            "spread": 1,
            **on_aws,
        },
        "ledger": {"type": "dynamodb", "table": "shop-ledger", **on_aws},
        "runtime": {
            "type": "autoscaling_group",
            "stack": "shop",
            "artifacts": "s3://shop-releases/storefront/",
            "command": "/usr/bin/python3 {artifact}",
            "user": "storefront",
            "lookups": [{"name": "KEY", "arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/key"}],
            "start_deadline": 30,
            "keep_minutes": 60,
            **on_aws,
        },
        "testers": {"from": ["127.0.0.0/8"]},
        "smoke": [{"path": "/", "contains": "Storefront"}],
        # The emulator is no measure of how fast a load balancer is.
        "strategy": {"drain": {"deadline": 1}, "bake": {"duration": 2}, "max_slow_percent": 100, **strategy},
        "probe": {"rate": 20, "mix": {"keep_alive": 100}, "paths": {"keep_alive": ["/"]}},
    }


def certificate(folder: Path) -> tuple[Path, Path]:
    """The shop's certificate, which is its own authority, and the same with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    authority, bundle = folder / "ca.crt", folder / "bundle.pem"
    authority.write_bytes(pem)
    bundle.write_bytes(pem + secret)
    return authority, bundle


def group(emulator: Emulator, name: str) -> dict[str, Any]:
    """An Auto Scaling group, as AWS describes it."""
    asked = emulator.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    found: dict[str, Any] = asked["AutoScalingGroups"][0]
    return found


class Shop:
    """A shop on an emulated AWS, with what an operator has of it: an inventory."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.folder = folder

    def start(self, name: str, *more: str) -> subprocess.Popen[str]:
        """A playbook, which can be killed: it and its children are a group of processes."""
        environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": self.emulator.connection["access_key"],
            "AWS_SECRET_ACCESS_KEY": self.emulator.connection["secret_key"],
            "HOME": str(self.folder),
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
        }
        command = [str(Path(sys.executable).parent / "ansible-playbook"), str(ROOT / "playbooks" / f"{name}.yml")]
        command += ["-i", str(self.folder / "inventory"), "-e", f"rollout_reports={self.folder}/reports", *more]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, start_new_session=True, **streams)

    def playbook(self, name: str, *more: str) -> subprocess.CompletedProcess[str]:
        """A playbook, once it has ended."""
        run = self.start(name, *more)
        told, _ = run.communicate(timeout=300)
        return subprocess.CompletedProcess(run.args, run.returncode, told)

    def deploy(self, version: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A release, from its first task to its last."""
        return self.playbook("deploy", *self.released(version, **environment))

    def released(self, version: str, **environment: str) -> tuple[str, str]:
        """Declares a release; what a playbook is told so that it finds it."""
        artifact = self.folder / "storefront.pyz"
        artifact.write_text(version, encoding="utf-8")
        digest = f"sha256:{hashlib.sha256(version.encode()).hexdigest()}"
        release = {"version": version, "artifact": str(artifact), "digest": digest, "environment": environment}
        (self.folder / "release.yml").write_text(yaml.safe_dump({"release": release}), encoding="utf-8")
        return "-e", f"@{self.folder}/release.yml"

    def groups(self) -> dict[str, Any]:
        """Of each color, which version of its release it has, its desired capacity, and whether it is held."""
        found = self.emulator.must("asg_release_info", {"stack": "shop"})
        return {
            color: (found[color]["id"].partition("-")[0], found[color]["desired"], bool(found[color]["held"]))
            for color in ("blue", "green")
        }


@contextlib.contextmanager
def opened(emulator: Emulator, tmp_path: Path, **strategy: Any) -> Iterator[Shop]:
    """A shop until the block ends; its stack is provisioned, and nothing released."""
    emulator.must("aws_network", {"stack": "shop"})
    emulator.must("aws_ledger", {"stack": "shop", "type": "dynamodb", "name": "shop-ledger"})
    listeners = [{"port": 80, "protocol": "HTTP"}]
    emulator.must("aws_load_balancer", {"stack": "shop", "listeners": listeners, "testers": {"from": ["127.0.0.0/8"]}})
    size = {"min": 2, "max": 6}
    emulator.must(
        "aws_compute",
        {"stack": "shop", "image": "ami-0abcdef1234567890", "instance_types": ["t3.small"], "size": size},
    )
    emulator.client("s3").create_bucket(Bucket="shop-releases")
    authority, bundle = certificate(tmp_path)
    with serving("emulator.front", emulator.url, "shop", "80", "--certificate", str(bundle)) as port:
        variables = tmp_path / "inventory" / "group_vars" / "all.yml"
        variables.parent.mkdir(parents=True)
        declared = {"service_environment": "emulated", "service": service(emulator, port, authority, strategy)}
        variables.write_text(yaml.safe_dump(declared), encoding="utf-8")
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        hosts = {"all": {"children": {"load_balancers": {"hosts": {"alb": {**local, "service_address": "127.0.0.1"}}}}}}
        (tmp_path / "inventory" / "hosts.yml").write_text(yaml.safe_dump(hosts), encoding="utf-8")
        yield Shop(emulator, tmp_path)
