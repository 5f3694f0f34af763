# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action: the example is declared well, and every mistake in a campaign is refused in words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.manager import VariableManager

from ansible_collections.seamless.delivery.plugins.action.campaign_check import ActionModule
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.campaign_table import (
    CAMPAIGN,
    ROLLOUT,
    ROUTERS,
    STAGES,
)

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "inventories" / "aws-everywhere"
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture(autouse=True)
def _started_at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def run(change: Change = lambda _campaign: None, **options: Any) -> dict[str, Any]:
    """The action as a task on localhost runs it, on the example as *change* changes it."""
    loader = DataLoader()
    manager = InventoryManager(loader=loader, sources=[str(EXAMPLE)])
    facts = VariableManager(loader=loader, inventory=manager).get_vars(host=manager.get_host("localhost"))
    facts |= {"ansible_inventory_sources": [str(EXAMPLE)], "hostvars": {}, "groups": manager.get_groups_dict()}
    templar = Templar(loader=loader, variables=facts)
    campaign = facts["campaign"]
    change(campaign)
    task = SimpleNamespace(
        action="seamless.delivery.campaign_check", args={"campaign": campaign, **options}, async_val=0,
        check_mode=False, diff=False, delegate_to=None, collections=[], _ansible_internal_redirect_list=[],
    )  # fmt: skip
    connection = MagicMock(_shell=MagicMock(tmpdir=None))
    found: dict[str, Any] = ActionModule(task, connection, MagicMock(), loader, templar, MagicMock()).run(
        task_vars=facts
    )
    return found


def test_the_example_is_declared_well(tmp_path: Path) -> None:
    artifact = tmp_path / "storefront.pyz"
    artifact.write_bytes(b"one")
    digest = f"sha256:{hashlib.sha256(b'one').hexdigest()}"
    found = run(release={"version": "1.0.0", "artifact": str(artifact), "digest": digest})
    assert found["problems"] == []
    assert [stage["name"] for stage in found["campaign"]["stages"]] == ["rehearsal", "production", "edge"]
    assert found["campaign"]["stages"][0]["rollout"]["deploy"] == "seamless.delivery.deploy"
    assert (found["ledger_host"], found["directory"]) == ("localhost", str(ROOT))
    assert found["release"]["id"].startswith("1.0.0-")


@pytest.mark.parametrize(
    ("change", "key", "expected"),
    [
        (lambda it: it.pop("name"), "campaign.name", "a name of up to 32"),
        (lambda it: it["ledger"].pop("region"), "campaign.ledger.region", "a region such as"),
        (
            lambda it: it.update(ledger={"type": "file", "host": "nowhere"}),
            "campaign.ledger.host",
            "a host of the inventory",
        ),
        (lambda it: it.update(stages=[]), "campaign.stages", "a list, of at least 1"),
        (lambda it: it["stages"][0].pop("rollout"), "campaign.stages[0]", "either rollout or router"),
        (lambda it: it["stages"][2].update(rollout={}), "campaign.stages[2]", "either rollout or router"),
        (lambda it: it["stages"][1].update(name="rehearsal"), "campaign.stages[1].name", "another one in each stage"),
        (
            lambda it: it["stages"][1]["rollout"].update(inventory="inventories/aws-staging"),
            "campaign.stages[1].rollout.inventory",
            "another one in each stage",
        ),
        (
            lambda it: it["stages"][0]["rollout"].update(inventory="inventories/nowhere"),
            "campaign.stages[0].rollout.inventory",
            "an inventory, seen from",
        ),
        (
            lambda it: it["stages"][0]["rollout"].update(deploy="no.yml"),
            "campaign.stages[0].rollout.deploy",
            "a file, seen",
        ),
        (lambda it: it["stages"][0].update(check="no.yml"), "campaign.stages[0].check", "a file, seen from"),
        (lambda it: it["stages"][0].update(bake="soon"), "campaign.stages[0].bake", "a number of seconds"),
        (lambda it: it["stages"][0].update(steps=[100]), "campaign.stages[0].steps", "a known key"),
        (lambda it: it["stages"][2].update(steps=[15, 5, 100]), "campaign.stages[2].steps", "percentages that grow"),
        (lambda it: it["stages"][2].update(steps=[5, 15]), "campaign.stages[2].steps", "the last one 100"),
        (lambda it: it["stages"][2].update(steps=[5, 50, 100]), "campaign.stages[2].steps", "at most 15, and then 100"),
        (lambda it: it["stages"][2].update(to="red"), "campaign.stages[2].to", "blue or green"),
        (
            lambda it: it["stages"][2]["router"].update(type="alb"),
            "campaign.stages[2].router.type",
            "cloudfront or route53",
        ),
    ],
)
def test_a_mistake_is_named(change: Change, key: str, expected: str) -> None:
    found = run(change)
    assert found["failed"] is True
    told = {problem["key"]: problem["expected"] for problem in found["problems"]}
    assert key in told, told
    assert expected in told[key]
    assert f"- {key}" in found["msg"]


def test_every_mistake_is_named_at_once_and_the_release_s_too() -> None:
    def change(campaign: dict[str, Any]) -> None:
        campaign["name"] = "Everywhere"
        campaign["stages"][2]["steps"] = [50]

    found = run(change, release={})
    keys = {problem["key"] for problem in found["problems"]}
    assert {"campaign.name", "campaign.stages[2].steps", "release.version", "release.artifact"} <= keys


def test_what_is_no_campaign_is_refused() -> None:
    task_vars: dict[str, Any] = {}
    task = SimpleNamespace(action="x", args={"campaign": "x"}, async_val=0, check_mode=False, diff=False)
    plugin = ActionModule(task, MagicMock(_shell=MagicMock(tmpdir=None)), MagicMock(), DataLoader(), None, MagicMock())
    assert "expected: a mapping" in plugin.run(task_vars=task_vars)["msg"]


def test_each_key_is_explained() -> None:
    page = (ROOT / "docs" / "campaign.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    sections = [CAMPAIGN, ROLLOUT, *STAGES.sections.values(), *ROUTERS.sections.values()]
    names = {name for section in sections for name in section.keys}
    assert sorted(name for name in names - {"rollout", "router"} if not any(name in row for row in rows)) == []
