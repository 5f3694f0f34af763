# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables for the roles: what is misspelt or of a wrong kind is told; somebody else's are none of our business."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleError

from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.role_variables import (
    given,
    misspelt,
    role_options,
    role_problems,
)

ROLES = {
    "balancer": {
        "balancer_port": {"type": "int"},
        "balancer_source": {"type": "str", "choices": ["", "files", "acme"], "required": True},
        "balancer_files": {
            "type": "list",
            "elements": "dict",
            "options": {"key": {"type": "path", "required": True}},
        },
        "balancer_secrets": {"type": "dict"},
        "converge_to": {"type": "str", "choices": ["blue", "green"]},
    },
    "release": {"release_root": {"type": "path"}},
}


class Untemplatable(dict):
    """What a host has before its facts are known."""

    def __getitem__(self, key):
        raise AnsibleError(f"{key} is undefined")


def problems(*hosts):
    return [
        (problem.path, problem.found, problem.expected, problem.hint)
        for problem in role_problems([host if isinstance(host, dict) else dict(host) for host in hosts], ROLES)
    ]


@pytest.mark.parametrize(
    "well",
    [
        {},
        {"balancer_port": 8405, "balancer_source": "acme", "converge_to": "blue", "release_root": "/srv"},
        {"balancer_port": "8405"},
        {"balancer_port": None},
        {"balancer_files": [{"key": "/etc/key"}]},
        {"balancer": 1, "release_notes": "https://example.com", "balancer_contact": "ops", "other_port": "x"},
    ],
)
def test_what_is_well_and_what_is_somebody_elses_is_not_told(well):
    assert problems(well) == []


def test_a_value_that_the_role_would_refuse_is_told():
    assert problems({"balancer_port": "eighty"}) == [("balancer_port", '"eighty"', "a whole number", "")]
    assert problems({"converge_to": "red"}) == [("converge_to", '"red"', "one of blue, green", "")]
    assert problems({"balancer_source": "fils"})[0][2] == "one of nothing, files, acme"


def test_of_a_container_the_validator_says_what_is_wrong_within_it():
    ((key, found, expected, hint),) = problems({"balancer_files": [{"kye": "/etc/key"}]})
    assert (key, found, expected) == ("balancer_files", "a list of 1 items", "a list")
    assert "key" in hint


def test_no_value_of_a_container_is_repeated():
    assert "hunter2" not in str(problems({"balancer_secrets": ["hunter2"]}))
    assert problems({"balancer_secrets": ["hunter2"]})[0][:3] == ("balancer_secrets", "a list of 1 items", "a mapping")


def test_a_misspelt_variable_is_told_with_the_one_that_was_meant():
    (told,) = problems({"balancer_soruce": "acme"})
    assert told == (
        "balancer_soruce",
        "a variable that no role has",
        "one of the role balancer",
        "did you mean balancer_source? Nobody reads this one",
    )


def test_a_variable_of_another_entry_point_or_another_role_is_not_misspelt():
    assert list(misspelt({"converge_to": 1, "balancer_port": 1, "release_root": 1, "release_rootx": 1}, ROLES)) != []
    assert list(misspelt({"converge_to": 1, "balancer_port": 1, "release_root": 1}, ROLES)) == []


def test_what_all_hosts_have_is_told_once_and_what_they_differ_in_for_each():
    assert len(problems({"balancer_port": "a"}, {"balancer_port": "a"}, {"balancer_port": 1})) == 1
    assert len(problems({"balancer_port": "a"}, {"balancer_port": "b"})) == 2


def test_what_only_a_play_can_complete_is_left_to_the_role():
    host = Untemplatable(balancer_port="{{ ansible_facts.port }}", balancer_prot="{{ ansible_facts.port }}")
    assert [told[0] for told in problems(host)] == ["balancer_prot"]
    assert given([host], {"balancer_prot"}) == {}
    assert given([host, {"balancer_prot": 1, "x": 2}], {"balancer_prot"}) == {"balancer_prot": 1}


def test_the_options_are_those_of_the_roles_own_specifications():
    options = role_options()
    assert set(options) == {path.name for path in (Path(__file__).parents[4] / "roles").iterdir()}
    assert options["release"]["release_color"]["choices"] == ["blue", "green"]
    assert "release_drained" in options["release"], "of another entry point"
    assert "converge_to" in options["rollout"]
    assert role_options("rollout") == {"rollout": options["rollout"]}
