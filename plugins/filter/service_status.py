# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: service_status
short_description: What a service looks like now, and where its parts disagree
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Compares the load balancers, the hosts and the journal, and says how to converge where they disagree.
options:
  _input:
    description: What each router answered, by its host.
    type: dict
    required: true
  service:
    description: The name of the service.
    type: str
    required: true
  ledger:
    description: What M(seamless.delivery.ledger_info) returned; none where the ledger cannot be reached.
    type: dict
    required: true
  releases:
    description: What runs in each color, by host.
    type: dict
    required: true
  hosts:
    description: The members of C(routers), C(blue) and C(green).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Tell
  seamless.delivery.say:
    lines: "{{ (answers | seamless.delivery.service_status('storefront', ledger, releases, hosts)).lines }}"
"""

RETURN = r"""
_value:
  description: The status, with C(lines), C(disagreements) and C(live).
  type: dict
"""

from dataclasses import asdict

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.status import status


def _service_status(routers: dict, service: str, ledger: dict | None, releases: dict, hosts: dict) -> dict:
    try:
        return asdict(status(service, routers, ledger, releases, hosts))
    except (AttributeError, KeyError, ValueError) as error:
        raise AnsibleFilterError(f"service_status: an answer lacks {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.service_status``."""

    def filters(self) -> dict:
        return {"service_status": _service_status}
