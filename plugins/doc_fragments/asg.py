# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that every asg module has."""

    DOCUMENTATION = r"""
options:
  stack:
    description: The stack whose Auto Scaling groups they are (M(seamless.delivery.aws_compute)).
    type: str
    required: true
requirements:
  - boto3
  - the collection amazon.aws
notes:
  - Runs anywhere that reaches AWS, usually on the controller (C(delegate_to) localhost).
"""
