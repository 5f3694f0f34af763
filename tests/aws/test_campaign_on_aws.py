# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real rollouts as a campaign on the emulated AWS: Auto Scaling groups behind an ALB, then CloudFront."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fleet import ROOT, Shop, opened
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.stores import open_ledger

pytestmark = pytest.mark.long

GREEN = {"blue": 0, "green": 100}
SITE: dict[str, Any] = {
    "stack": "shop",
    "origins": [{"name": "app", "domain": "origin.example.com", "path": "/{color}"}],
    "http_version": "http2",
    "continuous_deployment": True,
}


@pytest.fixture
def shop(emulator: Emulator, tmp_path: Path) -> Iterator[Shop]:
    """A shop that releases from one color to the other."""
    with opened(emulator, tmp_path, type="blue_green") as shop:
        yield shop


class Everywhere:
    """The shop as the first stage, and CloudFront as the second; the campaign's ledger is in DynamoDB."""

    def __init__(self, its: Shop) -> None:
        self.shop = its
        made = its.emulator.must("aws_cdn", SITE)["resources"]
        self.edge = {
            "distribution": made["distribution shop"]["id"],
            "staging": made["staging distribution shop"]["id"],
            "table": "shop-ledger",
        }
        self.on_aws = {"region": "us-east-1", "endpoint_url": its.emulator.url}
        self.ledger = {"type": "dynamodb", "table": "shop-ledger", **self.on_aws}

    def declare(self, check: Path | None = None) -> None:
        """Write the campaign down."""
        stages = [
            {"name": "eu", "rollout": {"inventory": str(self.shop.folder / "inventory")}, "bake": 1},
            {
                "name": "edge",
                "service": "shop-edge",
                "router": {"type": "cloudfront", **self.edge, **self.on_aws},
                "steps": [10, 100],
                "bake": 1,
                "check": str(check) if check else None,
            },
        ]
        declared = {"campaign": {"name": "everywhere", "ledger": self.ledger, "stages": stages}}
        folder = self.shop.folder / "everywhere"
        (folder / "group_vars").mkdir(parents=True, exist_ok=True)
        (folder / "group_vars" / "all.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"localhost": local}}}), encoding="utf-8")

    def release(self, version: str) -> subprocess.CompletedProcess[str]:
        """Take a release through."""
        folder = self.shop.folder
        artifact = folder / f"{version}.pyz"
        artifact.write_text(version, encoding="utf-8")
        digest = f"sha256:{hashlib.sha256(version.encode()).hexdigest()}"
        release = {"version": version, "artifact": str(artifact), "digest": digest}
        (folder / "release.yml").write_text(yaml.safe_dump({"release": release}), encoding="utf-8")
        access = self.shop.emulator.connection
        environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": access["access_key"],
            "AWS_SECRET_ACCESS_KEY": access["secret_key"],
            "HOME": str(folder),
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        }
        command = [sys.executable, "-m", "ansible", "playbook", str(ROOT / "playbooks" / "campaign.yml")]
        command += ["-i", str(folder / "everywhere"), "-e", f"@{folder}/release.yml"]
        command += ["-e", f"rollout_reports={folder}/reports"]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=900
        )

    def told(self) -> list[str]:
        """The events of the newest campaign."""
        ledger = open_ledger({"service": "everywhere", "ledger": {**self.ledger, "profile": None}}, time.time)
        events, last = ledger.read().events, ledger.history().last
        return [" ".join(filter(None, (one.type, one.data.get("phase")))) for one in events if one.rollout == last.id]

    def split(self) -> dict[str, int]:
        """What viewers of CloudFront get."""
        found = self.shop.emulator.must("cloudfront_split_info", {"service": "shop-edge", **self.edge})
        split: dict[str, int] = found["split"]
        return split


def test_an_alb_then_cloudfront_and_both_back(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", shop.emulator.connection["access_key"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", shop.emulator.connection["secret_key"])
    its = Everywhere(shop)
    its.declare()
    first = its.release("1.0.0")
    assert first.returncode == 0, first.stdout
    assert shop.groups() == {"blue": ("", 0, False), "green": ("1.0.0", 2, False)}
    assert its.split() == GREEN
    assert "eu | " in first.stdout, "what the stage's rollout says is shown"

    check = shop.folder / "check.yml"
    check.write_text("[{name: Ask, ansible.builtin.fail: {msg: viewers complain}}]", encoding="utf-8")
    its.declare(check)
    second = its.release("2.0.0")
    assert second.returncode != 0 and "viewers complain" in second.stdout, second.stdout
    assert [event for event in its.told() if event.startswith("rollback.done ")] == [
        "rollback.done stage-2",
        "rollback.done stage-1",
    ]
    assert its.split() == GREEN
    assert shop.groups()["green"] == ("1.0.0", 2, False)
    status = shop.playbook("status")
    assert "1.0.0-" in status.stdout and "is live in green" in status.stdout.replace("\n", " "), status.stdout
    assert "everything agrees" in status.stdout
