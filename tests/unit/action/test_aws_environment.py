# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action hands over of a stack only what is looked at, and looks no secret up to find that."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.seamless.delivery.plugins.action.aws_environment import ActionModule

ENVIRONMENT = {"account": "111122223333", "region": "eu-west-1"}


def handed_over(monkeypatch: pytest.MonkeyPatch, variables: dict[str, Any], **args: Any) -> dict[str, Any]:
    given: dict[str, Any] = {}
    monkeypatch.setattr(ActionModule, "_execute_module", lambda _self, **options: given.update(options) or {})
    task = SimpleNamespace(check_mode=False, diff=False, async_val=0, args={"environment": ENVIRONMENT, **args})
    templar = Templar(DataLoader(), variables=variables)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
    ActionModule(task, connection, None, None, templar, None).run(task_vars=variables)
    assert given["module_name"] == "seamless.delivery.aws_environment"
    return given["module_args"]


def test_the_variables_are_read_and_only_what_is_looked_at_is_templated(monkeypatch):
    template = trust_as_template
    variables = {
        "least": 3,
        "aws_stack_compute": {"size": {"min": template("{{ least }}"), "max": 4}},
        "aws_stack_database": {"multi_az": True, "password": template("{{ lookup('no.such.plugin', 'x') }}")},
        "service": {"strategy": {"type": "blue_green"}, "name": template("{{ nobody_knows }}")},
    }
    assert handed_over(monkeypatch, variables, region="eu-west-1") == {
        "environment": ENVIRONMENT,
        "region": "eu-west-1",
        "stack": {"compute": {"size": {"min": 3, "max": 4}}, "database": {"multi_az": True}},
        "strategy": {"type": "blue_green"},
    }


def test_a_template_as_a_whole_is_looked_into_as_well(monkeypatch):
    template = trust_as_template
    variables = {
        "small": {"replicas": 0, "auth_token": "hush-hush-hush-hush"},
        "told": [{"email": "a@example.com"}],
        "hook": [],
        "aws_stack_cache": template("{{ small | combine({'multi_az': false}) }}"),
        "aws_stack_observability": {"subscriptions": template("{{ told + hook }}")},
        "mine": {"strategy": {"type": "rolling"}},
        "service": template("{{ mine }}"),
    }
    assert handed_over(monkeypatch, variables) == {
        "environment": ENVIRONMENT,
        "stack": {"cache": {"multi_az": False, "replicas": 0}, "observability": {"subscriptions": [{"email": ""}]}},
        "strategy": {"type": "rolling"},
    }


def test_what_is_given_comes_first_and_nothing_is_needed(monkeypatch):
    stack = {"cache": {"replicas": 1, "auth_token": "hush-hush-hush-hush"}}
    given = handed_over(monkeypatch, {"aws_stack_cache": {"replicas": 0}}, stack=stack)
    assert given["stack"] == {"cache": {"replicas": 1}}
    assert handed_over(monkeypatch, {}) == {"environment": ENVIRONMENT, "stack": {}, "strategy": {}}
