# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: release_info
short_description: What release each color of a service has on this host
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Reads, for each color, which release is installed, whether its artifact still has its digest, and whether it runs.
extends_documentation_fragment:
  - seamless.delivery.reads
options:
  service:
    description: The name of the service.
    type: str
    required: true
  root:
    description: The folder under which releases are kept.
    type: path
    default: /opt
"""

EXAMPLES = r"""
- name: What runs here
  seamless.delivery.release_info:
    service: storefront
  register: installed
"""

RETURN = r"""
blue:
  description:
    - What blue has; empty when nothing was ever installed.
    - C(id), C(version), C(digest), C(artifact) (its path) and C(installed_at) (epoch seconds) as they were recorded.
    - C(whole) (the artifact has its digest) and C(problem) (what is wrong where it is not).
    - C(unit), C(active), C(state) and C(since) of its unit.
    - C(outdated) when what runs is older than what is installed or configured, and C(reload_due) when systemd has not
      read the unit since it was written; both are left by a run that was interrupted.
  returned: success
  type: dict
green:
  description: What green has, as for RV(blue).
  returned: success
  type: dict
free:
  description: Bytes that are free for releases.
  returned: success
  type: int
"""

import time
from dataclasses import asdict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import Place, outdated
from ansible_collections.seamless.delivery.plugins.module_utils.releases.unit import unit
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={"service": {"type": "str", "required": True}, "root": {"type": "path", "default": "/opt"}},
        supports_check_mode=True,
    )
    place = Place(module.params["root"], module.params["service"], time.time)
    found = {}
    for color in COLORS:
        installed = place.current(color)
        state = unit(place.unit(color), lambda command: module.run_command(command)[1])
        about = {
            "unit": state.name,
            "active": state.active,
            "state": state.state,
            "since": state.since,
            "reload_due": state.reload_due,
            "outdated": state.active and outdated(state.started, place.read_by(color), time.time(), time.monotonic()),
        }
        found[color] = {**asdict(installed), **about} if installed else {}
    module.exit_json(changed=False, free=place.free(), **found)


if __name__ == "__main__":
    main()
