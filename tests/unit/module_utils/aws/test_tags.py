# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tags of a declaration: what AWS would refuse, or we would take for our own, is refused before."""

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError
from ansible_collections.seamless.delivery.plugins.module_utils.aws.tags import checked_tags


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"Name": "x"}, "tags: expected other keys than Name"),
        ({"aws:x": "x"}, "tags: expected other keys than Name"),
        ({"AWS:x": "x"}, "tags: expected other keys than Name"),
        ({"seamless:stack": "other"}, "tags: expected other keys than Name"),
        ({"": "x"}, "tags: expected keys of 1 to 128"),
        ({"k" * 129: "x"}, "tags: expected keys of 1 to 128"),
        ({"a#b": "x"}, "tags: expected keys of 1 to 128"),
        ({"a": None}, "tags.a: expected a text in quotes, but found None"),
        ({"a": True}, "tags.a: expected a text in quotes, but found True"),
        ({"a": {"b": 1}}, "tags.a: expected a text in quotes"),
        ({"a": "x" * 257}, "tags.a: expected at most 256"),
        ({"a": "50 % \U0001f642"}, "tags.a: expected at most 256 letters, digits, spaces and"),
        ({f"k{number}": "x" for number in range(47)}, "tags: expected 46 at most, but found 47"),
    ],
)
def test_each_mistake_is_named(tags, told):
    with pytest.raises(StackError) as refused:
        checked_tags(tags)
    assert str(refused.value).startswith(told)


def test_what_aws_takes_is_taken_and_numbers_become_text():
    given = {"Team": "Bücher + Co", "a": "", "k" * 128: "x" * 256}
    assert checked_tags({**given, "cost/center": 4711, 5: 1.5}) == {**given, "cost/center": "4711", "5": "1.5"}


def test_all_mistakes_are_told_at_once():
    with pytest.raises(StackError, match=r"tags: expected other keys .*; tags\.a: expected a text"):
        checked_tags({"Name": "x", "a": None})
