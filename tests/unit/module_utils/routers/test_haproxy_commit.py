# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is left on file and in memory when HAProxy does not do what it was told, or goes away under a write."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_haproxy import Bench, FakeHAProxy

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers import base
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy import HAProxyRouter

GREEN = Split(blue=0, green=100)


def test_a_haproxy_that_dies_under_a_write_starts_again_with_what_it_had(bench: Bench) -> None:
    obey = bench.haproxy.answer

    def obey_and_die(command: str) -> str:
        answer = obey(command)
        if command.startswith("add map"):
            Path(bench.haproxy.path).unlink()  # nobody can connect any more
        return answer

    bench.haproxy.answer = obey_and_die  # type: ignore[method-assign]
    with pytest.raises(base.RouterError, match="systemctl status haproxy"):
        bench.router.write(GREEN, None, fence=1)
    assert bench.map.read_text() == "other 1000\n"


def test_a_value_that_somebody_else_puts_in_force_is_not_written_over(bench: Bench) -> None:
    """Memory has changed, though not to what was asked for: the file must not go back behind it."""
    obey = bench.haproxy.answer

    def obey_otherwise(command: str) -> str:
        answer = obey(command)
        if command.startswith(("add map", "set map")):
            bench.haproxy.entries["shop"] = "5000"
        return answer

    bench.haproxy.answer = obey_otherwise  # type: ignore[method-assign]
    with pytest.raises(base.RouterError, match="HAProxy still says 5000"):
        bench.router.write(GREEN, None, fence=1)
    assert bench.haproxy.entries["shop"] == "5000"
    assert "shop 10000" in bench.map.read_text().splitlines()


@pytest.mark.parametrize("lost_at", ["show map", "show stat"])
def test_a_worker_that_leaves_under_a_write_is_no_failure(bench: Bench, tmp_path: Path, lost_at: str) -> None:
    """The master lists a retired worker, which has ended by the time that it is asked."""
    master = FakeHAProxy(tmp_path / "master.sock")
    asked = []

    def route(command: str) -> str:
        if command == "show proc":
            return "#<PID>\n10 master 1\n# workers\n12 worker 0\n# old workers\n11 worker 1\n"
        asked.append(command)
        if lost_at in command:
            return "Can't find the target PID matching the prefix '@!11'."
        return ""

    master.answer = route  # type: ignore[method-assign]
    router = HAProxyRouter("shop", bench.haproxy.path, str(bench.map), str(bench.state), bench.clock, master.path)
    try:
        assert router.write(GREEN, None, fence=1).changed
        assert router.read().pools["green"].healthy == 2
    finally:
        master.close()
    assert any(lost_at in command for command in asked)
    assert bench.green() == ("10000", True)
