# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What every module of a router on AWS has."""

    DOCUMENTATION = r"""
options:
  service:
    description: The service whose traffic it is.
    type: str
    required: true
  table:
    description:
      - The DynamoDB table of the ledger (partition key C(service), sort key C(item), both strings). It keeps the
        fencing number of this router, too.
    type: str
    required: true
requirements:
  - boto3
  - the collection amazon.aws
notes:
  - Runs anywhere that reaches AWS, usually on the controller (C(delegate_to) localhost).
"""
