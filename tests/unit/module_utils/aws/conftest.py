# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests of stacks share: where their helpers are (`a_world` and the like), and a clock to wait by."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from a_clock import Clock

from ansible_collections.seamless.delivery.plugins.module_utils.aws import patience


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What waits with patience waits by this clock, and takes no time."""
    its = Clock()
    monkeypatch.setattr(patience, "time", its)
    return its


@pytest.fixture
def slept(clock: Clock) -> list[float]:
    """The seconds of each wait."""
    return clock.slept
