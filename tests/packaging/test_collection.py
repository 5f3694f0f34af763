# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tarball that Galaxy would get: what is in it, and that it works for somebody who has nothing else of ours."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
# What belongs to a checkout, or to a run of it: an installed collection cannot use it.
UNWANTED = re.compile(
    r"(^|/)(\.venv|\.cache|\.collections|\.git|\.github|\.ci|\.ansible|__pycache__|\.(pytest|mypy|ruff)_cache|\.hypothesis)(/|$)"
    r"|^(reports|dist|tests/(output|unit|integration|packaging)|tools|lab|molecule|examples)(/|$)"
    r"|^(Makefile|pyproject\.toml|requirements-dev\.txt|\.ansible-lint|\.yamllint)$|\.(pyc|tar\.gz|pyz|retry)$"
)
# The released version's playbooks; each must be found by its full name.
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
# A campaign declares no service of its own, but those of other inventories.
CAMPAIGNS = ["aws-everywhere"]
INVENTORIES = sorted(path.name for path in (ROOT / "inventories").iterdir() if path.name not in CAMPAIGNS)


def run(*command: str | Path, where: Path, collections: Path) -> str:
    """Run one of Ansible's programs away from the checkout, with the installed collection alone; returns its output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_HOME": str(where / "home"),
    }
    done = subprocess.run(
        [str(word) for word in command], cwd=where, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: exit status {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def tarball(tmp_path_factory) -> Path:
    """The collection, built from this checkout as it is now."""
    into = tmp_path_factory.mktemp("build")
    run(BIN / "ansible-galaxy", "collection", "build", ROOT, "--output-path", into, where=into, collections=into)
    (built,) = into.glob("seamless-delivery-*.tar.gz")
    return built


@pytest.fixture(scope="module")
def installed(tarball, tmp_path_factory) -> Path:
    """A collections path that holds the tarball's content. Dependencies come with the `ansible` package."""
    path = tmp_path_factory.mktemp("collections")
    command = ["collection", "install", "--no-deps", "--offline", "-p", str(path), str(tarball)]
    run(BIN / "ansible-galaxy", *command, where=path, collections=path)
    return path


def unwanted(names: list[str]) -> list[str]:
    """Those of a tarball's names that no user of the collection has a use for."""
    return [name for name in names if UNWANTED.search(name)]


def test_the_tarball_holds_the_collection_and_nothing_of_the_checkout(tarball):
    with tarfile.open(tarball) as content:
        names = content.getnames()
    assert {"MANIFEST.json", "FILES.json", "README.md", "COPYING", "meta/runtime.yml"} <= set(names)
    assert {f"playbooks/{name}.yml" for name in PLAYBOOKS} <= set(names)
    assert unwanted(names) == []
    assert tarball.stat().st_size < 2_000_000, "more than two megabytes: something was built into it"


@pytest.mark.parametrize(
    "name",
    [
        ".venv/bin/python",
        ".cache/seamless/ca.crt",
        "tests/output/x",
        "plugins/x/__pycache__/a.pyc",
        "examples/shop/dist/a.pyz",
    ],
)
def test_an_unwanted_file_is_caught(name):
    assert unwanted(["README.md", name]) == [name]


def test_wanted_files_are_not():
    assert (
        unwanted(["README.md", "plugins/modules/probe.py", "docs/report.schema.json", "tests/sanity/ignore-2.19.txt"])
        == []
    )


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_playbook_is_found_by_its_full_name(playbook, installed, tmp_path):
    command = [BIN / "ansible-playbook", f"seamless.delivery.{playbook}", "-i", "localhost,", "--syntax-check"]
    output = run(*command, where=tmp_path, collections=installed)
    assert f"playbook: {installed}/ansible_collections/seamless/delivery/playbooks/{playbook}.yml" in output


@pytest.mark.parametrize("inventory", INVENTORIES)
def test_every_inventory_is_declared_well(inventory, installed, tmp_path):
    """No host is asked: what is read is the declaration, by the collection as it was installed."""
    command = [BIN / "ansible-playbook", "seamless.delivery.validate", "-i", ROOT / "inventories" / inventory]
    assert "storefront is declared well" in run(*command, where=tmp_path, collections=installed)


def test_one_module_in_a_playbook_of_somebody_else(installed, tmp_path):
    """`ledger_info` needs no service of ours: an empty folder is an empty ledger."""
    (tmp_path / "site.yml").write_text(
        f"""
- name: Somebody else's playbook
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Read a ledger
      seamless.delivery.ledger_info:
        service: storefront
        ledger: {{type: file, path: {tmp_path}/ledger}}
      register: ledger
    - name: Nothing was released yet
      ansible.builtin.assert:
        that: ledger.events == [] and not ledger.held
""",
        encoding="utf-8",
    )
    python = f"ansible_python_interpreter={sys.executable}"
    command = [BIN / "ansible-playbook", "-i", "localhost,", "-c", "local", "-e", python, "site.yml"]
    output = run(*command, where=tmp_path, collections=installed)
    assert re.search(r"ok=2 +changed=0 .*failed=0", output)


def test_the_guards_code_is_the_same_wherever_it_comes_from(installed, tmp_path):
    """The installed collection's module, sent as Ansible sends it, installs what this checkout has; so both agree."""
    library = tmp_path / "library"
    python = f"ansible_python_interpreter={sys.executable}"
    for collections, outcome in ((installed, "CHANGED"), (ROOT / ".collections", "SUCCESS")):
        module = ["-m", "seamless.delivery.haproxy_guard", "-a", f"path={library}"]
        command = [BIN / "ansible", "localhost", "-i", "localhost,", "-c", "local", "-e", python, *module]
        assert f"localhost | {outcome} =>" in run(*command, where=tmp_path, collections=collections)
    help_of = "ansible_collections.seamless.delivery.plugins.module_utils.routers.guard_service"
    run(sys.executable, "-B", "-E", "-s", "-S", "-m", help_of, "--help", where=library, collections=installed)


def test_every_module_is_documented_for_ansible_doc(installed, tmp_path):
    modules = [f"seamless.delivery.{path.stem}" for path in sorted((ROOT / "plugins/modules").glob("*.py"))]
    output = run(BIN / "ansible-doc", "-t", "module", "-j", *modules, where=tmp_path, collections=installed)
    assert sorted(json.loads(output)) == modules
