# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A section of a stack is refused where the module of its name would refuse its options, by the same tables."""

from __future__ import annotations

import importlib
import json
from unittest import mock

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.seamless.delivery.plugins.module_utils.aws import module
from ansible_collections.seamless.delivery.plugins.module_utils.aws.sections import checked
from ansible_collections.seamless.delivery.plugins.module_utils.aws.whole import SECTIONS, Section

MODULES = "ansible_collections.seamless.delivery.plugins.modules"
RULES = [(name, rule) for name, section in SECTIONS.items() for rule in section.checks.get("required_if", ())]
EXCLUSIVE = [
    (name, rule) for name, section in SECTIONS.items() for rule in section.checks.get("mutually_exclusive", ())
]


def mistakes(name, declared, state="present"):
    return checked(name, declared, SECTIONS[name], state).mistakes


def some(spec):
    """A value of the type that an option has."""
    return {"int": 1, "list": [], "dict": {}, "bool": True}.get(spec.get("type", "str"), "x")


def outcome(name, arguments, capsys):
    """What the module *name* says; it has nothing to connect to."""
    main = importlib.import_module(f"{MODULES}.{name}").main
    with patch_module_args({"stack": "shop", "region": "us-east-1", **arguments}), pytest.raises(SystemExit):
        main()
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_and_its_module_have_one_table(name):
    its = importlib.import_module(f"{MODULES}.aws_{name}")
    with mock.patch.object(its, "run") as run:
        its.main()
    (arguments, _concerns), how = run.call_args
    how.pop("beside", None)
    assert arguments is SECTIONS[name].arguments
    assert how == dict(SECTIONS[name].checks), "what the module checks, the stack checks"


@pytest.mark.parametrize("name", SECTIONS)
def test_every_kind_of_rule_is_known(name):
    """The rest of what AnsibleModule checks would have to be told apart from the stack's own options first."""
    assert set(SECTIONS[name].checks) <= {"required_if", "mutually_exclusive"}
    assert all(rule[:2] == ("state", "present") for rule in SECTIONS[name].checks.get("required_if", ()))


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_what_a_section_must_have_is_named(name, rule, capsys):
    wanted = rule[2]
    told = mistakes(name, {})
    if len(rule) > 3:
        assert told == [f"{name}: expected one of {', '.join(wanted)}, but found none"]
    else:
        assert told == [f"{name}.{key}: required, but missing" for key in wanted]
    assert mistakes(name, {}, state="absent") == []
    assert f"stack shop: {told[0]}" in outcome("aws_stack", {name: {}}, capsys)["msg"]
    assert "are missing" in outcome(f"aws_{name}", {}, capsys)["msg"], "the module refuses it as well"


@pytest.mark.parametrize(("name", "rule"), EXCLUSIVE)
def test_what_a_section_has_only_one_of_is_named(name, rule, capsys):
    both = {key: some(SECTIONS[name].arguments[key]) for key in rule}
    told = f"{name}: parameters are mutually exclusive: {'|'.join(rule)}"
    assert told in mistakes(name, both)
    assert told in outcome("aws_stack", {name: both}, capsys)["msg"]
    assert "mutually exclusive" in outcome(f"aws_{name}", both, capsys)["msg"]


def test_the_rules_are_those_that_there_are():
    assert {name for name, _rule in RULES} >= {"load_balancer", "compute", "database", "cache", "cdn", "certificate"}
    assert EXCLUSIVE


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.parametrize("key", ["stack", "state", "tags", "lock", "deletion_protection"])
def test_what_is_the_stacks_is_no_option_of_a_section(name, key):
    assert any(one.startswith(f"{name}.{key}: no such option: ") for one in mistakes(name, {key: "x"}))


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"lisners": []}, "load_balancer.lisners: no such option: did you mean listeners?"),
        ({"pools": {"health": {"pth": "/"}}}, "load_balancer.pools.health.pth: no such option: did you mean path?"),
        ({"listeners": [{"zzz": 1}]}, "load_balancer.listeners.zzz: no such option: there are certificate, port, "),
    ],
)
def test_an_option_that_there_is_not_is_named_with_its_place(declared, told):
    assert any(one.startswith(told) for one in mistakes("load_balancer", declared))


def test_a_secret_is_known_as_one():
    read = checked(
        "database", {"version": "16", "instance_class": "x", "password": "hunter2"}, SECTIONS["database"], ""
    )
    assert read.mistakes == []
    assert "hunter2" in read.secrets


def test_a_stack_that_forgets_the_rules_is_caught(monkeypatch, capsys):
    """The negative control: without its rules a section goes on to AWS."""
    bare = {name: Section(section.concern, section.arguments) for name, section in SECTIONS.items()}
    its = importlib.import_module(f"{MODULES}.aws_stack")
    monkeypatch.setattr(its, "SECTIONS", bare)
    monkeypatch.setattr(module, "converge", mock.Mock(side_effect=module.StackError("it went on")))
    assert "it went on" in outcome("aws_stack", {"load_balancer": {}}, capsys)["msg"]
