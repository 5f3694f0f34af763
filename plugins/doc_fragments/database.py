# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of a database."""

    DOCUMENTATION = r"""
options:
  engine:
    description: The engine. Another one means another database.
    type: str
    choices: [postgres, mysql, mariadb, aurora-postgresql, aurora-mysql]
    default: postgres
  version:
    description:
      - The engine's version, in as few numbers as are meant; C(16) leaves the minor version to AWS.
      - Required with O(state=present).
    type: str
  also_versions:
    description:
      - Other versions that O(parameters) are there for. The next one while a move to it is prepared
        (M(seamless.delivery.aws_database_switch)), the last one while the old database is kept.
    type: list
    elements: str
    default: []
  instance_class:
    description:
      - The class of the instances, such as C(db.m7g.large). Required with O(state=present), unless O(serverless) is
        declared, with which it is C(db.serverless) where it is left out.
    type: str
  serverless:
    description:
      - The range within which the capacity of Aurora's instances of the class C(db.serverless) follows the load
        (Aurora Serverless v2), in ACUs of about 2 GiB of memory. It changes at once and without an interruption.
      - Instances of other classes can stand beside them. AWS takes no range away from a cluster that has had one; it
        says nothing where no instance is of that class.
    type: dict
    suboptions:
      min:
        description:
          - The least, in steps of 0.5. With 0, an instance without connections pauses, and the first request after
            that waits for about 15 s; not for what users wait for. It needs 13.15, 14.12, 15.7, 16.3 or later of
            V(aurora-postgresql), or 3.08 or later of V(aurora-mysql).
        type: float
        required: true
      max:
        description: The most, from 1 to 256 in steps of 0.5.
        type: float
        required: true
      pause_after:
        description: Seconds without connections after which an instance pauses, from 300 to 86400. Left out, 300.
        type: int
  storage:
    description: The storage. Aurora has its own, and looks after it itself.
    type: dict
    suboptions:
      size:
        description: GiB. It never shrinks. What autoscaling has added does not count as a difference.
        type: int
        default: 20
      max_size:
        description: GiB up to which storage grows by itself; 0 for no growth.
        type: int
        default: 0
      type:
        description: The type of the volume.
        type: str
        choices: [gp2, gp3, io1, io2]
        default: gp3
      iops:
        description: Operations per second. Left out, AWS's choice.
        type: int
      throughput:
        description: MiB per second, of V(gp3). Left out, AWS's choice.
        type: int
  database_name:
    description: The name of a first database in it. Only for a new one.
    type: str
  user:
    description: The name of the first user. Another one means another database.
    type: str
    default: administrator
  password:
    description:
      - The first user's password. It is used for a new database, and never changed by a later run.
      - Left out, RDS makes one, keeps it in Secrets Manager and rotates it. RDS makes no replicas of such a database
        (Aurora does) and no blue/green deployment.
    type: str
  port:
    description: The port. Left out, the engine's own.
    type: int
  multi_az:
    description: Whether a standby in another zone takes over when the primary fails. Aurora's replicas do that.
    type: bool
    default: true
  replicas:
    description:
      - Copies to read from, named C(<stack>-replica-1) and so on; of Aurora, more instances of its cluster.
      - Those in other regions are named C(<stack>-<the stack's region>-replica-1) and so on, counted in each region.
        What they stand on there is your own. The database's major version is not upgraded in place while there are any.
        M(seamless.delivery.aws_database_switch), run in their region, makes a database of one.
    type: list
    elements: dict
    default: []
    suboptions:
      zone:
        description: The zone that it is in. Left out, AWS's choice.
        type: str
      instance_class:
        description: Its class. Left out, that of the database.
        type: str
      region:
        description: The region that it is in. Left out, the stack's own. Not for Aurora.
        type: str
      subnets:
        description: The ids of your subnets in O(replicas[].region), of which a DB subnet group is made.
        type: list
        elements: str
      subnet_group:
        description: The name of your own DB subnet group in O(replicas[].region), instead of O(replicas[].subnets).
        type: str
      security_groups:
        description: The ids of your own security groups in O(replicas[].region). Required there.
        type: list
        elements: str
      kms_key:
        description: The ARN of a key in O(replicas[].region) that its data is encrypted with. Required there.
        type: str
      parameter_group:
        description: The name of your own parameter group in O(replicas[].region). Left out, the engine's default.
        type: str
  subnets:
    description: The ids of your own subnets, in two zones at least. Left out, the stack's private ones.
    type: list
    elements: str
  subnet_group:
    description: The name of your own DB subnet group, instead of O(subnets).
    type: str
  security_groups:
    description: The ids of your own security groups. Left out, the stack's group C(database).
    type: list
    elements: str
  parameters:
    description:
      - Parameters of the engine by name. Those that the engine reads only when it starts wait for a reboot, which no
        run of this module makes.
    type: dict
    default: {}
  parameter_group:
    description: The name of your own parameter group (of Aurora, cluster parameter group), instead of O(parameters).
    type: str
  kms_key:
    description: The ARN of the key that the data is encrypted with. Left out, AWS's own. Data is always encrypted.
    type: str
  backup:
    description: Automated backups.
    type: dict
    suboptions:
      retention:
        description: Days for which they are kept; 0 for none.
        type: int
        default: 7
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
  major_upgrade:
    description: Consents to an upgrade of the major version in place. Needs O(apply_immediately).
    type: bool
    default: false
  apply_immediately:
    description:
      - Whether changes are made at once, and waited for, even where that interrupts. Otherwise they wait for the
        maintenance window, and count as made.
    type: bool
    default: false
  performance_insights:
    description: Days for which Performance Insights are kept (7, 731 or months of 31 days); 0 for none.
    type: int
    default: 0
  monitoring:
    description: Enhanced monitoring. Left out, there is none.
    type: dict
    suboptions:
      interval:
        description: Seconds between two measurements.
        type: int
        default: 60
      role:
        description: The ARN of the role by which RDS writes them to CloudWatch.
        type: str
        required: true
  iam_auth:
    description: Whether roles of IAM can log in.
    type: bool
    default: false
  logs:
    description: The engine's logs that go to CloudWatch, such as C(postgresql) and C(upgrade).
    type: list
    elements: str
    default: []
  final_snapshot:
    description: Whether a snapshot is left behind when the database is removed.
    type: bool
    default: true
"""
