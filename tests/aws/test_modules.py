# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module of a stack keeps the same promises, whatever it is that it declares (grid/ has the declarations).

A second run is unchanged and writes nothing; check mode writes nothing, and its diff is what the real run then does;
what is protected is refused before anything changes; and what was removed is gone.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from harness import Emulator

GRID = {path.stem: path for path in sorted((Path(__file__).parent / "grid").glob("*.py"))}
MODULES = {
    path.stem
    for path in (Path(__file__).parents[2] / "plugins" / "modules").glob("aws_*.py")
    if "- seamless.delivery.stack\n" in path.read_text(encoding="utf-8")
}


def grid(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"grid_{name}", GRID[name])
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CASES = [(name, case) for name in GRID for case in grid(name).CASES]


def test_every_module_is_in_the_grid() -> None:
    assert {grid(name).MODULE for name in GRID} == MODULES - {name for name in MODULES if name.endswith("_info")}


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case}" for name, case in CASES])
def test_a_module_keeps_its_promises(emulator: Emulator, name: str, case: str) -> None:
    of = grid(name)
    for needed, arguments in of.NEEDS:
        emulator.must(needed, arguments)
    emulator.must(of.MODULE, {"stack": "shop", **of.CASES[case][0]}, check=True)  # moto makes defaults when asked
    bare = emulator.state()
    for arguments in of.CASES[case]:
        _declared(emulator, of.MODULE, {"stack": "shop", **arguments})
    _removed(emulator, of.MODULE, {"stack": "shop", **of.CASES[case][-1]})
    assert emulator.state() == bare


def _declared(emulator: Emulator, module: str, arguments: dict[str, object]) -> None:
    dry, written = emulator.counting(lambda: emulator.must(module, arguments, check=True))
    assert written == [], "check mode wrote"
    done, written = emulator.counting(lambda: emulator.must(module, arguments))
    assert done["changed"] is True
    assert written
    assert (dry["changed"], dry["plan"], dry["diff"]) == (True, done["plan"], done["diff"])
    again, written = emulator.counting(lambda: emulator.must(module, arguments))
    assert (again["changed"], again["plan"], written) == (False, [], [])


def _removed(emulator: Emulator, module: str, arguments: dict[str, object]) -> None:
    absent = {**arguments, "state": "absent"}
    kept, written = emulator.counting(lambda: emulator.run_module(module, absent))
    assert written == [] or not kept.get("failed"), "a refused run wrote"
    done = emulator.must(module, {**absent, "deletion_protection": False})
    assert kept.get("failed") or done["changed"] is False
    again, written = emulator.counting(lambda: emulator.must(module, {**absent, "deletion_protection": False}))
    assert (again["changed"], written) == (False, [])
