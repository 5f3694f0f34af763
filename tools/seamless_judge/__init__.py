# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simulated canaries, thousands at a time: the judge as arrays, rules of others beside it, and what must be reached."""

from __future__ import annotations

import sys
from pathlib import Path

# The checkout finds itself as a collection; no Ansible is needed for the ground floor.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".collections"))
