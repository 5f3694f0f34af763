# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: release_run
short_description: Run a color's release with its configuration, and wait until it is ready
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Writes the environment, the secrets and the unit of one color, each in one step, and has systemd run it.
  - It is started anew only where the release, its environment, its secrets or its unit changed since its process was
    started, whoever changed them.
  - Then asks the release until it says that it is ready, and that it is the right one.
  - What does not get ready is stopped; the failure has the reason and the last lines of its log, with secrets masked.
extends_documentation_fragment:
  - seamless.delivery.readiness
options:
  service:
    description: The name of the service.
    type: str
    required: true
  color:
    description: The color.
    type: str
    choices: [blue, green]
    required: true
  id:
    description: The id of the release, which must answer in C(X-Release).
    type: str
    required: true
  unit:
    description: The text of its systemd unit, which reads C(/etc/<service>/<color>.env) and C(.secrets).
    type: str
    required: true
  environment:
    description: Environment variables by name.
    type: dict
    default: {}
  secrets:
    description: Environment variables that nobody else must see. They are in no diff, log or process's arguments.
    type: dict
    default: {}
  root:
    description: The folder under which releases are kept.
    type: path
    default: /opt
attributes:
  check_mode:
    description: Can run in check mode, and then changes and asks nothing.
    support: full
  diff_mode:
    description: Shows the environment and the unit; of secrets it says that they change.
    support: full
  idempotent:
    description: Changes nothing where the release runs with this configuration.
    support: full
"""

EXAMPLES = r"""
- name: Run green
  seamless.delivery.release_run:
    service: storefront
    color: green
    id: 2.0.0-1a2b3c4d
    unit: "{{ lookup('ansible.builtin.template', 'storefront.service.j2') }}"
    environment: {PORT: 8000, RELEASE_ID: 2.0.0-1a2b3c4d}
    secrets: {TOKEN: "{{ vaulted_token }}"}
    port: 8000
    deadline: 30
"""

RETURN = r"""
seconds:
  description: How long it took to get ready.
  returned: success, and not in check mode
  type: float
attempts:
  description: How often it was asked.
  returned: success, and not in check mode
  type: int
log:
  description: The last lines of its log.
  returned: when it did not get ready
  type: list
  elements: str
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.releases import readiness
from ansible_collections.seamless.delivery.plugins.module_utils.releases.due import due
from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import Place
from ansible_collections.seamless.delivery.plugins.module_utils.releases.unit import Run, last_words, log, stop, unit
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS

ARGUMENTS = {
    **readiness.ARGUMENTS,
    "service": {"type": "str", "required": True},
    "color": {"type": "str", "required": True, "choices": list(COLORS)},
    "id": {"type": "str", "required": True},
    "unit": {"type": "str", "required": True},
    "environment": {"type": "dict", "default": {}},
    "secrets": {"type": "dict", "default": {}, "no_log": True},
    "root": {"type": "path", "default": "/opt"},
}


def give_up(module: AnsibleModule, name: str, run: Run, error: readiness.NotReady) -> None:
    """Stop what would go on crashing with nobody watching, and say why."""
    secrets = map(str, module.params["secrets"].values())
    lines = log(name, module.params["log_lines"], run, secrets)
    stopped = "It was stopped" if stop(name, run) else "It could not be stopped"
    module.fail_json(
        msg=f"{module.params['id']} does not get ready: {error}. {last_words(lines)}"
        f" ({stopped}; `journalctl --unit {name}` there has more.)",
        log=lines,
    )


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    params = module.params
    place = Place(params["root"], params["service"], time.time)
    name = place.unit(params["color"])

    def run(command: list[str]) -> str:
        return module.run_command(command)[1]

    try:
        todo = due(place, params["color"], params, run, time.monotonic())
        result = {"changed": bool(todo), "diff": todo.diff()}
        if module.check_mode:
            module.exit_json(**result)
        todo.carry_out(run)
        ready = readiness.wait_ready(
            *(params[key] for key in ("id", "port", "path", "deadline")), state=lambda: unit(name, run), clock=time
        )
    except readiness.NotReady as error:
        give_up(module, name, run, error)
    except (ValueError, OSError) as error:
        module.fail_json(msg=f"{params['service']} {params['color']} cannot be configured: {error}")
    readiness.warm_up(params["port"], params["warm_up"])
    module.exit_json(**result, seconds=ready.seconds, attempts=ready.attempts)


if __name__ == "__main__":
    main()
