# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: release_install
short_description: Bring an artifact to this host and put it in place as a color's release
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Verifies the artifact's digest on the controller and once more where it has arrived, moves it in one step to where
    releases are, and points the color to it. Nothing is brought where the color has that release, whole.
  - Makes the user that the release runs as, where there is none of that name.
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
  artifact:
    description: The artifact's path on the controller. Its file name is kept.
    type: str
    required: true
  incoming:
    description: The artifact where it is on this host already, and is moved away from. Left out, it is brought.
    type: path
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
  user:
    description: The user that the release runs as.
    type: str
    required: true
  spare_megabytes:
    description: How much must stay free under O(root), besides three times the artifact's size.
    type: int
    default: 64
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
    description: Changes nothing where the color has the release, whole.
    support: full
"""

EXAMPLES = r"""
- name: Put it in place
  seamless.delivery.release_install:
    service: storefront
    color: green
    id: 2.0.0-1a2b3c4d
    version: 2.0.0
    artifact: /srv/artifacts/storefront.pyz
    digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    user: storefront
"""

RETURN = r"""
removed:
  description: The ids of the releases that were removed.
  returned: when the release was put in place
  type: list
  elements: str
free:
  description: Bytes that were free for releases before.
  returned: success
  type: int
"""

import os
import time
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import Place, PlaceError
from ansible_collections.seamless.delivery.plugins.module_utils.releases.user import making
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS

TEXT = {"type": "str", "required": True}
ARGUMENTS = {
    **dict.fromkeys(("service", "id", "version", "digest", "artifact", "user"), TEXT),
    "color": {**TEXT, "choices": list(COLORS)},
    "incoming": {"type": "path"},
    "spare_megabytes": {"type": "int", "default": 64},
    "keep": {"type": "int", "default": 3},
    "root": {"type": "path", "default": "/opt"},
}


def main() -> None:
    """Run the module. Without ``incoming`` it only says whether one has to be brought: its action brings it then."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    params = module.params
    place = Place(params["root"], params["service"], time.time)
    release = {key: params[key] for key in ("id", "version", "digest")}
    release["artifact"] = os.path.basename(params["artifact"])
    before, free = place.current(params["color"]), place.free()
    if before and before.is_whole(release):
        module.exit_json(changed=False, free=free)
    diff = {"before": {"release": before.id if before else None}, "after": {"release": params["id"]}}
    result = {"changed": True, "free": free, "diff": diff}
    if module.check_mode or not params["incoming"]:
        module.exit_json(**result)
    command = making(params["user"])
    if command:
        module.run_command(command, check_rc=True)
    try:
        removed = place.install(Path(params["incoming"]), release, params["color"], params["keep"])
    except PlaceError as error:
        module.fail_json(msg=f"{params['service']} {params['color']}: {error}")
    module.exit_json(**result, removed=removed)


if __name__ == "__main__":
    main()
