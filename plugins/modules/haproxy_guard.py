# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: haproxy_guard
short_description: Install the code of a load balancer's guard
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Puts the files that the guard needs below O(path), the very ones that M(seamless.delivery.haproxy_split) has when it
    asks the guard whether it runs the same code, and removes those that it does not need any more.
  - The service itself is the role C(load_balancer)'s.
attributes:
  check_mode:
    support: full
    description: Says which files differ.
  diff_mode:
    support: full
    description: Shows the files that differ.
  idempotent:
    support: full
    description: Changes nothing when all files are there.
options:
  path:
    description: The folder that gets C(ansible_collections).
    type: path
    default: /usr/local/lib/seamless
notes:
  - Runs on the load balancer's host, as root. Restart the guard where something changed.
"""

EXAMPLES = r"""
- name: Install the guard's code
  seamless.delivery.haproxy_guard:
  notify: Restart the guard
"""

RETURN = r"""
digest:
  description: One digest of all files, as a guard that runs them says it.
  returned: success
  type: str
files:
  description: The files that differed or were not needed.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.routers import guard_code


def main() -> None:
    module = AnsibleModule(
        argument_spec={"path": {"type": "path", "default": guard_code.LIBRARY}}, supports_check_mode=True
    )
    try:
        files = guard_code.install(module.params["path"], dry_run=module.check_mode)
    except OSError as error:
        module.fail_json(msg=f"cannot install the guard's code below {module.params['path']}: {error}")
    diff = {"before": "", "after": "".join(f"{path}\n" for path in files)}
    module.exit_json(changed=bool(files), digest=guard_code.digest(), files=files, diff=diff)


if __name__ == "__main__":
    main()
