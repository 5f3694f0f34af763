# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: release_install
short_description: Put an artifact that has arrived on this host in place as a color's release
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Verifies the artifact's digest, moves it in one step to where releases are, and points the color to it.
  - Removes releases beyond the last few.
  - A release that any color has is never removed, and nothing of another color is touched.
options:
  service:
    description: The name of the service.
    type: str
    required: true
  color:
    description: The color that shall have the release.
    type: str
    choices: [blue, green]
    required: true
  incoming:
    description: The artifact, on this host and on the same file system as O(root). It is moved away.
    type: path
    required: true
  id:
    description: The id of the release.
    type: str
    required: true
  version:
    description: Its version.
    type: str
    required: true
  digest:
    description: The artifact's digest, V(sha256:<hex>).
    type: str
    required: true
  artifact:
    description: The name that the artifact has when installed.
    type: str
    required: true
  keep:
    description: How many releases to keep. Those that a color has count, and are kept in any case.
    type: int
    default: 3
  root:
    description: The folder under which releases are kept.
    type: path
    default: /opt
attributes:
  check_mode:
    description: Can run in check mode, and changes nothing then.
    support: full
  diff_mode:
    description: Shows the release before and after.
    support: full
  idempotent:
    description: Moves the artifact away, and so runs once for each time that one arrives.
    support: none
"""

EXAMPLES = r"""
- name: Put it in place
  seamless.delivery.release_install:
    service: storefront
    color: green
    incoming: /opt/storefront/.incoming
    id: 2.0.0-1a2b3c4d
    version: 2.0.0
    digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    artifact: storefront.pyz
"""

RETURN = r"""
removed:
  description: The ids of the releases that were removed.
  returned: success
  type: list
  elements: str
"""

import time
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import Place, PlaceError
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS


def main() -> None:
    """Run the module."""
    text = {"type": "str", "required": True}
    module = AnsibleModule(
        argument_spec={
            "service": text,
            "color": {**text, "choices": list(COLORS)},
            "incoming": {"type": "path", "required": True},
            "id": text,
            "version": text,
            "digest": text,
            "artifact": text,
            "keep": {"type": "int", "default": 3},
            "root": {"type": "path", "default": "/opt"},
        },
        supports_check_mode=True,
    )
    params = module.params
    place = Place(params["root"], params["service"], time.time)
    release = {key: params[key] for key in ("id", "version", "digest", "artifact")}
    try:
        before = place.current(params["color"])
        removed = []
        if not module.check_mode:
            removed = place.install(Path(params["incoming"]), release, params["color"], params["keep"])
    except PlaceError as error:
        module.fail_json(msg=f"{params['service']} {params['color']}: {error}")
    diff = {"before": {"release": before.id if before else None}, "after": {"release": params["id"]}}
    module.exit_json(changed=True, removed=removed, diff=diff)


if __name__ == "__main__":
    main()
