# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the routers' modules say of themselves: put together from fragments, and complete."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import Written
from ansible_collections.seamless.delivery.plugins.module_utils.routers.split_options import OPTIONS, REVERT, result

MODULES = Path(__file__).parents[3] / "plugins" / "modules"
SPLITS = {"alb": True, "cloudfront": False, "haproxy": True, "route53": False}
READS = ["split", "persisted", "pools", "fence", "clock", "armed", "guard", "notes"]
ROUTER = ["router_drain", "router_member", "router_split", "router_split_info"]


def documented(module):
    """What ansible-doc shows: the documentation with its fragments, and what is returned."""
    doc, _examples, returned, _metadata = get_docstring(
        str(MODULES / f"{module}.py"), fragment_loader, collection_name="seamless.delivery", plugin_type="module"
    )
    return doc, returned


def differences(options, doc):
    """Where the documentation has an option otherwise than the argument spec."""
    said = {name: doc["options"].get(name, {}) for name in options}
    kinds = {name: (one["type"], one.get("default")) for name, one in options.items()}
    return [name for name, one in said.items() if (one.get("type"), one.get("default")) != kinds[name]]


@pytest.mark.parametrize(("router", "reverts"), SPLITS.items())
def test_a_module_that_writes_a_split_has_the_options_that_all_have(router, reverts):
    doc, returned = documented(f"{router}_split")
    assert differences({**OPTIONS, **(REVERT if reverts else {})}, doc) == []
    assert ("revert_to" in doc["options"]) is reverts
    assert {"check_mode", "diff_mode", "idempotent"} <= set(doc["attributes"])
    written = Written(True, None, Split.parse({"blue": 100, "green": 0}), None, 1.0, 7)
    gives = result({"service": "shop", **({"revert_after": None} if reverts else {})}, written)
    assert set(gives) - {"changed", "diff"} <= set(returned)
    assert "notes_cleared" in returned


@pytest.mark.parametrize("router", SPLITS)
def test_a_module_that_reads_a_split_returns_what_all_return(router):
    doc, returned = documented(f"{router}_split_info")
    assert list(returned) == READS
    assert doc["options"]["service"]["required"] is True
    assert doc["attributes"]["check_mode"]["description"] == "Only reads."


@pytest.mark.parametrize("module", ROUTER)
def test_a_module_for_any_router_has_the_same_two_options(module):
    doc, _returned = documented(module)
    assert list(doc["options"]) == ["router", "service"]
    assert {"check_mode", "diff_mode", "idempotent"} <= set(doc["attributes"])


def test_what_is_left_out_is_found():
    """The negative control: an option that nobody describes, and one that is described otherwise."""
    doc, _returned = documented("alb_split")
    more = {**OPTIONS, "pace": {"type": "int"}, "at": {"type": "int"}}
    assert differences(more, doc) == ["at", "pace"]
