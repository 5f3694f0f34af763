# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS is eventually consistent: for a while after a write, whoever asks is told how it was before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from balanced import BLUE, CANARY, GREEN, Site, balanced
from harness import Emulator
from whole_stack import WHOLE

#: Seconds; EC2's documentation speaks of seconds, too.
STALE = 5.0


def changed(**sections: Any) -> dict[str, Any]:
    """WHOLE with other options in these sections."""
    return {**WHOLE, **{name: {**WHOLE[name], **options} for name, options in sections.items()}}


CHANGED = changed(
    compute={"instance_types": ["t3.small"], "size": {"min": 3, "max": 9}},
    database={"instance_class": "db.t3.large"},
    load_balancer={"idle_timeout": 30},
)


def test_the_emulator_tells_of_the_past_until_it_has_passed(emulator: Emulator) -> None:
    ec2 = emulator.client("ec2")
    emulator.trouble(stale=STALE)
    own: dict[str, Any] = {"Filters": [{"Name": "cidr", "Values": ["10.7.0.0/16"]}]}
    assert ec2.describe_vpcs(**own)["Vpcs"] == []
    ec2.create_vpc(CidrBlock="10.7.0.0/16")
    assert ec2.describe_vpcs(**own)["Vpcs"] == []
    assert emulator.told_of_the_past() == 1
    time.sleep(STALE)
    assert len(ec2.describe_vpcs(**own)["Vpcs"]) == 1


def test_a_stack_is_made_changed_and_left_alone(emulator: Emulator) -> None:
    emulator.must("aws_stack", WHOLE)
    emulator.must("aws_stack", CHANGED)
    well = emulator.state()
    emulator.reset()
    emulator.trouble(stale=STALE)
    for declared in (WHOLE, WHOLE, CHANGED, CHANGED):
        emulator.must("aws_stack", declared)
    assert emulator.told_of_the_past() > 0, "somebody must have been"
    emulator.trouble()
    assert emulator.state() == well, "nothing is doubled"
    again, written = emulator.counting(lambda: emulator.must("aws_stack", CHANGED))
    assert (again["changed"], written) == (False, [])


@pytest.fixture
def lagging(emulator: Emulator) -> Iterator[Site]:
    """A site with all users on blue, at an AWS that tells of that for a while, whatever happens."""
    with balanced(emulator) as site:
        emulator.trouble(stale=STALE)
        assert site.seen()["split"] == BLUE
        yield site


def really(site: Site) -> dict[str, int]:
    """The split that is in force, once AWS tells of the present again."""
    assert site.emulator.told_of_the_past() > 0, "somebody must have been told of the past"
    site.emulator.trouble()
    split: dict[str, int] = site.seen()["split"]
    return split


def test_users_are_moved_on_from_where_they_are(lagging: Site) -> None:
    lagging.moved(CANARY, expect=BLUE)
    done = lagging.moved(GREEN, expect=CANARY)
    assert (done["changed"], done["before"]) == (True, CANARY)
    assert really(lagging) == GREEN


def test_they_are_taken_back_although_they_seem_to_be_there(lagging: Site) -> None:
    lagging.moved(CANARY, expect=BLUE)
    assert lagging.seen()["split"] == BLUE, "so it looks"
    assert lagging.moved(BLUE)["changed"]
    assert really(lagging) == BLUE


def test_what_somebody_else_has_moved_is_refused_at_once(emulator: Emulator) -> None:
    with balanced(emulator) as site:
        site.moved(CANARY, expect=BLUE)
        began = time.monotonic()
        assert site.split(GREEN, expect=BLUE)["reason"] == "UnexpectedSplit"
        assert time.monotonic() - began < 10
