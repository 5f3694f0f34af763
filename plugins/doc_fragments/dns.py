# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of a hosted zone and its records."""

    DOCUMENTATION = r"""
options:
  zone:
    description: The domain of the hosted zone.
    type: str
    required: true
  zone_id:
    description: The id of your own hosted zone, where several have the same domain.
    type: str
  create_zone:
    description:
      - Whether the stack makes the hosted zone. Otherwise it is your own, and only records are made in it.
      - Its name servers have to be told to the domain's registrar.
    type: bool
    default: false
  records:
    description: The records.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name in full, such as C(www.example.com) or C(*.example.com).
        type: str
        required: true
      type:
        description: The type.
        type: str
        choices: [A, AAAA, CAA, CNAME, MX, NS, SRV, TXT]
        default: A
      values:
        description: What it answers. Exactly one of this, O(records[].alias) and O(records[].alias_to) is required.
        type: list
        elements: str
      ttl:
        description: Seconds for which the answer may be kept. Aliases have the time of what they stand for.
        type: int
        default: 60
      alias:
        description: Answers as the stack's load balancer or distribution does.
        type: str
        choices: [load_balancer, distribution]
      alias_to:
        description: Answers as something of your own does.
        type: dict
        suboptions:
          dns_name:
            description: Its name.
            type: str
            required: true
          zone_id:
            description: The id of the hosted zone of that name.
            type: str
            required: true
      evaluate_target_health:
        description: Whether an alias counts as well only while what it stands for does.
        type: bool
        default: false
      set:
        description:
          - What tells the record from others of the same name and type, such as the region. Required with
            O(records[].weight), O(records[].first_weight) and O(records[].failover).
        type: str
      weight:
        description: The share that it gets of the answers, from 0 to 255, in proportion to the others' weights.
        type: int
      first_weight:
        description:
          - The same, but only for when the record is made. From then on the weight belongs to rollouts
            (M(seamless.delivery.route53_split)), and no run of this module moves it.
        type: int
      failover:
        description:
          - Whether it answers always, or only while the primary one is not well.
          - AWS refuses two primary ones even for a moment. To swap two, exchange what they answer.
        type: str
        choices: [primary, secondary]
      health_check:
        description: Answers only while this is well.
        type: dict
        suboptions:
          protocol:
            description: How it is asked.
            type: str
            choices: [HTTP, HTTPS, TCP]
            default: HTTPS
          host:
            description: The name that is asked.
            type: str
            required: true
          port:
            description: The port.
            type: int
            default: 443
          path:
            description: The path that is asked for.
            type: str
            default: /healthz
          interval:
            description: Seconds between two checks of each of AWS's checkers. Ten cost more than thirty.
            type: int
            choices: [10, 30]
            default: 30
          failures:
            description: Bad answers in a row, from 1 to 10, after which it is not well.
            type: int
            default: 3
"""
