# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action: it packs without looking for garbage, and leaves the process as it found it."""

from __future__ import annotations

import gc
from unittest.mock import MagicMock

import pytest
from ansible.plugins.action.normal import ActionModule as NormalAction

from ansible_collections.seamless.delivery.plugins.action.aws_stack import ActionModule

USUAL = (700, 10, 10)


@pytest.fixture(autouse=True)
def usual():
    """Python's own thresholds; another test's module may have set others in this process."""
    before = gc.get_threshold()
    gc.set_threshold(*USUAL)
    yield
    gc.set_threshold(*before)


def run():
    return ActionModule(*(MagicMock() for _ in range(6))).run(task_vars={})


def test_nothing_is_collected_while_it_packs(monkeypatch):
    seen = []
    monkeypatch.setattr(NormalAction, "run", lambda *_: seen.append(gc.get_threshold()) or {"changed": False})
    assert run() == {"changed": False}
    assert seen[0][0] > 100 * USUAL[0]
    assert gc.get_threshold() == USUAL


def test_nor_after_a_failure_is_it_left_so(monkeypatch):
    def failing(*_):
        raise RuntimeError

    monkeypatch.setattr(NormalAction, "run", failing)
    with pytest.raises(RuntimeError):
        run()
    assert gc.get_threshold() == USUAL
