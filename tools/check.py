# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the checks: ``tools/check.py all``, or some sections by name. Exit status 1 when any failed.

Every section runs whatever failed before it, so that one run shows everything there is to repair.
The last line counts: each test of pytest, each sanity test, each other tool that ran (as one).
"""

from __future__ import annotations

import sys

from seamless_checks.runner import main

if __name__ == "__main__":
    sys.exit(main())
