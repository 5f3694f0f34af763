# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: release_ready
short_description: Wait until a release is ready to take users, and say why where it is not
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Asks the release on its own host until it says that it is ready, and that it is the right one.
  - Fails as soon as its unit is seen to crash, and at the deadline.
  - A failure names what was found last, and has the last lines of the release's log. Secrets are masked in them.
extends_documentation_fragment:
  - seamless.delivery.reads
  - seamless.delivery.readiness
options:
  unit:
    description: The unit that runs the release.
    type: str
    required: true
  release:
    description: The id that must answer in C(X-Release).
    type: str
    required: true
  secrets:
    description: Values that must not be shown.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Wait for green
  seamless.delivery.release_ready:
    unit: storefront-green.service
    release: 2.0.0-1a2b3c4d
    port: 8000
    deadline: 30
"""

RETURN = r"""
seconds:
  description: How long it took.
  returned: success
  type: float
attempts:
  description: How often it was asked.
  returned: success
  type: int
log:
  description: The last lines of its log.
  returned: failure
  type: list
  elements: str
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.releases import readiness
from ansible_collections.seamless.delivery.plugins.module_utils.releases.unit import last_words, log, unit

ARGUMENTS = {
    **readiness.ARGUMENTS,
    "unit": {"type": "str", "required": True},
    "release": {"type": "str", "required": True},
    "secrets": {"type": "list", "elements": "str", "default": [], "no_log": True},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    params = module.params

    def run(command: list[str]) -> str:
        return module.run_command(command)[1]

    try:
        ready = readiness.wait_ready(
            params["release"],
            params["port"],
            params["path"],
            params["deadline"],
            state=lambda: unit(params["unit"], run),
            clock=time,
        )
    except readiness.NotReady as error:
        lines = log(params["unit"], params["log_lines"], run, params["secrets"])
        module.fail_json(msg=f"{params['release']} does not get ready: {error}. {last_words(lines)}", log=lines)
    readiness.warm_up(params["port"], params["warm_up"])
    module.exit_json(changed=False, seconds=ready.seconds, attempts=ready.attempts)


if __name__ == "__main__":
    main()
