# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What every module has that runs the module of the router which a service declares."""

    DOCUMENTATION = r"""
options:
  router:
    description: The router, as C(service.router) declares it; its C(type) says which module runs.
    type: dict
    required: true
  service:
    description: The service whose traffic it is.
    type: str
    required: true
attributes:
  check_mode:
    description: As the module that runs has it.
    support: full
  idempotent:
    description: As the module that runs has it.
    support: full
notes:
  - An action. A load balancer that cannot be reached is a failure, which a C(rescue) can handle.
"""
