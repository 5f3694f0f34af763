# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reference says what the tables say. ``UPDATE_DOCS=1 pytest <this file>`` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.reference import table
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.release_table import RELEASE
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.service_table import SERVICE

DOCUMENT = Path(__file__).resolve().parents[5] / "docs" / "service-declaration.md"
PACKAGE = "plugins/module_utils/rollout/declaration"


@pytest.mark.parametrize(("name", "section"), [("service", SERVICE), ("release", RELEASE)])
def test_the_reference_is_the_table(name, section):
    text = DOCUMENT.read_text(encoding="utf-8")
    head, begin, rest = text.partition(f"<!-- begin {name}: made of the table in {PACKAGE}/{name}_table.py -->\n")
    found, end, tail = rest.partition(f"<!-- end {name} -->")
    assert begin and end, f"{DOCUMENT} has lost its place for the reference of {name}"
    wanted = f"\n{table(name, section)}\n\n"
    if os.environ.get("UPDATE_DOCS"):
        DOCUMENT.write_text(head + begin + wanted + end + tail, encoding="utf-8")
        return
    assert found == wanted, "the tables have changed: run this test with UPDATE_DOCS=1"


def test_every_key_is_explained():
    rows = f"{table('service', SERVICE)}\n{table('release', RELEASE)}".splitlines()
    assert len(rows) > 60
    assert all(row.count(" | ") == 3 and not row.endswith("|  |") for row in rows[2:] if "---" not in row)
