# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller is killed, at once and without a word, right before and after every write to the journal.

A write is an event, or the outcome of a phase with the intent of the next. Then the same command goes on, and in other
runs `rollback.yml`. Of all 32 ways, `make test` tries a sample, and `make long` every one.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.killed import WRITES, Point, die_and_go_on, points
from harness.site import Site

pytestmark = [pytest.mark.lab, pytest.mark.slow]


#: Where it is hardest to tell what has happened: users have moved, and the journal does not say so yet.
SAMPLE = (Point("before", WRITES.index("shift done") + 1, "rollback"),)


@pytest.mark.parametrize(
    "point", [pytest.param(point, marks=[] if point in SAMPLE else pytest.mark.long) for point in points()], ids=str
)
def test_whoever_goes_on_ends_in_one_state(site: Site, other: Path, point: Point) -> None:
    die_and_go_on(site, point, other)
