# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets `python <directory>/probe` run the package, from wherever it was installed."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # Python put the package's own directory first, where our file names would shadow other modules.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from probe.cli import main

    sys.exit(main())
