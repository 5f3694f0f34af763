# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy is near only when it is known to be."""

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.aws.database_switch.lag import Point, refused


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ([], "is not known"),
        ([Point(181, 0)], "is not known"),
        ([Point(60, 0)], ""),
        ([Point(60, 1)], ""),
        ([Point(60, 1.5)], "it is 1.5 s behind, and max_lag is 1 s"),
        ([Point(0, 0), Point(60, 7)], "it is 7 s behind"),
        ([Point(0, 0), Point(200, 7)], ""),
        ([Point(0, 0), Point(60, -1)], "it is not replicating"),
    ],
)
def test_lag(points: list[Point], why: str) -> None:
    said = refused(points, 1.0)
    assert (why in said) if why else said == ""
