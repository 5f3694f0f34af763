# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No form in which a program writes a secret gets through."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.releases.masking import MASK, masking

#: How logs write a text, without what they put around it.
WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "repr": lambda text: repr(text)[1:-1],
    "a URL's path": quote,
    "a URL's user": lambda text: quote(text, safe=""),
    "a form": quote_plus,
}
A_LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="<>"), min_size=2)


@pytest.mark.parametrize("way", WAYS)
@example('a"quote')
@example("back\\slash")
@example('it\'s "so"')
@example("caf\u00e9 de/Paris")
@given(secret=A_LINE.filter(lambda text: len(text.strip()) > 1))
def test_a_secret_is_masked_however_it_was_written(way: str, secret: str) -> None:
    assert masking([secret])(f"<{WAYS[way](secret)}>") == f"<{MASK}>"


def test_a_key_of_several_lines_is_masked_whole_and_line_by_line() -> None:
    key = 'first "line"\nsecond\\line'
    mask = masking([key])
    assert mask(json.dumps({"key": key})) == f'{{"key": "{MASK}"}}'
    assert [mask(line) for line in key.splitlines()] == [MASK, MASK]


def test_a_secret_within_another_one_leaves_no_rest() -> None:
    assert masking(["abc", "abcdef"])("abcdef abc") == f"{MASK} {MASK}"


@pytest.mark.parametrize("secret", ["", "a", " \n "])
def test_what_is_too_short_leaves_the_text_alone(secret: str) -> None:
    assert masking([secret])("a line about nothing") == "a line about nothing"
