# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that every haproxy module has."""

    DOCUMENTATION = r"""
options:
  service:
    description: The service whose pools are the backends C(<service>_blue) and C(<service>_green).
    type: str
    required: true
  socket:
    description: HAProxy's admin socket; needs C(level admin).
    type: path
    default: /run/haproxy/admin.sock
  master_socket:
    description:
      - The socket of HAProxy's master process. Through it the workers that a reload retired are reached, which still
        serve their old connections.
      - Where there is none, those workers are left out.
    type: path
    default: /run/haproxy-master.sock
  map:
    description: The map file that holds the split of every service.
    type: path
    default: /etc/haproxy/seamless/split.map
  state_dir:
    description: The directory in which this host remembers fencing numbers and break-glass notes.
    type: path
    default: /var/lib/seamless/router
notes:
  - Runs on the load balancer's host, as a user who may write the map file and open the sockets, usually root.
"""
