# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: smoke
short_description: Ask for pages of one color, as a tester, through every load balancer
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Asks each load balancer for each page, with the header that picks a color for testers.
  - Fails, naming every page and load balancer, unless each answer has the declared status and text and comes from the
    release that is expected.
extends_documentation_fragment:
  - seamless.delivery.reads
options:
  entry:
    description: The entry of the service, with C(hostnames), C(port) and optionally C(ca_file).
    type: dict
    required: true
  through:
    description: The address of each load balancer, by its host.
    type: dict
    required: true
  header:
    description: The header that picks a color for testers.
    type: str
    required: true
  color:
    description: The color to ask for.
    type: str
    choices: [blue, green]
    required: true
  member:
    description: The one member of O(color) that shall answer; left out, any of them.
    type: str
  release:
    description: The id of the release that must answer.
    type: str
    required: true
  pages:
    description: The pages, each with C(path), C(status) and optionally C(contains).
    type: list
    elements: dict
    required: true
  timeout:
    description: How long to wait for a connection and for each part of an answer, in seconds.
    type: float
    default: 5
notes:
  - An action that runs on the controller, which must be among the service's declared testers.
"""

EXAMPLES = r"""
- name: Look at green before users do
  seamless.delivery.smoke:
    entry: {hostnames: [shop.example.test], port: 443}
    through: {lb1: 10.111.0.11, lb2: 10.111.0.12}
    header: X-Seamless-Color
    color: green
    release: 2.0.0-1a2b3c4d
    pages:
      - {path: /, status: 200, contains: Storefront}
"""

RETURN = r"""
asked:
  description: How many answers were asked for.
  returned: always
  type: int
wrong:
  description: What was not as declared, by page and load balancer.
  returned: always
  type: dict
"""
