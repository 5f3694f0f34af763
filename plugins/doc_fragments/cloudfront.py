# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that every module of the CloudFront router has."""

    DOCUMENTATION = r"""
options:
  distribution:
    description: The id of the distribution that viewers reach.
    type: str
    required: true
  staging:
    description: The id of its staging distribution, which M(seamless.delivery.aws_cdn) makes on demand.
    type: str
    required: true
"""
