#!/usr/bin/env python3
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's command line; see docs/lab.md, or run it with ``--help``."""

from __future__ import annotations

import sys

from seamless_lab.cli import main

if __name__ == "__main__":
    sys.exit(main())
