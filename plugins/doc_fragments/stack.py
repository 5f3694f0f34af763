# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options and attributes that every module of a stack has."""

    DOCUMENTATION = r"""
options:
  stack:
    description:
      - The name of the stack that the resources belong to; their names begin with it.
      - At most 26 small letters, digits and single hyphens, beginning with a letter.
    type: str
    required: true
  state:
    description:
      - With V(present) exactly what is declared is there. What an earlier declaration had and this one has not is
        removed.
      - With V(absent) all of it is removed.
      - What does not carry the stack's tag C(seamless:stack) is never touched.
    type: str
    choices: [present, absent]
    default: present
  tags:
    description:
      - Tags of each resource that is made, besides its name and the stack's.
      - Numbers become text. Keys that begin with C(aws:) or C(seamless:), and C(Name), are taken.
    type: dict
    default: {}
  deletion_protection:
    description:
      - While this is true, a run that would remove or replace what holds data or traffic fails before it changes
        anything, and AWS's own protection is on where there is one.
    type: bool
    default: true
  lock:
    description:
      - Where to lock the stack while it is written to, so that of two runs at once one goes on and the other one fails
        and says who is at work. Left out, there is no lock.
      - Where the table is the stack's own ledger and is not there yet, the run makes it first, without a lock, for
        nobody can hold one there; of two such runs AWS lets one make it, and the other one fails.
    type: dict
    suboptions:
      table:
        description: A DynamoDB table, as M(seamless.delivery.aws_ledger) makes it. One table does for many stacks.
        type: str
        required: true
      takeover:
        description:
          - A reason for taking the lock from a run that is known to be wrong. Within ten seconds that one begins no
            other step, and fails.
        type: str
attributes:
  check_mode:
    description: Reads, plans, and returns the plan and the diff that the real run would make.
    support: full
  diff_mode:
    description: Shows each resource that changes, before and after, in the words of its declaration.
    support: full
  idempotent:
    description: A second run makes no write at all. A run that was interrupted is gone on with by the next one.
    support: full
requirements:
  - boto3
  - the collection amazon.aws
"""
