# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: release_id
short_description: The identity of a release
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Gives the id under which a release is installed, answers and is journaled, V(2.0.0-1a2b3c4d).
  - The part behind the version is made of the artifact's digest and of the configuration, so that two different
    releases never share an id.
options:
  _input:
    description: The release, with C(version), C(digest) and optionally C(environment).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Say what would be released
  ansible.builtin.debug:
    msg: "{{ {'version': '2.0.0', 'digest': 'sha256:00ff'} | seamless.delivery.release_id }}"
"""

RETURN = r"""
_value:
  description: The id of the release.
  type: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.release import release_id


def _release_id(release: dict) -> str:
    try:
        return release_id(release)
    except (ValueError, AttributeError) as error:
        raise AnsibleFilterError(f"release_id: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.release_id``."""

    def filters(self) -> dict:
        return {"release_id": _release_id}
