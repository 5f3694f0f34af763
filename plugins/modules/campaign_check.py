# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: campaign_check
short_description: Check the declaration of a campaign
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Checks what an inventory declares of a campaign, and optionally the release that goes through its stages, before
    anything runs.
  - Names every mistake at once, with file and line, key, what was found and what was expected.
  - Fills in defaults. The services of its stages are checked by their own playbooks.
extends_documentation_fragment:
  - seamless.delivery.reads
options:
  campaign:
    description: The declaration; its keys are in C(docs/campaign.md).
    type: raw
    required: true
  release:
    description: The release, as M(seamless.delivery.service_check) takes it.
    type: raw
notes:
  - An action that runs on the controller; it never connects to a host.
  - Paths are taken from the directory in which C(ansible-playbook) was started, which in AWX is the project's.
"""

EXAMPLES = r"""
- name: Check campaign and release
  seamless.delivery.campaign_check:
    campaign: "{{ campaign }}"
    release: "{{ release }}"
  register: checked
"""

RETURN = r"""
campaign:
  description: The declaration with its defaults filled in.
  returned: success
  type: dict
release:
  description: The release with its C(id) and an absolute C(artifact). None where none was given.
  returned: success
  type: dict
ledger_host:
  description: The host on which the campaign's ledger is spoken with.
  returned: success
  type: str
directory:
  description: The directory from which relative paths are taken.
  returned: success
  type: str
problems:
  description: What is wrong; empty on success. See M(seamless.delivery.service_check).
  returned: always
  type: list
  elements: dict
"""
