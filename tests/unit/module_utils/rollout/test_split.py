# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS, Split, other

splits = st.integers(0, 100).map(lambda blue: Split(blue, 100 - blue))
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-200, 200) | st.floats() | st.text(max_size=4),
    lambda inner: st.dictionaries(st.sampled_from(["blue", "green", "red", ""]), inner, max_size=3),
    max_leaves=6,
)


@given(splits)
def test_a_split_survives_its_own_words(split: Split) -> None:
    assert Split.parse(split.as_dict()) == split
    assert Split.parse({color: f" {share} " for color, share in split.as_dict().items()}) == split
    assert sum(split.share(color) for color in COLORS) == 100


@given(splits)
def test_a_color_is_live_only_with_all_the_traffic(split: Split) -> None:
    live = split.live()
    assert (live is None) == (0 < split.blue < 100)
    assert live is None or split == Split.all_on(live)
    assert split.colors() == tuple(color for color in COLORS if split.share(color) > 0)


@given(anything)
def test_parse_gives_a_whole_split_or_says_what_is_wrong_with_it(value: Any) -> None:
    try:
        split = Split.parse(value)
    except ValueError as error:
        told = str(error)
    else:
        told = "split: found"
        assert split.blue + split.green == 100
    assert told.startswith("split: ")


@given(st.integers(), st.integers())
def test_no_split_exists_that_does_not_add_up(blue: int, green: int) -> None:
    if blue + green == 100 and 0 <= blue <= 100:
        assert Split(blue, green).as_dict() == {"blue": blue, "green": green}
    else:
        with pytest.raises(ValueError, match=r"add up to 100|between 0 and 100"):
            Split(blue, green)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([100, 0], "expected a mapping"),
        ({"blue": 100}, "exactly the colors blue and green"),
        ({"blue": 100, "green": 0, "red": 0}, "exactly the colors blue and green"),
        ({"blue": True, "green": 99}, "blue must be a whole number of percent, but found True"),
        ({"blue": 99.5, "green": 0.5}, "blue must be a whole number"),
        ({"blue": "²", "green": 98}, "blue must be a whole number of percent, but found '²'"),
        ({"blue": 60, "green": 60}, "add up to 120"),
        ({"blue": -1, "green": 101}, "blue must be between 0 and 100"),
    ],
)
def test_the_message_names_the_key_and_what_was_found(value: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Split.parse(value)


@pytest.mark.parametrize("share", [True, 100.0, None, "100"])
def test_a_share_of_another_type_is_refused(share: Any) -> None:
    with pytest.raises(ValueError, match="blue must be a whole number"):
        Split(share, 0)


def test_there_are_two_colors() -> None:
    assert (other("blue"), other("green")) == ("green", "blue")
    assert str(Split.all_on("green")) == "blue 0 % / green 100 %"
    for wrong in ("red", ""):
        with pytest.raises(ValueError, match="expected a color"):
            Split.all_on(wrong)
        with pytest.raises(ValueError, match="expected a color"):
            Split(100, 0).share(wrong)
