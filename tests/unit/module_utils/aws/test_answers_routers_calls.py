# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A router's calls, and the table of its fences, where AWS is busy or refuses for no reason that is known."""

from __future__ import annotations

import pytest
from a_clock import Clock
from a_vendor import gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_calls import (
    Again,
    AwsCalls,
    ConditionFailed,
)
from ansible_collections.seamless.delivery.plugins.module_utils.routers.fence_table import FenceTable


def busy_table(times):
    return [refuses("dynamodb", "list_tables", "ThrottlingException")] * times


def test_a_table_that_stays_busy_for_ten_seconds_is_an_error_that_may_be_tried_again():
    clock = Clock()
    told = r"^ListTables was not answered in time \(ThrottlingException: because\)$"
    with vendor(*busy_table(7)) as aws, pytest.raises(Again, match=told):
        AwsCalls(aws.client("dynamodb"), clock).patiently("list_tables")
    assert clock.slept == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2]


def test_a_table_that_is_busy_for_a_while_answers():
    clock = Clock()
    with vendor(*busy_table(2), gives("dynamodb", "list_tables", {"TableNames": ["shop"]})) as aws:
        assert AwsCalls(aws.client("dynamodb"), clock).patiently("list_tables")["TableNames"] == ["shop"]
    assert clock.slept == [0.1, 0.2]


@pytest.mark.parametrize(("note", "times"), [(None, 2), ({"who": "ada"}, 1)], ids=["a rollout", "broken glass"])
def test_a_claim_that_is_refused_for_no_reason_that_is_known_is_an_error_and_no_endless_loop(note, times):
    refused = [refuses("dynamodb", "update_item", "ConditionalCheckFailedException", "the conditions failed")] * times
    with vendor(*refused) as aws:
        clock = Clock()
        table = FenceTable("shop", "alb", "ledger", AwsCalls(aws.client("dynamodb"), clock), clock)
        with pytest.raises(ConditionFailed, match=r"^the conditions failed$"):
            table.claim(7, Split.all_on("green"), note)
