# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bench for each test of a router."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy import HAProxyRouter

sys.path.insert(0, str(Path(__file__).parent))

from fake_haproxy import Bench, Clock, FakeHAProxy


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    haproxy = FakeHAProxy(tmp_path / "admin.sock")
    split_map = tmp_path / "split.map"
    split_map.write_text("other 1000\n")
    haproxy.map_path = str(split_map)
    clock = Clock()
    state = tmp_path / "state"
    places = (
        haproxy.path,
        str(split_map),
        str(state),
        clock,
        str(tmp_path / "no-master"),
        str(tmp_path / "guard.sock"),
    )
    yield Bench(haproxy, HAProxyRouter("shop", *places), clock, split_map, state)
    haproxy.close()
