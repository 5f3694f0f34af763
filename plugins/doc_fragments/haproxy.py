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
    description: The directory in which this host remembers fencing numbers, what is armed, and break-glass notes.
    type: path
    default: /var/lib/seamless/router
  guard_socket:
    description: Where this host's guard answers, which takes users back when nobody confirms in time.
    type: path
    default: /run/seamless-guard/guard.sock
notes:
  - Runs on the load balancer's host, as a user who may write the map file and open the sockets, usually root.
"""

    REVERT = r"""
options:
  revert_after:
    description:
      - Take users back to O(revert_to) by itself, on this host, unless the split is written again within this many
        seconds, counted from O(at) or from now. Survives a reload, a restart and a reboot.
      - The same split once more with O(revert_after) agrees on another deadline; without it, it stays. Both are refused
        after the deadline.
      - Refused, and then nothing is changed, when the guard of this host does not answer or runs other code than this
        module.
    type: float
"""
