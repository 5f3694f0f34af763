# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for get-pip.py in ansible-test's cache, where that script cannot be downloaded (tools/sanity.sh).

ansible-test runs it in an empty virtual environment with ``pip==VERSION`` and options of get-pip. The wheel of
that version lies beside this file; a wheel can be imported from as it is, so pip installs itself from it.
"""

from __future__ import annotations

import os
import sys

here = os.path.dirname(os.environ["GET_PIP"])
requirement = next(argument for argument in sys.argv[1:] if argument.startswith("pip=="))
wheel = os.path.join(here, f"pip-{requirement.removeprefix('pip==')}-py3-none-any.whl")
sys.path.insert(0, wheel)

from pip._internal.cli.main import main

sys.exit(main(["install", "--quiet", "--disable-pip-version-check", "--no-index", wheel]))
