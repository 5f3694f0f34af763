# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options and attributes that all modules of the ledger have."""

    DOCUMENTATION = r"""
options:
  service:
    description: The name of the service.
    type: str
    required: true
  type:
    description:
      - The store that holds the ledger.
      - With V(file), run the module on the host that keeps the files.
    type: str
    choices: [file]
    default: file
  path:
    description: The folder of the ledger; each service has a folder of its own in it.
    type: path
    default: /var/lib/seamless/ledger
notes:
  - In a playbook, run these modules on the ledger's host (C(delegate_to)). When that host cannot be reached the task
    fails, so that a C(rescue) sees it, rather than dropping the host from the play.
"""
