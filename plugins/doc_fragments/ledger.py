# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options and attributes that all modules of the ledger have."""

    DOCUMENTATION = r"""
options:
  service:
    description: The name of the service.
    type: str
    required: true
  ledger:
    description: Where journal and lease are kept, as the service declares it (C(service.ledger)).
    type: dict
    suboptions:
      type:
        description:
          - The store that holds the ledger.
          - With V(file), run the module on the host that keeps the files. With V(dynamodb) and V(s3), run it anywhere
            that reaches AWS, usually on the controller; boto3 is needed there.
        type: str
        choices: [file, dynamodb, s3]
        default: file
      host:
        description: The host that keeps the files. Not used here; a playbook delegates to it.
        type: str
      path:
        description: The folder of the ledger; each service has a folder of its own in it. For V(file).
        type: path
        default: /var/lib/seamless/ledger
      table:
        description: The table, as M(seamless.delivery.aws_ledger) makes it. Required for V(dynamodb).
        type: str
      bucket:
        description: The bucket, as M(seamless.delivery.aws_ledger) makes it. Required for V(s3).
        type: str
      prefix:
        description: What the keys of the ledger's objects begin with. For V(s3).
        type: str
        default: seamless/
      region:
        description: The region of the table or the bucket. Required for both.
        type: str
      profile:
        description: The profile whose credentials are used; left out, boto3 finds them in the environment.
        type: str
      endpoint_url:
        description: Another address of the API than AWS's own in that region.
        type: str
notes:
  - In a playbook, run these modules on the ledger's host (C(delegate_to)). When that host cannot be reached the task
    fails, so that a C(rescue) sees it, rather than dropping the host from the play.
"""
