# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: way_back
short_description: Where a rollback goes
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - The color and the release that users go back to, from the journal, or, without it, as the operator declares.
  - Fails, saying what to do, where there is nothing to go back to.
options:
  _input:
    description: The history that M(seamless.delivery.ledger_lease) returns; none where the ledger cannot be reached.
    type: dict
  shown:
    description: The split that each router shows, by host. Used only without a history, to tell the operator.
    type: dict
    default: {}
  declared:
    description: The color that the operator declares. Used only without a history.
    type: str
"""

EXAMPLES = r"""
- name: Where would a rollback go
  ansible.builtin.debug:
    msg: "{{ ledger.history | seamless.delivery.way_back }}"
"""

RETURN = r"""
_value:
  description: The way back, with C(color), C(split), C(release), C(leaves), C(rollout) and C(message).
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.way_back import (
    NoWayBack,
    way_back,
    way_back_without_journal,
)


def _way_back(history: dict | None, shown: dict | None = None, declared: str | None = None) -> dict:
    try:
        if history is None:
            return way_back_without_journal(shown or {}, declared).as_dict()
        return way_back(History.from_dict(history)).as_dict()
    except (NoWayBack, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter ``seamless.delivery.way_back``."""

    def filters(self) -> dict:
        return {"way_back": _way_back}
