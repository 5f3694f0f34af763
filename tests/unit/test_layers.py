# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layers: an import may only point down, and the ground floor has no I/O and no clock of its own.

Each rule is a function of a path and a source text, so that the second half of this file can hand it a
violation and see it caught: a rule that cannot fail protects nothing.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = "ansible_collections.seamless.delivery."

# Who may import whom, of ours. A floor may always import itself; `module_utils` stands for all floors in it.
BELOW = {
    "rollout": (),
    "module_utils": ("rollout",),
    "aws": ("rollout",),
    "ledgers": ("rollout", "aws"),
    "routers": ("rollout", "aws"),
    "releases": ("rollout", "aws"),
    "modules": ("module_utils",),
    "plugin_utils": ("module_utils",),
    "plugins": ("module_utils", "plugin_utils"),  # action, filter, lookup ...: what runs on the controller
}
WITH_ANSIBLE = ("modules", "plugin_utils", "plugins")
# What talks to AWS does so by its own library, and with the connection options that amazon.aws has.
WITH_BOTO = ("aws", "ledgers", "routers")
BOTO = (
    *("boto3", "botocore", "ansible_collections.amazon.aws"),
    *("ansible.module_utils.common.arg_spec", "ansible.module_utils.errors"),
)
# What tells the time, reads, writes, or makes two runs differ. Time and data come in as arguments.
WITHOUT = {
    *("asyncio", "fileinput", "getpass", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib"),
    *("platform", "random", "secrets", "select", "shutil", "signal", "socket", "socketserver", "ssl", "subprocess"),
    *("sys", "syslog", "tempfile", "threading", "time", "urllib", "uuid"),
}
CALLS = {"open", "print", "input", "exec", "eval", "__import__", "now", "utcnow", "today"}
LINES = {"modules": 250, "other": 350}


def floor(path: str) -> str:
    """The floor of a file or of a dotted module below plugins/: routers, modules, plugin_utils, plugins ..."""
    kind, _slash, rest = path.removeprefix("plugins/").replace(".", "/").partition("/")
    if kind == "module_utils":
        return rest.partition("/")[0]
    return kind if kind in BELOW else "plugins"


def imported(path: str, tree: ast.AST) -> Iterator[str]:
    """Absolute dotted names of what a file imports, relative ones resolved."""
    package = PurePosixPath(path).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [node.module] if node.module else []
            if node.level:
                base = [OURS + ".".join(package[: len(package) - node.level + 1]), *base]
            # `from . import guards` and `from ..rollout import lease` name modules after the word import.
            yield from (".".join([*base, alias.name]) for alias in node.names)


def wrong_imports(path: str, source: str) -> list[str]:
    """Imports that point up or sideways, and anything but the standard library on the ground floor."""
    here = floor(path)
    below = BELOW.get(here, BELOW["module_utils"])
    wrong = []
    for name in imported(path, ast.parse(source)):
        if name.startswith(OURS):
            dotted = name.removeprefix(OURS + "plugins.")
            there, within_utils = floor(dotted), dotted.startswith("module_utils.")
            if there != here and there not in below and not (within_utils and "module_utils" in below):
                wrong.append(f"{path}: {here} may not import {there} ({name})")
        elif here in WITH_BOTO and name.startswith(BOTO):
            continue
        elif here not in WITH_ANSIBLE and name.partition(".")[0] not in sys.stdlib_module_names:
            wrong.append(f"{path}: {here} is standard library only, but imports {name}")
    return wrong


def impurities(path: str, source: str) -> list[str]:
    """What the ground floor must not do: I/O, clocks, chance."""
    if floor(path) != "rollout":
        return []
    tree = ast.parse(source)
    wrong = [f"imports {name}" for name in imported(path, tree) if name.partition(".")[0] in WITHOUT]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            wrong += [f"calls {called}() in line {node.lineno}"] if called in CALLS else []
    return [f"{path}: rollout has no I/O and no clock of its own, but {what}" for what in wrong]


def too_long(path: str, source: str) -> list[str]:
    """Files that hold more than one idea, as far as their length tells."""
    most = LINES["modules" if path.startswith("plugins/modules/") else "other"]
    lines = source.count("\n")
    return [f"{path}: {lines} lines, at most {most}"] if lines > most else []


RULES = (wrong_imports, impurities, too_long)
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "plugins").rglob("*.py"))
OTHERS = sorted(
    path.relative_to(ROOT).as_posix()
    for part in ("tests", "tools", "examples")
    for path in (ROOT / part).rglob("*.py")
    if not {"dist", "output"} & set(path.parts)  # what was built is not ours
)


