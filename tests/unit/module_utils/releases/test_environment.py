# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What systemd reads from the file is what was declared; the reader here follows systemd's rules, not our writer's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.releases.environment import environment_file

# Between double quotes a backslash stays where it does not stand before one of the four (systemd's parse_env_file).
_ASSIGNMENT = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"\n', re.DOTALL)
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\t\n"))


def as_systemd_reads(text: str) -> dict[str, str]:
    found = _ASSIGNMENT.findall(text)
    assert "".join(f'{name}="{value}"\n' for name, value in found) == text, "something was left over"
    return {name: re.sub(r'\\(["\\$`])', r"\1", value) for name, value in found}


@given(st.dictionaries(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]*", fullmatch=True).filter(str.isascii), TEXT))
def test_every_value_arrives_as_it_was_written(variables: dict[str, str]) -> None:
    assert as_systemd_reads(environment_file(variables)) == variables


def test_the_file_is_sorted_and_numbers_are_text() -> None:
    assert environment_file({"B": 2, "A": True}) == 'A="True"\nB="2"\n'
    assert environment_file({}) == ""


def test_a_key_of_several_lines_stays_one_value() -> None:
    assert environment_file({"KEY": "-----BEGIN\nabc\n"}) == 'KEY="-----BEGIN\nabc\n"\n'


@pytest.mark.parametrize("character", ["\x00", "\r", "\x1b", "\x7f"])
def test_what_systemd_would_drop_in_silence_is_refused_without_its_value(character: str) -> None:
    with pytest.raises(ValueError, match="expected text in TOKEN, but found control characters") as refused:
        environment_file({"TOKEN": f"hush{character}"})
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A=B", "A\nB"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected a variable's name"):
        environment_file({name: "x"})
