# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The example inventories on AWS are no mere text: what each declares is made, and a second run finds nothing to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.manager import VariableManager
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.aws_holds import stack_of
from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain

INVENTORIES = Path(__file__).resolve().parents[2] / "inventories"
SECRET = "found-where-it-is-kept"


def declared(name: str) -> dict[str, Any]:
    """The options of aws_stack that an inventory declares; a stand-in for each secret that it looks up."""
    loader = DataLoader()
    manager = InventoryManager(loader=loader, sources=[str(INVENTORIES / name)])
    variables = VariableManager(loader=loader, inventory=manager).get_vars(host=manager.localhost)
    raw = stack_of(variables)
    stack = {
        key: {inner: SECRET if "lookup(" in str(it) else it for inner, it in value.items()}
        if isinstance(value, dict)
        else value
        for key, value in raw.items()
    }
    found: dict[str, Any] = plain(Templar(loader, variables=variables).template(stack))
    return {**found.pop("connection"), "stack": found.pop("name"), **found}


@pytest.mark.parametrize("name", ["aws-staging", "aws-production"])
def test_what_an_inventory_declares_is_made_once(emulator: Emulator, name: str) -> None:
    stack = declared(name)
    # The zone is the user's own, and was there before.
    zone = {"stack": "ours", "zone": stack["dns"]["zone"], "create_zone": True}
    emulator.must("aws_dns", zone)
    made, written = emulator.counting(lambda: emulator.must("aws_stack", stack))
    assert made["counts"]["create"] > 80
    assert written
    assert SECRET not in str(made)
    again, written = emulator.counting(lambda: emulator.must("aws_stack", stack))
    assert (again["changed"], again["plan"], written) == (False, [], [])
