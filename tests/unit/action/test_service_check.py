# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action: the inventories of the checkout are right, and a wrong declaration is refused in words."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import EncryptedString, VaultLib, VaultSecret, VaultSecretsContext
from ansible.template import Templar
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from ansible_collections.seamless.delivery.plugins.action.service_check import ActionModule

INVENTORIES = Path(__file__).resolve().parents[3] / "inventories"


def run(inventory, change=lambda service: None, **options):
    """Runs the action as a task on localhost does, on the templated declaration of *inventory*.

    Of its hosts, nothing is known but the names, unless the variables of roles are asked for.
    """
    loader = DataLoader()
    manager = InventoryManager(loader=loader, sources=[str(inventory)])
    variables = VariableManager(loader=loader, inventory=manager)
    facts = variables.get_vars(host=manager.get_host("localhost"))
    facts["ansible_inventory_sources"] = [str(inventory)]
    facts["hostvars"] = HostVars(manager, variables, loader) if options.get("role_variables") == "all" else {}
    facts["groups"] = manager.get_groups_dict()
    # What no host but a real one has, and a value for it where the play would have found one.
    templar = Templar(loader=loader, variables={**facts, "lab_ca_file": "ca.pem"})
    service = templar.template(facts["service"])
    change(service)
    task = SimpleNamespace(
        action="seamless.delivery.service_check", args={"service": service, **options}, async_val=0, check_mode=False,
        diff=False, delegate_to=None, collections=[], _ansible_internal_redirect_list=[],
    )  # fmt: skip
    connection = MagicMock(_shell=MagicMock(tmpdir=None))
    return ActionModule(task, connection, MagicMock(), loader, templar, MagicMock()).run(task_vars=facts)


@pytest.fixture(name="release")
def _release(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "storefront.pyz").write_bytes(b"one")
    return {"version": "1.0.0", "artifact": "storefront.pyz", "digest": f"sha256:{hashlib.sha256(b'one').hexdigest()}"}


@pytest.mark.parametrize("name", ["lab", "lab_shared", "staging", "production", "aws-staging", "aws-production"])
def test_the_inventories_are_right(name):
    result = run(INVENTORIES / name, role_variables="all")
    assert result.get("msg") is None
    assert result["problems"] == []
    assert result["environment"] == name.removeprefix("aws-").partition("_")[0]
    assert all(result["hosts"].values())


def test_paths_become_absolute(release, tmp_path):
    result = run(INVENTORIES / "lab", release=release)
    assert result["release"]["artifact"] == str(tmp_path / "storefront.pyz")
    assert result["release"]["id"].startswith("1.0.0-")
    assert os.path.isabs(result["service"]["entry"]["ca_file"])
    assert run(INVENTORIES / "staging")["service"]["entry"]["ca_file"] is None


def test_a_mistake_is_told_with_file_line_and_hint(release):
    def change(service):
        service["entry"]["port"] = "443"
        del service["router"]

    result = run(INVENTORIES / "staging", change, release={**release, "digest": f"sha256:{'0' * 64}"})
    assert result["failed"]
    assert result["msg"].startswith("The declaration cannot be used: 3 problems.\n- service.entry.port (")
    assert (
        'found:    "443"\n    expected: a whole number from 1 to 65535\n    hint:     a text in YAML' in result["msg"]
    )
    assert [problem["key"] for problem in result["problems"]] == [
        "service.entry.port",
        "service.router",
        "release.digest",
    ]
    assert "staging/group_vars/all/service.yml:" in result["problems"][0]["at"]


def test_what_the_roles_would_not_understand_is_told_with_file_and_line(tmp_path):
    shutil.copytree(INVENTORIES / "staging", tmp_path / "staging")
    added = tmp_path / "staging" / "group_vars" / "all" / "added.yml"
    added.write_text("---\nload_balancer_maxconn: many\nload_balancer_exporter_form: [10.0.0.1]\n", encoding="utf-8")
    result = run(tmp_path / "staging", role_variables="all")
    assert [(problem["key"], problem["hint"]) for problem in result["problems"]] == [
        ("load_balancer_exporter_form", "did you mean load_balancer_exporter_from? No role reads this one"),
        ("load_balancer_maxconn", ""),
    ]
    assert [problem["at"].rpartition("/")[2] for problem in result["problems"]] == ["added.yml:3", "added.yml:2"]
    assert run(tmp_path / "staging")["problems"] == [], "not where it was not asked for"