@pytest.mark.parametrize("rule", RULES)
def test_every_plugin_keeps_the_rule(rule):
    assert len(FILES) > 50, "the plugins were not found: this test would pass without looking at anything"
    assert [breach for path in FILES for breach in rule(path, (ROOT / path).read_text(encoding="utf-8"))] == []


def test_every_other_file_is_short():
    assert [breach for path in OTHERS for breach in too_long(path, (ROOT / path).read_text(encoding="utf-8"))] == []


def test_the_probe_stands_alone():
    """It is started by path, outside Ansible: relative imports within its package and the standard library."""
    for path in (name for name in FILES if name.startswith("plugins/plugin_utils/probe/")):
        for name in imported(path, ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            within = name.startswith(f"{OURS}plugins.plugin_utils.probe")
            # `python <dir>/probe` runs __main__, which finds its own package by name.
            assert within or name.partition(".")[0] in {*sys.stdlib_module_names, "probe"}, f"{path}: {name}"


# The negative controls: each is a violation that its rule must catch, beside an innocent neighbour that it must not.

ROLLOUT, ROUTER, MODULE, FILTER = (
    "plugins/module_utils/rollout/x.py",
    "plugins/module_utils/routers/x.py",
    "plugins/modules/x.py",
    "plugins/filter/x.py",
)
NESTED = "plugins/module_utils/rollout/declaration/x.py"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (ROLLOUT, "import yaml"),
        (ROLLOUT, "from ansible.module_utils.basic import AnsibleModule"),
        (ROLLOUT, "from ..routers.base import Pool"),
        (ROLLOUT, "from .. import ledgers"),
        (NESTED, "from ...routers import base"),
        (ROUTER, "from ..ledgers.file import FileLedger"),
        (ROUTER, "from ansible.module_utils.basic import AnsibleModule"),
        (ROUTER, "import yaml"),
        ("plugins/module_utils/releases/x.py", "import boto3"),
        ("plugins/module_utils/aws/network/x.py", "from ...routers import alb"),
        (MODULE, f"from {OURS}plugins.plugin_utils.smoke import x"),
        (MODULE, f"from {OURS}plugins.modules_of_others import x"),
        (MODULE, f"def late():\n    from {OURS}plugins.plugin_utils import smoke"),
        ("plugins/plugin_utils/x.py", f"from {OURS}plugins.action.probe import ActionModule"),
        (FILTER, f"from {OURS}plugins.modules.probe import main"),
    ],
)
def test_an_import_that_points_up_is_caught(path, source):
    assert wrong_imports(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (ROLLOUT, "from .split import Split\nimport json"),
        (NESTED, "from ..split import COLORS\nfrom . import problem"),
        (ROUTER, f"import socket\nfrom {OURS}plugins.module_utils.rollout.split import Split"),
        (MODULE, f"from {OURS}plugins.module_utils.routers import base\nfrom ansible.module_utils.basic import x"),
        (FILTER, f"from {OURS}plugins.plugin_utils.report import document\nimport jinja2"),
    ],
)
def test_an_import_that_points_down_is_allowed(path, source):
    assert wrong_imports(path, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from time import monotonic",
        "import os.path",
        "from pathlib import Path",
        "from datetime import datetime\nat = datetime.now()",
        "import datetime\nat = datetime.date.today()",
        "text = open('file').read()",
        "import subprocess",
        "import random",
    ],
)
def test_an_impure_ground_floor_is_caught(source):
    assert impurities(ROLLOUT, source)
    assert impurities(NESTED, source)
    assert impurities(ROUTER, source) == [], "routers may"


def test_a_long_file_is_caught():
    assert too_long(MODULE, "\n" * 251)
    assert too_long(ROUTER, "\n" * 351)
    assert too_long(MODULE, "\n" * 250) == too_long(ROUTER, "\n" * 350) == []
