# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the declaration allows the probe to do is what the probe itself allows, no more and no less."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration import probe_table
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.kinds import Number
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe import config, declare, rows

DERIVED = {"service", "address", "port", "server_name", "rows", "status", "ca_file", "cookie"}
OF_THE_ANALYSIS = {"slow_ms", "tolerance_ms"}
NUMBERS = [name for name, key in probe_table.PROBE.keys.items() if isinstance(key.kind, Number)]


def test_the_keys_are_the_probe_s():
    known = {field.name for field in config.fields(config.Config)} - DERIVED
    assert set(probe_table.PROBE.keys) - OF_THE_ANALYSIS == known
    assert probe_table.SHORT == rows.SHORT
    assert tuple(probe_table.LONG_LIVED) == rows.LONG_LIVED
    assert probe_table.MAX_RATE == config.MAX_RATE


@pytest.mark.parametrize("full", [True, False])
def test_a_checked_declaration_is_one_that_the_probe_takes(declared, check, full, tmp_path):
    service = check(declared(full)).service
    service["entry"]["ca_file"] = None
    wishes = declare.configuration(service, Path(tmp_path))
    assert config.parse(wishes).rate == service["probe"]["rate"]


@pytest.mark.parametrize("name", [name for name in NUMBERS if name not in OF_THE_ANALYSIS])
def test_the_limits_are_the_probe_s(declared, check, name, tmp_path):
    kind = probe_table.PROBE.keys[name].kind
    service = check(declared()).service
    service["entry"]["ca_file"] = None
    for value, right in ((kind.low, True), (kind.high, True), (kind.low - 1, False), (kind.high + 1, False)):
        service["probe"][name] = value
        try:
            config.parse(declare.configuration(service, Path(tmp_path)))
        except config.ConfigError:
            taken = False
        else:
            taken = True
        assert taken is right, (name, value)


def test_a_probe_lasts_for_as_long_as_tasks_between_steps_may_take_and_waits_for_no_person(declared, check):
    def needed(*gates):
        declaration = declared(full=False)
        steps = [{"percent": 10, "most": 100, "gates": list(gates)}]
        declaration["service"]["strategy"] = {"type": "canary", "steps": steps}
        declaration["service"]["probe"] = {"max_seconds": 1}
        (found,) = (one.expected for one in check(declaration).problems if one.path == "service.probe.max_seconds")
        return int(found.split(",")[0].removeprefix("at least "))

    tasks, approval = {"type": "tasks", "file": "/t.yml"}, {"type": "approval"}
    assert needed(tasks) - needed() == 600
    assert needed({**tasks, "within": 90}, approval, tasks) - needed() == 690
