# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of M(seamless.delivery.aws_compute)."""

    DOCUMENTATION = r"""
options:
  image:
    description:
      - The image that instances start from, as C(ami-...) or as C(resolve:ssm:PARAMETER), which AWS looks up whenever
        an instance starts. Required with O(state=present).
    type: str
  instance_types:
    description:
      - The types of instances, the first one preferred; more than one make a mixed group. Required with
        O(state=present).
    type: list
    elements: str
  spot:
    description: How much of the capacity may be spot instances. Left out, none is.
    type: dict
    suboptions:
      share:
        description: The percentage of spot instances among those above O(spot.on_demand_base).
        type: int
        required: true
      on_demand_base:
        description: How many instances come first that are not spot.
        type: int
        default: 0
      allocation:
        description: How AWS chooses among the types.
        type: str
        choices: [price-capacity-optimized, capacity-optimized, lowest-price]
        default: price-capacity-optimized
  size:
    description:
      - How many instances the live color has. The other one is parked, that is 0 from 0 to 0; while it is, its sizes
        belong to rollouts, which copy them from the live one. Required with O(state=present).
    type: dict
    suboptions:
      min:
        description: The fewest. Where a schedule has O(schedules[].min), this is only what the group begins with.
        type: int
        required: true
      max:
        description: The most, one at least.
        type: int
        required: true
      desired:
        description: How many to begin with; from then on it belongs to autoscaling. Left out, the fewest.
        type: int
  subnets:
    description: The ids of your own subnets. Left out, the stack's private ones.
    type: list
    elements: str
  security_groups:
    description: The ids of your own security groups. Left out, the stack's group C(app).
    type: list
    elements: str
  target_groups:
    description: The ARNs of your own target groups; empty for none. Left out, the stack's.
    type: dict
    suboptions:
      blue:
        description: The target group of blue.
        type: str
      green:
        description: The target group of green.
        type: str
  public_address:
    description: Whether instances have public addresses; they are then in the stack's public subnets.
    type: bool
    default: false
  user_data:
    description:
      - What an instance runs when it first starts, in plain text. A release adds its own in a version of its own.
        Anybody who may describe the template reads it, so it must hold no secret.
    type: str
    default: ""
  volume:
    description: The root volume, which is always encrypted and goes with its instance.
    type: dict
    suboptions:
      device:
        description: The root device of the image.
        type: str
        default: /dev/xvda
      size:
        description: Gibibytes.
        type: int
        default: 20
      type:
        description: The type of the volume.
        type: str
        choices: [gp3, gp2, io2, io1]
        default: gp3
      iops:
        description: Operations a second. Left out, what AWS gives.
        type: int
      throughput:
        description: Mebibytes a second, of V(gp3). Left out, what AWS gives.
        type: int
      kms_key:
        description: The key of your own that it is encrypted with. Left out, the account's for volumes.
        type: str
  metadata_hops:
    description:
      - Over how many hops an instance's metadata can be asked for; 2 where containers ask. Version 2 of the metadata
        service is always required.
    type: int
    default: 1
  detailed_monitoring:
    description: Whether instances send their metrics each minute instead of each five.
    type: bool
    default: true
  instance_profile:
    description: The ARN or name of your own instance profile. Left out, one is made, with a role.
    type: str
  may_read:
    description:
      - What the role that is made may read, besides being reached by Session Manager, as ARNs of objects
        (C(arn:aws:s3:::bucket/prefix/*)), secrets (C(arn:aws:secretsmanager:...:secret:...)), parameters
        (C(arn:aws:ssm:...:parameter/...)), and of the keys that these are encrypted with.
    type: list
    elements: str
    default: []
  health_check:
    description: When a group replaces an instance.
    type: dict
    suboptions:
      type:
        description: When its target group says so as well, or only when EC2 does.
        type: str
        choices: [ELB, EC2]
        default: ELB
      grace:
        description: Seconds that a new instance has before it is judged.
        type: int
        default: 120
  warm_up:
    description: Seconds until a new instance counts in metrics and in scaling.
    type: int
    default: 60
  maintenance:
    description: Between which percentages of its capacity a group stays while it replaces instances.
    type: dict
    suboptions:
      min_healthy:
        description: At least this much stays in service. With 100 a new instance comes before the old one goes.
        type: int
        default: 100
      max_healthy:
        description: At most this much runs.
        type: int
        default: 110
  group_metrics:
    description: Whether the group's own metrics are collected, each minute.
    type: bool
    default: true
  warm_pool:
    description:
      - Instances that were started once and wait for the live group to grow. Not with O(spot). Left out, none do.
    type: dict
    suboptions:
      min:
        description: The fewest that wait.
        type: int
        default: 0
      max_prepared:
        description: The most that wait or serve. Left out, O(size.max).
        type: int
      state:
        description: How they wait.
        type: str
        choices: [Stopped, Running, Hibernated]
        default: Stopped
      reuse:
        description: Whether an instance that is no longer needed goes back to wait.
        type: bool
        default: false
  hooks:
    description: Lifecycle hooks, at which an instance waits until it is told to go on.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      transition:
        description: Where it waits.
        type: str
        choices: [launching, terminating]
        required: true
      timeout:
        description: Seconds after which O(hooks[].default_result) happens.
        type: int
        default: 300
      default_result:
        description: What happens to an instance that nobody told to go on.
        type: str
        choices: [abandon, continue]
        default: abandon
  policies:
    description: When the live group grows and shrinks. Both colors have them; a parked one does not move.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      type:
        description:
          - V(target_tracking) holds a metric at O(policies[].target), V(step) adds by how far a metric is above or
            below O(policies[].alarm.threshold), V(predictive) adds ahead of what the last two weeks of both colors lead
            to expect.
        type: str
        choices: [target_tracking, step, predictive]
        default: target_tracking
      metric:
        description: The average CPU or network of an instance, or the requests of a target in a minute.
        type: str
        choices: [cpu, network_in, network_out, requests]
        default: cpu
      custom_metric:
        description: A metric of your own instead.
        type: dict
        suboptions:
          namespace:
            description: Its namespace.
            type: str
            required: true
          name:
            description: Its name.
            type: str
            required: true
          dimensions:
            description: Its dimensions; C({color}) in a value stands for the group's color.
            type: dict
            default: {}
          statistic:
            description: Its statistic.
            type: str
            choices: [Average, Minimum, Maximum, SampleCount, Sum]
            default: Average
          period:
            description: Seconds between its values, for V(target_tracking).
            type: int
            choices: [10, 30, 60]
            default: 60
      resource_label:
        description:
          - For V(requests) of your own load balancer, C(app/NAME/ID/targetgroup/NAME/ID). C({color}) in it stands for
            the group's color.
        type: str
      target:
        description: The value to hold, for V(target_tracking) and V(predictive).
        type: float
      scale_in:
        description: Whether V(target_tracking) takes instances away as well.
        type: bool
        default: true
      alarm:
        description: What sets off the steps.
        type: dict
        suboptions:
          threshold:
            description: The value from which they are taken.
            type: float
            required: true
          when:
            description: On which side of it.
            type: str
            choices: [above, below]
            default: above
          period:
            description: Seconds that a value stands for.
            type: int
            default: 60
          periods:
            description: How many values in a row.
            type: int
            default: 1
      adjustment_type:
        description: Whether a step adds instances or a percentage, or says how many there are to be.
        type: str
        choices: [ChangeInCapacity, PercentChangeInCapacity, ExactCapacity]
        default: ChangeInCapacity
      step_adjustments:
        description: The steps.
        type: list
        elements: dict
        default: []
        suboptions:
          lower_bound:
            description: How far from the threshold it begins. Left out, at any distance.
            type: float
          upper_bound:
            description: How far from the threshold it ends. Left out, nowhere.
            type: float
          scaling_adjustment:
            description: How much, by O(policies[].adjustment_type).
            type: int
            required: true
      mode:
        description: Whether V(predictive) acts on its forecast or only shows it.
        type: str
        choices: [forecast_only, forecast_and_scale]
        default: forecast_and_scale
      buffer:
        description: How many seconds ahead of its forecast V(predictive) starts instances.
        type: int
        default: 300
  schedules:
    description: When the live group grows and shrinks by the clock. Both colors have them; a parked one does not move.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      recurrence:
        description: The five fields of cron.
        type: str
        required: true
      time_zone:
        description: The time zone that these are in.
        type: str
        default: Etc/UTC
      min:
        description: The fewest instances from then on.
        type: int
      desired:
        description: How many instances to begin with from then on.
        type: int
"""
