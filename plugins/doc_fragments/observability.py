# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options by which a stack is watched."""

    DOCUMENTATION = r"""
options:
  topic:
    description: The ARN of your own SNS topic, which alarms are sent to. Left out, the stack has one.
    type: str
  kms_key:
    description:
      - The ARN of your own key, by which the topic and the log groups are encrypted. It has to let CloudWatch, and what
        else publishes, use it.
    type: str
    default: ""
  subscriptions:
    description: Who is told. Each entry has one of the options. Mail and web addresses confirm it themselves.
    type: list
    elements: dict
    default: []
    suboptions:
      email:
        description: A mail address.
        type: str
      https:
        description: An address on the web.
        type: str
      lambda:
        description: The ARN of a function.
        type: str
      sms:
        description: A telephone number, with C(+) and the country's code.
        type: str
      sqs:
        description: The ARN of a queue.
        type: str
  alarms:
    description:
      - The sets of built-in alarms. Left out, those for which the stack has something to watch.
      - Group metrics of an autoscaling group have to be collected for V(autoscaling). V(cdn) is for us-east-1, the only
        region with CloudFront's metrics.
    type: list
    elements: str
    choices: [load_balancer, database, cache, autoscaling, cdn]
  overrides:
    description:
      - What is otherwise with a built-in alarm, by its name without the stack (C(load-balancer-latency)).
      - Each can have C(threshold), C(periods) in minutes, C(datapoints) of those, C(enabled) and C(hurts_users).
    type: dict
    default: {}
  metric_alarms:
    description: Alarms of your own.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name; the stack's comes before it.
        type: str
        required: true
      description:
        description: What it means, and what to do.
        type: str
        default: ""
      metrics:
        description:
          - The metrics by id. Each has C(metric), its name; C(statistic), V(Average) where left out; and either C(of),
            a part of the stack (C(load_balancer), C(pool_blue), C(pool_green), C(database), C(autoscaling_blue),
            C(autoscaling_green), C(instances_blue), C(instances_green), C(cdn), C(logs)), or C(namespace) and
            C(dimensions).
        type: dict
        required: true
      expression:
        description: Metric math over the ids. Left out where there is one metric alone.
        type: str
        default: ""
      threshold:
        description: The value beyond which it goes off.
        type: float
      band:
        description: In place of a threshold, how many standard deviations around what is usual count as usual.
        type: float
      when:
        description: On which side it goes off. V(outside) is for a band.
        type: str
        choices: [above, at_least, below, at_most, outside]
        default: above
      period:
        description: Seconds of a period; 10, 20, 30 or a multiple of 60.
        type: int
        default: 60
      periods:
        description: How many periods are looked at.
        type: int
        default: 3
      datapoints:
        description: In how many of them it has to be so. Left out, in all.
        type: int
      missing:
        description: What a period without data counts as.
        type: str
        choices: [good, bad, ignore, missing]
        default: missing
      hurts_users:
        description: Whether users are hurt while it is on, so that it counts for the alarm C(users-hurt).
        type: bool
        default: false
      actions:
        description: The ARNs of what is told or done. Left out, the topic.
        type: list
        elements: str
  users_hurt:
    description: Whether there is one alarm C(users-hurt) above all those that tell of users being hurt.
    type: bool
    default: true
  composite_alarms:
    description: Alarms on alarms.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name; the stack's comes before it.
        type: str
        required: true
      rule:
        description:
          - CloudWatch's rule, as C(ALARM(load-balancer-errors) AND NOT ALARM(cdn-errors)). The stack's own alarms on
            metrics go by their names without the stack.
        type: str
        required: true
      description:
        description: What it means, and what to do.
        type: str
        default: ""
      actions:
        description: The ARNs of what is told or done. Left out, the topic.
        type: list
        elements: str
  log_groups:
    description: Groups of logs.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name, which follows the stack's, as in C(/shop/app).
        type: str
        required: true
      retention_days:
        description: Days for which logs are kept, one of CloudWatch's own steps; 0 for ever.
        type: int
        default: 30
      filters:
        description: What is counted in the logs, as a metric in a namespace named after the stack.
        type: list
        elements: dict
        default: []
        suboptions:
          name:
            description: The metric's name.
            type: str
            required: true
          pattern:
            description: CloudWatch's filter pattern.
            type: str
            required: true
          value:
            description: What a line that fits counts as, a number or a field as C($.seconds).
            type: str
            default: "1"
          default:
            description: The value of a minute whose lines do not fit.
            type: float
          unit:
            description: The metric's unit.
            type: str
            default: None
          dimensions:
            description: Fields by which the metric is split, by the dimension's name.
            type: dict
            default: {}
  dashboard:
    description: Whether there is a dashboard of what the stack has.
    type: bool
    default: true
  resources:
    description: What is watched where it is your own and not the stack's.
    type: dict
    suboptions:
      load_balancer:
        description:
          - The end of a load balancer's ARN, as C(app/shop/50dc6c495c0c9188), or C(net/shop/50dc6c495c0c9188) of a
            network load balancer, which measures connections instead of requests.
        type: str
      pool_blue:
        description: The end of a target group's ARN, as C(targetgroup/shop-blue/73e2d6bc24d8a067).
        type: str
      pool_green:
        description: The end of a target group's ARN.
        type: str
      databases:
        description: The identifiers of database instances, the primary first.
        type: list
        elements: str
        default: []
      aurora:
        description: Whether C(databases) are instances of Aurora, which measures other things than RDS does.
        type: bool
        default: false
      cache_nodes:
        description:
          - The identifiers of a cache's nodes. The stack's own are known by the names that ElastiCache gives them when
            it makes the cache (C(shop-001), or C(shop-0001-001) with shards); name them where replicas or shards were
            added and removed since, so that they have other numbers.
        type: list
        elements: str
        default: []
      autoscaling_blue:
        description: The name of an autoscaling group.
        type: str
      autoscaling_green:
        description: The name of an autoscaling group.
        type: str
      distribution:
        description: The id of a CloudFront distribution.
        type: str
"""
