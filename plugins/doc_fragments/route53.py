# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that every module of the Route 53 router has."""

    DOCUMENTATION = r"""
options:
  zone_id:
    description: The id of the hosted zone.
    type: str
    required: true
  name:
    description: The name that users ask for, in full, such as C(www.example.com).
    type: str
    required: true
  types:
    description: The types of its records. All of them get the split, in one step.
    type: list
    elements: str
    choices: [A, AAAA, CNAME]
    default: [A]
  records:
    description:
      - The set identifier of each color's records, which M(seamless.delivery.aws_dns) calls C(set).
      - Two regions can stand for the colors just as well.
      - Whatever other weighted records there are must have the weight 0.
    type: dict
    suboptions:
      blue:
        description: Those of blue.
        type: str
        default: blue
      green:
        description: Those of green.
        type: str
        default: green
"""
