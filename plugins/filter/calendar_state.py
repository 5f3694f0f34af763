# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: calendar_state
short_description: Whether a rollout may start now
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Holds the calendar of a service, its allowed hours and its freezes, against a moment.
  - A window begins at a time of the wall clock in the calendar's time zone and lasts for seconds that pass. A time that
    the clocks skip is taken as if they had not been changed yet; of one that comes twice, the first counts.
requirements:
  - python-dateutil
  - a time zone database, of the system or Python's tzdata
options:
  _input:
    description: The C(calendar) of a service's declaration; null where none is declared, and any moment will do.
    type: dict
    required: true
  now:
    description: The moment, in epoch seconds.
    type: float
    required: true
"""

EXAMPLES = r"""
- name: May a rollout start now
  ansible.builtin.debug:
    msg: "{{ calendar | seamless.delivery.calendar_state(now().timestamp()) }}"
  vars:
    calendar:
      timezone: Europe/Berlin
      allowed:
        - {rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9;BYMINUTE=0", lasts: 28800}
      frozen:
        - {from: 2026-12-20T00:00, to: 2027-01-02T00:00, reason: holidays}
"""

RETURN = r"""
_value:
  description: >-
    C(open), whether it may; C(reason), why (not); C(since) and C(until), in epoch seconds, when that changed and
    changes next, null where not within 366 days; C(message), all of it in one line, in the calendar's local time.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.plugin_utils.calendar import look


def _calendar_state(calendar: dict | None, now: float) -> dict:
    try:
        return look(calendar, now)
    except ValueError as error:
        raise AnsibleFilterError(f"calendar_state: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.calendar_state``."""

    def filters(self) -> dict:
        return {"calendar_state": _calendar_state}
