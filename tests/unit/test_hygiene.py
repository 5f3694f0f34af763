# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every file says whose it is and under which terms, and none knows the machine that it was written on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Without its first word: reuse would take this line for a header.
LICENCE = "License-Identifier: GPL-3.0-or-later"
# Formats without comments, texts of others, and prose: REUSE.toml says their terms.
WITHOUT_HEADER = re.compile(
    r"(\.(md|json|png|svg|css|j2|txt)|COPYING|\.gitignore|galaxy\.yml|ansible\.cfg)$|^changelogs/"
)
# A home directory, or the host of one package registry or image registry: true for one person, false for others.
FOREIGN = re.compile(
    r"(?<![\w.$}~-])/(root|home/\w+|work)/\w|\b(pypi\.org|files\.pythonhosted|registry\.npmjs|docker\.io/|deb\.debian\.org)"
)
# docker.io is also the name of Debian's package; /root is root's home inside a container.
HERE = "tests/unit/test_hygiene.py"


def published() -> list[str]:
    """The files that git knows or would add."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return sorted({name for name in listing.split("\0") if name and (ROOT / name).is_file()})


def read(name: str) -> str | None:
    """The text of a file, None for a binary one."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def foreign(text: str) -> list[str]:
    """Paths and hosts that exist for whoever wrote the text, and for nobody else."""
    return [match.group(0) for match in FOREIGN.finditer(text)]


def test_each_source_file_names_its_licence():
    names = [name for name in published() if not WITHOUT_HEADER.search(name)]
    assert len(names) > 100
    assert [name for name in names if (text := read(name)) and LICENCE not in "\n".join(text.splitlines()[:12])] == []


def test_no_file_knows_the_machine_it_was_written_on():
    assert {name: found for name in published() if name != HERE and (found := foreign(read(name) or ""))} == {}


@pytest.mark.parametrize(
    "text", ["see /root/x", "'/home/ann/checkout'", "index: https://pypi.org/simple", "cd /work/main"]
)
def test_a_foreign_path_is_caught(text):
    assert foreign(text)


@pytest.mark.parametrize(
    "text", ["/var/lib/seamless", "$HOME/work/x", "apt-get install docker.io", "a/root/b", "/rootless"]
)
def test_a_path_for_everybody_is_not(text):
    assert foreign(text) == []


def test_no_two_labs_share_a_network():
    """A lab that an interrupted run left behind must not be in the way of another one's network."""
    asked: dict[str, list[str]] = {}
    for name in published():
        if name.startswith(("tests/integration/", "tools/", "molecule/")):
            for network in re.findall(r"\b10\.111\.[1-9]\d*\b", read(name) or ""):
                asked.setdefault(network, []).append(name)
    assert len(asked) >= 10
    assert {network: names for network, names in asked.items() if len(names) > 1} == {}
