# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_backup
short_description: Backups of a stack on AWS, and a test that they can be restored
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - A vault of AWS Backup, a plan by which all that carries the stack's tag is backed up, except instances and their
    volumes, and a test in which backups are restored again and again.
  - The vault tells the stack's alarm topic of backups and copies that failed, and of restores that were made.
  - Removing the vault, which needs O(deletion_protection=false), removes the backups in it.
extends_documentation_fragment:
  - seamless.delivery.stack
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  vault:
    description: The name of your own vault. Left out, the stack has one.
    type: str
  kms_key:
    description: The ARN of the key by which the vault is encrypted. Left out, AWS Backup's own.
    type: str
  vault_lock:
    description: A lock on the vault, so that no backup is kept shorter or longer than this.
    type: dict
    suboptions:
      min_days:
        description: Days for which a backup is kept at least.
        type: int
        required: true
      max_days:
        description: Days for which a backup is kept at most.
        type: int
        required: true
      final_after_days:
        description:
          - Days, 3 at least, after which nobody, AWS included, can lift the lock, nor remove the vault with backups in
            it.
          - Left out, who has the permission can lift it.
        type: int
  role:
    description: The ARN of your own role for AWS Backup. Left out, the stack has one.
    type: str
  topic:
    description: The ARN of your own SNS topic. Left out, the stack's alarm topic, where it has one.
    type: str
  rules:
    description: When backups are made. Required with O(state=present).
    type: list
    elements: dict
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      schedule:
        description: When, as EventBridge writes it.
        type: str
        default: "cron(0 3 * * ? *)"
      timezone:
        description: The time zone of the schedule.
        type: str
        default: Etc/UTC
      start_within:
        description: Minutes after which a backup that has not begun counts as failed; 60 at least.
        type: int
        default: 60
      complete_within:
        description: Minutes after which a backup that has not ended is given up.
        type: int
        default: 480
      keep_days:
        description: Days for which it is kept.
        type: int
        default: 35
      cold_after_days:
        description: Days after which it is moved to cold storage, for another 90 at least; 0 for never.
        type: int
        default: 0
      continuous:
        description: Whether any moment can be gone back to, where the service can do it.
        type: bool
        default: false
      copy_to:
        description: The ARN of a vault, of another region or account, that gets a copy.
        type: str
      copy_keep_days:
        description: Days for which the copy is kept.
        type: int
        default: 35
  restore_test:
    description: That backups are restored on a schedule, for a while, and removed again. Left out, they are not.
    type: dict
    suboptions:
      types:
        description: The sorts of resources, as AWS Backup names them.
        type: list
        elements: str
        choices: [Aurora, DocumentDB, DynamoDB, EFS, FSx, Neptune, RDS, S3]
        default: [RDS]
      schedule:
        description: When, as EventBridge writes it.
        type: str
        default: "cron(0 5 ? * SUN *)"
      timezone:
        description: The time zone of the schedule.
        type: str
        default: Etc/UTC
      start_within_hours:
        description: Hours after which a test that has not begun counts as failed.
        type: int
        default: 4
      choose:
        description: Which backup of a resource is restored.
        type: str
        choices: [latest, random]
        default: latest
      from_last_days:
        description: The backups of how many days it is chosen from.
        type: int
        default: 7
      keep_hours:
        description: Hours that you have to look at what was restored.
        type: int
        default: 1
"""

EXAMPLES = r"""
- name: Daily backups with a copy in another region, and a test every Sunday
  seamless.delivery.aws_backup:
    stack: shop
    vault_lock: {min_days: 7, max_days: 400}
    rules:
      - name: daily
        copy_to: arn:aws:backup:eu-west-1:123456789012:backup-vault:shop
      - {name: monthly, schedule: "cron(0 4 1 * ? *)", keep_days: 365}
    restore_test: {}
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["~ change backup plan shop: rules"]
counts:
  description: How many resources were created, changed, replaced and deleted.
  returned: success
  type: dict
  sample: {"create": 0, "change": 1, "replace": 0, "delete": 0}
resources:
  description: The identifiers of each resource, by its kind and name.
  returned: success
  type: dict
"""

from ansible_collections.seamless.delivery.plugins.module_utils.aws.backup.concern import Backup
from ansible_collections.seamless.delivery.plugins.module_utils.aws.backup.declared import ARGUMENTS, CHECKS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability.concern import TopicBeside


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Backup(aws, params)],
        beside=lambda aws: [TopicBeside(aws)],
        **CHECKS,
    )


if __name__ == "__main__":
    main()
