# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A deed is done, and its answer is lost: the client asks again, and AWS says that it is there, or does it once more.

For each kind of part, of what the grid declares: whatever the run says that met this, after the next one it is as if no
answer had been lost. Not here: what AWS does once for one token, reference or name, and the emulator does twice (load
balancers, health checks, detectors), and networks, which have a test of their own.
"""

from __future__ import annotations

from typing import Any

import pytest
from harness import Emulator
from test_modules import grid

_LOST = {"code": "InternalFailure", "status": 500, "done": True}


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("backup", "rules come and go"),
        ("cache", "parameters come and go"),
        ("cdn", "headers of answers"),
        ("cdn", "functions"),
        ("cdn", "continuous deployment"),
        ("compute", "policies in steps"),
        ("compute", "hooks"),
        ("cost", "unusual costs"),
        ("ledger", "a table"),
        ("ledger", "a bucket"),
        ("observability", "logs"),
        ("observability", "who is told"),
        ("waf", "addresses and limits"),
        ("waf", "what it protects, and its log"),
    ],
)
def test_a_lost_answer_doubles_nothing(emulator: Emulator, name: str, case: str) -> None:
    of = grid(name)
    arguments: dict[str, Any] = {"stack": "shop", **of.CASES[case][1]}

    def needed() -> None:
        for module, options in of.NEEDS:
            emulator.must(module, options)

    needed()
    _done, written = emulator.counting(lambda: emulator.must(of.MODULE, arguments))
    well = emulator.state()
    emulator.reset()
    needed()
    emulator.trouble(failing=[{"operation": operation, **_LOST} for operation in set(written)])
    emulator.run_module(of.MODULE, arguments)
    emulator.trouble()
    emulator.must(of.MODULE, arguments)
    assert emulator.state() == well
    again, written = emulator.counting(lambda: emulator.must(of.MODULE, arguments))
    assert (again["changed"], written) == (False, [])
