# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of modules that wait until a release is ready."""

    DOCUMENTATION = r"""
options:
  port:
    description: The port on this host.
    type: int
    required: true
  path:
    description: The path that answers 200 when the release is ready.
    type: str
    default: /readyz
  deadline:
    description: How long it may take, in seconds.
    type: float
    default: 60
  warm_up:
    description: What to ask for once it is ready, so that its first users find it warm. Answers are not judged.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The path.
        type: str
        required: true
      count:
        description: How often.
        type: int
        default: 1
  log_lines:
    description: How many lines of the log to show when it fails.
    type: int
    default: 15
"""
