# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator itself: what one test made is not there for the next one, in whichever region it was."""

from __future__ import annotations

from harness import Emulator
from whole_stack import WHOLE


def test_nothing_outlives_a_reset(emulator: Emulator) -> None:
    there = {**WHOLE, "region": "eu-central-1"}
    emulator.must("aws_stack", there)
    emulator.reset()
    emulator.must("aws_network", {"stack": "other"})
    assert not [key for key in emulator.state() if "eu-central-1" in key]