def test_a_run_is_told_that_nobody_reads_what_it_was_given(tmp_path):
    """An approved plan, say, whose digest would not be compared."""
    shutil.copytree(INVENTORIES / "staging", tmp_path / "staging")
    added = tmp_path / "staging" / "group_vars" / "all" / "added.yml"
    added.write_text("---\nrollout_plan_digset: sha256:1\nrollout_team: shop\n", encoding="utf-8")
    (problem,) = run(tmp_path / "staging", role_variables="rollout")["problems"]
    assert problem["key"] == "rollout_plan_digset"
    assert problem["hint"].startswith("did you mean rollout_plan_digest?")
    assert problem["at"].endswith("added.yml:2")


def test_a_vaulted_value_is_not_shown(release):
    secret = VaultSecret(b"x")
    VaultSecretsContext.initialize(VaultSecretsContext([("default", secret)]))
    value = EncryptedString(ciphertext=VaultLib().encrypt("hunter2 hunter2", secret=secret).decode())

    def change(service):
        service["name"] = Templar(loader=DataLoader()).template(value)

    result = run(INVENTORIES / "staging", change)
    assert result["problems"][0]["found"] == "a value from a vault (not shown)"
    assert "hunter2" not in str(result)


def test_an_environment_needs_a_name_and_a_place_of_its_own(tmp_path):
    for name in ("staging", "production"):
        folder = tmp_path / name
        (folder / "group_vars").mkdir(parents=True)
        text = (INVENTORIES / "staging" / "hosts.yml").read_text(encoding="utf-8")
        (folder / "hosts.yml").write_text(text, encoding="utf-8")
        for file in (INVENTORIES / "staging" / "group_vars" / "all").iterdir():
            text = file.read_text(encoding="utf-8").replace(
                "service_environment: staging", f"service_environment: {name}"
            )
            target = folder / "group_vars" / "all" / file.name
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, encoding="utf-8")
    found = [problem["found"] for problem in run(tmp_path / "production")["problems"]]
    assert [text.split(" that ")[0] for text in found] == ["hosts", "addresses", "hostnames"]
    (missing,) = run(tmp_path / "production", isolated_from=[str(tmp_path / "nowhere")])["problems"]
    assert "there is no inventory at" in missing["found"]
    for file in tmp_path.rglob("service.yml"):
        file.write_text(file.read_text(encoding="utf-8").replace("service_environment:", "x:"), encoding="utf-8")
    (unnamed,) = run(tmp_path / "production")["problems"]
    assert unnamed["expected"] == "the name of an environment, such as staging"


def test_a_calendar_that_cannot_be_read_is_a_mistake_of_the_declaration():
    hours = {"rule": "FREQ=DAILY;BYHOUR=9", "lasts": 3600}
    never = {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "lasts": 3600, "reason": "x"}

    def found(**calendar):
        result = run(INVENTORIES / "staging", lambda service: service.update(calendar=calendar))
        return [(problem["key"], problem["hint"]) for problem in result["problems"]]

    assert found(timezone="Europe/Berlin", allowed=[hours]) == []
    ((key, hint),) = found(timezone="Europe/Berln", allowed=[hours])
    assert key == "service.calendar.timezone"
    assert hint.endswith("has no Europe/Berln; did you mean Europe/Berlin?")
    ((key, hint),) = found(timezone="Europe/Berlin", allowed=[hours], frozen=[{**never, "rule": "FREQ=DAILY"}, never])
    assert (key, hint[:10]) == ("service.calendar.frozen[1].rule", "no day is ")
    ((key, hint),) = found(timezone="Nowhere", allowed=[{**hours, "rule": "FREQ=SECONDLY"}])
    assert key == "service.calendar.allowed[0].rule"
