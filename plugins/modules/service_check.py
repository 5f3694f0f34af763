#!/usr/bin/python
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: service_check
short_description: Check the declaration of a service
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Checks what an inventory declares of a service, and optionally a release of it, before anything runs.
  - Names every mistake at once, with file and line, key, what was found and what was expected.
    Values of secrets are never shown.
  - Fills in defaults, and says which hosts take part.
  - Checks that the environment, which the variable C(service_environment) names, shares no host, no address and no
    source of secrets with those of the other inventories beside it.
options:
  service:
    description: The declaration; its keys are in C(docs/service-declaration.md).
    type: raw
    required: true
  release:
    description:
      - The release to run, with C(version), C(artifact), C(digest) and C(environment).
      - The artifact must be on the controller and have the declared digest. A relative path is taken from the
        directory in which C(ansible-playbook) was started.
    type: raw
  secrets_names:
    description: The names in C(release_secrets). Their values are not needed.
    type: list
    elements: str
    default: []
  isolated_from:
    description:
      - Further inventories with which this one may share nothing.
      - Those in folders beside this inventory's own, that have C(group_vars), are compared in any case.
      - Only static files are read, without a vault's password.
      - Inventories that name no environment, or the same one, are no concern.
    type: list
    elements: path
    default: []
  role_variables:
    description:
      - V(rollout) refuses a misspelt variable of the role rollout, such as C(rollout_plan_digset), which no role reads.
      - V(all) checks what every host of the inventory has for each of the collection's roles. A value that a role would
        refuse is told now, and so is a variable that looks like one of a role's but is none. Mappings and lists of
        which the role says nothing more are left alone, for they may hold secrets.
    type: str
    choices: [none, rollout, all]
    default: none
attributes:
  check_mode:
    description: Runs in check mode as well.
    support: full
  diff_mode:
    description: Changes nothing.
    support: N/A
  idempotent:
    description: Changes nothing; a declaration that was checked before comes out as it went in.
    support: full
notes:
  - An action that runs on the controller; it never connects to a host.
"""

EXAMPLES = r"""
- name: Check service and release
  seamless.delivery.service_check:
    service: "{{ service }}"
    release: "{{ release }}"
    secrets_names: "{{ release_secrets | default({}) | list }}"
  register: checked

- name: Check that staging shares nothing with an inventory of another repository
  seamless.delivery.service_check:
    service: "{{ service }}"
    isolated_from: [../production/inventory]
"""

RETURN = r"""
service:
  description: The declaration with its defaults filled in; C(entry.ca_file) is absolute.
  returned: success
  type: dict
release:
  description:
    - The release with its C(id), an absolute C(artifact), and C(environment) as text. None where none was given.
  returned: success
  type: dict
hosts:
  description: The hosts that take part, in the inventory's order.
  returned: success
  type: dict
  sample: {routers: [lb1, lb2], blue: [app1, app2], green: [app3, app4], ledger: [ops1]}
environment:
  description: The environment's name.
  returned: success
  type: str
  sample: staging
addresses:
  description: The address of each router, by its host, at which the controller and the other hosts reach it.
  returned: success
  type: dict
problems:
  description: What is wrong; empty on success.
  returned: always
  type: list
  elements: dict
  contains:
    at:
      description: File and line, none when unknown.
      type: str
    key:
      description: The way to the key.
      type: str
      sample: service.entry.port
    found:
      description: What is there.
      type: str
    expected:
      description: What should be there.
      type: str
    hint:
      description: What to do; may be empty.
      type: str
"""
