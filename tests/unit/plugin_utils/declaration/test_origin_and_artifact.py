# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a mistake was written, and the artifact on disk."""

from __future__ import annotations

import hashlib

import pytest
from ansible.parsing.dataloader import DataLoader

from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration import origin
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.artifact import artifact_problem

TEXT = """---
service:
  name: storefront
  smoke:
    - path: /
    - status: 200
  entry:
    port: 443
"""


@pytest.fixture(name="file")
def _file(tmp_path):
    file = tmp_path / "group_vars" / "all" / "service.yml"
    file.parent.mkdir(parents=True)
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.mark.parametrize(("where", "line"), [
    (("service", "entry", "port"), 8),
    (("service", "smoke", 1), 6),
    (("service", "smoke", 1, "status"), 6),
    (("service", "entry", "address"), 7),
    (("service", "name", "x"), 3),
])  # fmt: skip
def test_the_place_of_a_key_is_that_of_the_nearest_thing_above_when_it_is_missing(file, where, line):
    loaded = DataLoader().load_from_file(str(file))
    assert origin.place(loaded, where) == f"{file}:{line}"
    assert not origin.vaulted(loaded, where)


def test_a_place_below_the_present_directory_is_short(file, monkeypatch):
    monkeypatch.chdir(file.parent)
    assert origin.place(DataLoader().load_from_file(str(file)), ("service", "name")) == "service.yml:3"


def test_without_tags_a_file_that_mentions_the_key_is_the_answer(file, monkeypatch):
    monkeypatch.setattr(origin, "Origin", None)
    monkeypatch.setattr(origin, "VaultedValue", None)
    loaded = DataLoader().load_from_file(str(file))
    inventory = str(file.parents[2])
    assert origin.place(loaded, ("service", "name"), [inventory]) == f"{file}:2"
    assert origin.place(loaded, ("release",), [inventory]) is None
    assert origin.place(loaded, ("service",)) is None
    assert not origin.vaulted(loaded, ("service", "name"))


def test_a_file_that_cannot_be_read_tells_nothing(file, monkeypatch):
    def denied(*_args, **_options):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.read_text", denied)
    assert origin.place({}, ("service",), [str(file.parents[2])]) is None


def test_an_artifact_is_there_and_is_the_declared_one(tmp_path):
    file = tmp_path / "storefront.pyz"
    file.write_bytes(b"one")
    digest = f"sha256:{hashlib.sha256(b'one').hexdigest()}"
    assert artifact_problem(str(file), digest) is None
    other = artifact_problem(str(file), f"sha256:{'0' * 64}")
    assert other.path == "release.digest"
    assert digest in other.found


@pytest.mark.parametrize(("name", "found"), [("nowhere", "no such file"), (".", "a directory")])
def test_an_artifact_that_is_no_file(tmp_path, name, found):
    problem = artifact_problem(str(tmp_path / name), f"sha256:{'0' * 64}")
    assert problem.path == "release.artifact"
    assert problem.found.startswith(found)


def test_an_artifact_that_cannot_be_read(tmp_path, monkeypatch):
    file = tmp_path / "storefront.pyz"
    file.write_bytes(b"one")

    def denied(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", denied)
    assert "Permission denied" in artifact_problem(str(file), f"sha256:{'0' * 64}").found
