# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of a cache."""

    DOCUMENTATION = r"""
options:
  engine:
    description: The engine. A cache of Redis becomes one of Valkey in place, but not the other way.
    type: str
    choices: [valkey, redis]
    default: valkey
  version:
    description:
      - The engine's version, in as few numbers as are meant; C(8) leaves the minor version to AWS.
      - Required with O(state=present).
    type: str
  node_type:
    description: The type of the nodes, such as C(cache.t4g.small). Required with O(state=present).
    type: str
  replicas:
    description: Copies of each shard. The cache fails over to one of them.
    type: int
    default: 1
  shards:
    description: How many parts the data is spread over, with cluster mode. Left out, cluster mode is off.
    type: int
  multi_az:
    description: Whether the copies are in other zones.
    type: bool
    default: true
  port:
    description: The port.
    type: int
    default: 6379
  tls:
    description:
      - Whether connections are encrypted; V(preferred) lets clients in both ways. From V(none) to V(required), or back,
        leads by V(preferred), while the clients are changed.
    type: str
    choices: [none, preferred, required]
    default: required
  auth_token:
    description:
      - What clients authenticate with. It is used for a new cache, or for one that has had none, and never changed by a
        later run. A cache that has had none goes on letting clients in without it as well.
    type: str
  kms_key:
    description: The ARN of the key that data at rest is encrypted with. Left out, AWS's own. It is always encrypted.
    type: str
  subnets:
    description: The ids of your own subnets, in two zones at least. Left out, the stack's private ones.
    type: list
    elements: str
  subnet_group:
    description: The name of your own cache subnet group, instead of O(subnets).
    type: str
  security_groups:
    description: The ids of your own security groups. Left out, the stack's group C(cache).
    type: list
    elements: str
  parameters:
    description: Parameters of the engine by name.
    type: dict
    default: {}
  parameter_group:
    description: The name of your own cache parameter group, instead of O(parameters).
    type: str
  backup:
    description: Automatic snapshots.
    type: dict
    suboptions:
      retention:
        description: Days for which they are kept; 0 for none.
        type: int
        default: 1
      window:
        description: When they are made, in UTC, as C(03:00-04:00). Left out, AWS's choice.
        type: str
  maintenance_window:
    description: When AWS may interrupt, in UTC, as C(sun:04:00-sun:05:00). Left out, AWS's choice.
    type: str
  auto_minor_upgrades:
    description: Whether AWS brings the minor version up in the maintenance window.
    type: bool
    default: true
  apply_immediately:
    description:
      - Whether changes are made at once, and waited for. Otherwise those that interrupt wait for the maintenance
        window, and count as made. Replicas, shards, TLS and the token are always changed at once.
    type: bool
    default: false
  final_snapshot:
    description: Whether a snapshot is left behind when the cache is removed.
    type: bool
    default: true
"""
