# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables for the roles: what is misspelt or of a wrong kind is told; somebody else's are none of our business."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleError

from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.role_variables import (
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
        "balancer_limits": {"type": "dict", "options": {"rate": {"type": "int"}}},
        "converge_to": {"type": "str", "choices": ["blue", "green"]},
    },
    "release": {"release_root": {"type": "path"}},
}


class Untemplatable(dict):
    """What a host has before its facts are known, or a secret that would be looked up."""

    def __getitem__(self, key):
        raise AnsibleError(f"{key} is undefined")


def problems(*hosts):
    found = role_problems(hosts, ROLES).values()
    return [(problem.path, problem.found, problem.expected, problem.hint) for problem, _value in found]


@pytest.mark.parametrize(
    "well",
    [
        {},
        {"balancer_port": 8405, "balancer_source": "acme", "converge_to": "blue", "release_root": "/srv"},
        {"balancer_port": "8405"},
        {"balancer_port": None},
        {"balancer_files": [{"key": "/etc/key"}]},
        {"balancer": 1, "release_notes": "https://example.com", "balancer_contact": "ops", "other_port": "x"},
        {"release_roots": "somebody else's", "balancer_ports": [1]},
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
    ((key, found, expected, _hint),) = problems({"balancer_limits": "PASSWORD: hunter2"})
    assert (key, found, expected) == ("balancer_limits", "a text", "a mapping")


def test_what_may_hold_secrets_is_not_even_looked_at():
    assert problems(Untemplatable(balancer_secrets="{{ lookup('amazon.aws.secretsmanager_secret', 'x') }}")) == []
    assert problems({"balancer_secrets": "PASSWORD: hunter2"}) == []


def test_a_misspelt_variable_is_told_with_the_one_that_was_meant():
    (told,) = problems({"balancer_soruce": "acme"})
    assert told == (
        "balancer_soruce",
        "a variable that no role has",
        "one of the role balancer",
        "did you mean balancer_source? No role reads this one",
    )


def test_a_variable_of_another_entry_point_or_another_role_is_not_misspelt():
    known = {"converge_to", "balancer_port", "release_root"}
    assert misspelt(known, ROLES) == {}
    assert list(misspelt({*known, "release_rooot"}, ROLES)) == ["release_rooot"]


def test_a_variable_is_told_once_with_the_value_of_the_host_that_has_it():
    found = role_problems([{"balancer_port": 1}, {"balancer_port": "a"}, {"balancer_port": "b"}], ROLES)
    assert [(name, problem.found, value) for name, (problem, value) in found.items()] == [("balancer_port", '"a"', "a")]


def test_what_only_a_play_can_complete_is_left_to_the_role():
    host = Untemplatable(balancer_port="{{ ansible_facts.port }}", balancer_soruce="{{ ansible_facts.port }}")
    ((name, (problem, value)),) = role_problems([host], ROLES).items()
    assert (name, problem.path, value) == ("balancer_soruce", "balancer_soruce", None)


def test_the_options_are_those_of_the_roles_own_specifications():
    options = role_options()
    assert set(options) == {path.name for path in (Path(__file__).parents[4] / "roles").iterdir()}
    assert options["release"]["release_color"]["choices"] == ["blue", "green"]
    assert "release_drained" in options["release"], "of another entry point"
    assert "converge_to" in options["rollout"]
    assert role_options("rollout") == {"rollout": options["rollout"]}
