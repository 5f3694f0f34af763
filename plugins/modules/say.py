# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: say
short_description: Print lines for people
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Prints lines as they are, without quotes or a frame of data around them.
options:
  lines:
    description: What to print.
    type: list
    elements: str
    required: true
attributes:
  check_mode:
    description: Prints in check mode as well.
    support: full
  diff_mode:
    description: Changes nothing.
    support: N/A
  idempotent:
    description: Changes nothing.
    support: full
notes:
  - An action that runs on the controller; it never connects to a host.
"""

EXAMPLES = r"""
- name: Tell what comes next
  seamless.delivery.say:
    lines:
      - "users move in 2 seconds"
"""

RETURN = r"""
lines:
  description: What was printed.
  returned: always
  type: list
  elements: str
"""
