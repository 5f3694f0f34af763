# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: environment_file
short_description: Environment variables as a file for systemd
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Writes variables as C(EnvironmentFile=) reads them, quotes, backslashes and line breaks included.
  - Fails for a value that systemd would drop in silence, naming the variable and never its value.
options:
  _input:
    description: The values by their names.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Write a file of variables
  ansible.builtin.copy:
    content: "{{ {'GREETING': 'hello \"you\"'} | seamless.delivery.environment_file }}"
    dest: /etc/storefront/green.env
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The file's text, sorted by name.
  type: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.releases.environment import environment_file


def _environment_file(variables: dict) -> str:
    try:
        return environment_file(variables)
    except ValueError as error:
        raise AnsibleFilterError(f"environment_file: {error}") from error
    except (AttributeError, TypeError):  # their own words might hold a value
        raise AnsibleFilterError("environment_file: expected a mapping of names to values") from None


class FilterModule:
    """The filter ``seamless.delivery.environment_file``."""

    def filters(self) -> dict:
        return {"environment_file": _environment_file}
