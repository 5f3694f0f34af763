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
  - Reads, for each color, the release that is installed, whether its artifact still has its digest, and whether it runs.
options:
  service:
    description: The name of the service.
    type: str
    required: true
  root:
    description: The folder under which releases are kept.
    type: path
    default: /opt
attributes:
  check_mode:
    description: Only reads.
    support: full
  diff_mode:
    description: Only reads.
    support: N/A
  idempotent:
    description: Only reads.
    support: N/A
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
    - C(id), C(version), C(digest), C(whole) (the artifact has its digest), C(active), C(since), C(unit) and C(state).
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

from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import COLORS, Place, PlaceError
from ansible_collections.seamless.delivery.plugins.module_utils.releases.unit import unit


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={"service": {"type": "str", "required": True}, "root": {"type": "path", "default": "/opt"}},
        supports_check_mode=True,
    )
    service = module.params["service"]
    place = Place(module.params["root"], service, time.time)
    found = {}
    try:
        for color in COLORS:
            installed = place.current(color)
            state = unit(f"{service}-{color}.service", lambda command: module.run_command(command)[1])
            about = {"unit": state.name, "active": state.active, "state": state.state, "since": state.since}
            found[color] = {**asdict(installed), **about} if installed else {}
    except PlaceError as error:
        module.fail_json(msg=f"{service}: {error}")
    module.exit_json(changed=False, free=place.free(), **found)


if __name__ == "__main__":
    main()
