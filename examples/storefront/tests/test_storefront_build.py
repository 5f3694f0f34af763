# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The build's own decisions. Nothing is downloaded here: what an artifact does, the lab shows."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).resolve().parents[1]


def load(path):
    spec = importlib.util.spec_from_file_location(f"storefront_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def builder(monkeypatch):
    """The build, with an assembly that writes its version and counts."""
    module = load(HERE / "build.py")
    module.assembled = []

    def assemble(version, scratch):
        module.assembled.append(version)
        result = scratch / "storefront.pyz"
        result.write_text(version)
        return result

    monkeypatch.setattr(module, "_assemble", assemble)
    return module


def test_what_is_built_is_not_built_again(builder, tmp_path):
    first = builder.build("2.0.0", tmp_path)
    second = builder.build("2.0.0", tmp_path)
    assert builder.assembled == ["2.0.0"]
    assert (first[1], first[2], second[2]) == (second[1], True, False)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".storefront-2.0.0.json", "storefront-2.0.0.pyz", "storefront-2.0.0.yml",
    ]  # fmt: skip


def test_a_damaged_or_missing_artifact_is_built_again(builder, tmp_path):
    artifact = builder.build("2.0.0", tmp_path)[0]
    artifact.write_text("half of")
    assert builder.build("2.0.0", tmp_path)[2]
    artifact.unlink()
    assert builder.build("2.0.0", tmp_path)[2]


def test_another_version_or_source_is_another_input(builder, monkeypatch, tmp_path):
    known = {builder._inputs(version) for version in ("1.0.0", "2.0.0")}
    changed = tmp_path / "requirements.lock"
    changed.write_text("")
    monkeypatch.setattr(builder, "HERE", tmp_path)
    monkeypatch.setattr(builder, "_sources", lambda: [changed])
    assert len(known | {builder._inputs("2.0.0")}) == 3


def test_the_declaration_is_a_release(builder, tmp_path):
    artifact, digest, _fresh = builder.build("2.0.0", tmp_path)
    release = yaml.safe_load((tmp_path / "storefront-2.0.0.yml").read_text())["release"]
    assert release == {"version": "2.0.0", "artifact": str(artifact), "digest": digest, "environment": {}}
    assert artifact.is_absolute()
    assert re.fullmatch("sha256:[0-9a-f]{64}", digest)


@pytest.mark.parametrize("version", ["", "two", "2", "../2.0", "2.0.0/..", '2.0.0"'])
def test_a_version_is_fit_for_a_file_name(builder, capsys, version):
    with pytest.raises(SystemExit):
        builder.main(["--version", version])
    assert "expected a version such as 2.0.0" in capsys.readouterr().err


def test_the_lock_pins_all_that_the_project_asks_for():
    tomllib = pytest.importorskip("tomllib")
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (HERE / "requirements.lock").read_text(), re.MULTILINE))
    assert {re.match("[a-z0-9-]+", wanted)[0] for wanted in project["dependencies"]} <= pinned


def test_old_releases_are_removed_from_the_cache_and_nothing_else(tmp_path):
    tidy = load(HERE / "tidy_cache.py").tidy
    names = [f"storefront-{number}.0.0.pyz_{number}" for number in range(1, 6)]
    for age, name in enumerate(reversed([*names, "something-else"])):
        (tmp_path / name).mkdir()
        sys.modules["os"].utime(tmp_path / name, (1000 - age, 1000 - age))
    tidy(tmp_path / names[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["something-else", names[0], names[3], names[4]]
