# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of a stack's load balancer."""

    DOCUMENTATION = r"""
options:
  type:
    description: An application load balancer (HTTP) or a network load balancer (TCP, TLS).
    type: str
    choices: [application, network]
    default: application
  scheme:
    description: Whether clients come from the internet or from the network alone.
    type: str
    choices: [internet-facing, internal]
    default: internet-facing
  vpc:
    description: The id of your own VPC. Left out, the stack's (M(seamless.delivery.aws_network)).
    type: str
  subnets:
    description: The ids of your own subnets, in two zones at least. Left out, the stack's public or private ones.
    type: list
    elements: str
  security_groups:
    description: The ids of your own security groups. Left out, the stack's group C(load-balancer).
    type: list
    elements: str
  idle_timeout:
    description: Seconds after which a connection without data is closed.
    type: int
    default: 60
  access_logs:
    description: Where to keep a log of each request. Left out, there is none.
    type: dict
    suboptions:
      bucket:
        description: A bucket that the load balancer may write to.
        type: str
        required: true
      prefix:
        description: The folder in it.
        type: str
        default: ""
  pools:
    description: What both target groups are like.
    type: dict
    suboptions:
      protocol:
        description: How the load balancer talks to the targets.
        type: str
        choices: [HTTP, HTTPS, TCP, TLS]
        default: HTTP
      port:
        description: The port of the targets.
        type: int
        default: 80
      target_type:
        description: Whether targets are instances or addresses.
        type: str
        choices: [instance, ip]
        default: instance
      health:
        description: When a target counts as healthy.
        type: dict
        suboptions:
          protocol:
            description: How it is asked.
            type: str
            choices: [HTTP, HTTPS, TCP]
            default: HTTP
          path:
            description: The path that is asked for.
            type: str
            default: /healthz
          codes:
            description: The status that a healthy target answers with, as C(200) or C(200-299).
            type: str
            default: "200"
          interval:
            description: Seconds between two checks.
            type: int
            default: 10
          timeout:
            description: Seconds to wait for an answer; below the interval.
            type: int
            default: 5
          healthy_threshold:
            description: Good answers in a row after which a target is healthy.
            type: int
            default: 2
          unhealthy_threshold:
            description: Bad answers in a row after which a target is unhealthy.
            type: int
            default: 2
      deregistration_delay:
        description: Seconds that requests in flight have when a target is taken out.
        type: int
        default: 30
      slow_start:
        description: Seconds over which a new target's share grows; 0 for at once.
        type: int
        default: 0
      stickiness:
        description:
          - Seconds for which a client stays with its target, and with its color while a split is in force; 0 for no
            stickiness.
        type: int
        default: 0
      targets:
        description:
          - The targets of each color, for those who have no Auto Scaling group. Left out, they are left as they are.
        type: dict
        suboptions:
          blue:
            description: Ids of instances, or addresses, each with C(:port) where it is not that of the pools.
            type: list
            elements: str
          green:
            description: The same for green.
            type: list
            elements: str
  listeners:
    description: The ports that the load balancer answers on. Required with O(state=present).
    type: list
    elements: dict
    suboptions:
      port:
        description: The port.
        type: int
        required: true
      protocol:
        description: The protocol.
        type: str
        choices: [HTTP, HTTPS, TCP, TLS]
        required: true
      certificate:
        description: The ARN of your own certificate, for HTTPS and TLS. Left out, the stack's.
        type: str
      tls_policy:
        description: The predefined policy that says which versions and ciphers of TLS are allowed.
        type: str
        default: ELBSecurityPolicy-TLS13-1-2-2021-06
      to:
        description: Where requests go, to the pools or, redirected, to HTTPS.
        type: str
        choices: [pools, https]
        default: pools
      rules:
        description: Requests that go elsewhere.
        type: list
        elements: dict
        default: []
        suboptions:
          priority:
            description: Lower ones are asked first. The first two belong to testers, where there are any.
            type: int
            required: true
          paths:
            description: Patterns of paths, one of which has to fit.
            type: list
            elements: str
          hosts:
            description: Patterns of host names, one of which has to fit.
            type: list
            elements: str
          to:
            description: Where these requests go.
            type: str
            choices: [pools, https, response]
            default: pools
          status:
            description: The status of a fixed response.
            type: int
            default: 503
          body:
            description: The text of a fixed response.
            type: str
            default: ""
  guard:
    description:
      - Whether there is a role by which AWS takes users back when nobody confirms a step of a rollout
        (M(seamless.delivery.alb_split), O(ignore:revert_after)). Application load balancers only.
    type: bool
    default: true
  testers:
    description: Who may choose a color by a header. Application load balancers only.
    type: dict
    suboptions:
      header:
        description: The header; its value is the color.
        type: str
        default: X-Seamless-Color
      from:
        description: Address ranges from which the header is honoured.
        type: list
        elements: str
        required: true
"""
