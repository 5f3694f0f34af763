# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is written about the collection is true: roles' READMEs, defaults and specs agree, examples parse."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))


class _Loader(yaml.SafeLoader):
    """Ansible's own tags (!vault, !unsafe) are values like others here."""


_Loader.add_multi_constructor("!", lambda loader, _suffix, node: loader.construct_scalar(node))


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file's mapping, an empty one for a file that is missing or empty."""
    return (yaml.load(path.read_text(encoding="utf-8"), _Loader) or {}) if path.is_file() else {}


def main_options(specs: dict[str, Any]) -> dict[str, Any]:
    """The options of a role's argument_specs that belong to its defaults: those of every entry point together."""
    return {name: option for entry in specs.values() for name, option in (entry.get("options") or {}).items()}


def default_disagreements(defaults: dict[str, Any], specs: dict[str, Any]) -> list[str]:
    """Where a role's defaults/main.yml and its argument_specs say different things.

    A default that is computed (a template) cannot be a literal in the specs: it may be left out there, and the
    description says what it is computed from.
    """
    options = main_options(specs)
    wrong = [f"{name} is in defaults, not in argument_specs" for name in defaults if name not in options]
    for name, option in options.items():
        said = "default" in option
        if name not in defaults:
            wrong += [f"{name} has a default in argument_specs, none in defaults"] if said else []
        elif said and option["default"] != defaults[name]:
            wrong.append(f"{name}: defaults say {defaults[name]!r}, argument_specs {option['default']!r}")
        elif not said and "{{" not in str(defaults[name]):
            wrong.append(f"{name} has the default {defaults[name]!r}, which argument_specs do not say")
    return wrong


def not_listed(readme: str, specs: dict[str, Any]) -> list[str]:
    """Public options that a README does not list, and variables of the role that it lists but do not exist."""
    options = main_options(specs)
    return [f"{name} is not in the README" for name in options if f"`{name}`" not in readme]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_documented_as_it_is(role):
    here = ROOT / "roles" / role
    specs = read_yaml(here / "meta/argument_specs.yml").get("argument_specs") or {}
    assert "main" in specs or specs, f"roles/{role}/meta/argument_specs.yml is missing"
    readme = here / "README.md"
    assert readme.is_file(), f"roles/{role}/README.md is missing"
    assert default_disagreements(read_yaml(here / "defaults/main.yml"), specs) == []
    assert not_listed(readme.read_text(encoding="utf-8"), specs) == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_keeps_its_variables_to_itself(role):
    """Public ones start with the role's name; a reader sees from the name alone whose a variable is."""
    names = read_yaml(ROOT / "roles" / role / "defaults/main.yml")
    assert [name for name in names if not name.startswith(f"{role}_")] == []


def literal(source: str, name: str) -> str | None:
    """The string that a module assigns to *name*: DOCUMENTATION, EXAMPLES or RETURN."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name:
            return ast.literal_eval(node.value)
    return None


def example_problems(name: str, examples: str | None) -> list[str]:
    """What keeps a module's EXAMPLES from being tasks that call this very module by its full name."""
    if not examples:
        return [f"{name} has no EXAMPLES"]
    tasks = yaml.load(examples, _Loader)
    if not isinstance(tasks, list):
        return [f"{name}: EXAMPLES are no list of tasks"]
    wrong = [f"{name}: a task without a name: {task}" for task in tasks if not task.get("name")]
    if not any(f"seamless.delivery.{name}" in str(task) for task in tasks):
        wrong.append(f"{name}: no example calls seamless.delivery.{name}")
    return wrong


@pytest.mark.parametrize("module", MODULES)
def test_a_module_shows_how_it_is_used(module):
    source = (ROOT / "plugins/modules" / f"{module}.py").read_text(encoding="utf-8")
    assert example_problems(module, literal(source, "EXAMPLES")) == []
    documentation = yaml.safe_load(literal(source, "DOCUMENTATION") or "{}")
    assert documentation["module"] == module
    assert {"short_description", "description", "author", "version_added"} <= documentation.keys()
    assert yaml.safe_load(literal(source, "RETURN") or "null") is not None, "RETURN is missing"


@pytest.mark.parametrize("playbook", sorted(path.name for path in (ROOT / "playbooks").glob("*.yml")))
def test_a_playbook_is_in_the_readme(playbook):
    name = playbook.removesuffix(".yml")
    assert re.search(rf"`(playbooks/)?{name}(\.yml)?`", (ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", ["roles", "modules"])
def test_the_readme_names_every(kind):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in (ROLES if kind == "roles" else MODULES) if f"`{name}`" not in readme] == []


def test_links_between_the_documents_lead_somewhere():
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "roles").glob("*/README.md"),
    ]
    assert [f"{page.relative_to(ROOT)}: {link}" for page in pages for link in dead_links(page)] == []


def dead_links(page: Path) -> list[str]:
    """Relative links of a Markdown page whose file does not exist."""
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    return [link for link in links if not (page.parent / link).exists()]


# The negative controls.


def test_a_disagreement_of_defaults_is_caught():
    def specs(**options: Any) -> dict[str, Any]:
        return {"main": {"options": options}}

    assert default_disagreements({"a_port": 1}, specs(a_port={"default": 2}))
    assert default_disagreements({"a_port": 1}, specs())
    assert default_disagreements({}, specs(a_port={"default": 2}))
    assert default_disagreements({"a_port": 1}, specs(a_port={}))
    assert default_disagreements({"a_port": 1, "a_name": "{{ b }}"}, specs(a_port={"default": 1}, a_name={})) == []
    assert not_listed("`a_port`", specs(a_port={}, a_name={})) == ["a_name is not in the README"]


def test_an_example_that_does_not_help_is_caught():
    assert example_problems("say", None)
    assert example_problems("say", "- name: Other\n  ansible.builtin.debug:\n")
    assert example_problems("say", "- seamless.delivery.say: {}\n")
    assert example_problems("say", "seamless.delivery.say: {}\n")
    assert example_problems("say", "- name: Say\n  seamless.delivery.say: {}\n") == []


def test_a_dead_link_is_caught(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[there](page.md) [away](https://example.test/) [nowhere](docs/missing.md#part)", encoding="utf-8")
    assert dead_links(page) == ["docs/missing.md"]
