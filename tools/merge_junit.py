# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``merge_junit.py INTO FILE...``: one JUnit file with the suites of all."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

into, *files = map(Path, sys.argv[1:])
merged = ET.Element("testsuites")
for file in files:
    if file.is_file():  # an unmatched wildcard arrives as itself
        merged.extend(ET.parse(file).getroot().iter("testsuite"))  # noqa: S314 - ansible-test's own files
into.parent.mkdir(parents=True, exist_ok=True)
ET.ElementTree(merged).write(into)
