# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_database_switch
short_description: Moves a database on AWS to a copy of it
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Upgrades and moves of a database that interrupt it for seconds instead of minutes; with RDS's blue/green
    deployments, by promoting a read replica, or by failing an Aurora cluster over.
  - Nothing is moved to a copy that is behind, that does not replicate, or of which nobody knows how far it is behind.
  - Each step is a state of its own, so that the copy can be tried in between. A step that is done already is unchanged,
    and one that an interrupted run began is waited for.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  state:
    description:
      - With V(prepared) a green side of the database is there, differs by O(target), and follows it.
      - With V(switched) the green side has taken the database's name and endpoint; the old database is kept under the
        name that RDS gives it, and no longer follows.
      - With V(finished) the deployment is gone, with a green side that was not switched to. The old database is kept.
      - With V(retired) the old database O(database), as C(shop-old1), is deleted. The one that took its place has to be
        available, and nothing may follow it.
      - With V(promoted) the read replica O(database) is a database of its own. One in another region than its source is
        promoted with its own O(region), whose CloudWatch knows how far it is behind.
      - With V(failed_over) the instance O(to) of the Aurora cluster O(database) is the one that writes.
    type: str
    choices: [prepared, switched, finished, retired, promoted, failed_over]
    required: true
  database:
    description:
      - The identifier of the instance or cluster; with O(state=promoted), of the replica; with O(state=retired), of the
        old database (RV(old)).
    type: str
    required: true
  name:
    description: The name of the blue/green deployment. Left out, that of the database with C(-next).
    type: str
  target:
    description:
      - What the green side differs by. Required with O(state=prepared) and O(state=switched); a database that is like
        this without a deployment has been moved already.
      - The parameter group of another major version has to be there; C(also_versions) of
        M(seamless.delivery.aws_database) makes it.
    type: dict
    default: {}
    suboptions:
      version:
        description: The engine's version.
        type: str
      instance_class:
        description: The class of the instance.
        type: str
      parameter_group:
        description: The parameter group.
        type: str
      cluster_parameter_group:
        description: Aurora's cluster parameter group.
        type: str
      storage_type:
        description: The type of the volume.
        type: str
  to:
    description: The instance that is to write. Required with O(state=failed_over).
    type: str
  max_lag:
    description: Seconds that the copy may have been behind in the last three minutes.
    type: float
    default: 1.0
  check_lag:
    description:
      - Whether CloudWatch is asked how far the copy is behind. Without that, RDS alone refuses what it cannot catch up
        with; needed where the source is lost, and for a green side whose lag is not measured, as that of Aurora
        PostgreSQL, or of PostgreSQL that replicates logically for a major upgrade.
    type: bool
    default: true
  switchover_timeout:
    description: Seconds after which RDS goes back to the old database, where the switchover has not come to its end.
    type: int
    default: 300
  patience:
    description: Seconds for which each step is waited for.
    type: int
    default: 7200
  backup_retention:
    description: Days for which a promoted replica keeps backups.
    type: int
    default: 7
  deletion_protection:
    description: Whether O(state=retired) is refused. Set it to V(false) for the run that is to delete the old database.
    type: bool
    default: true
  final_snapshot:
    description: Whether O(state=retired) leaves a snapshot of the old database. A replica has none.
    type: bool
    default: true
attributes:
  check_mode:
    description: Checks whether the copy is fit, and returns the steps that would be made.
    support: full
  diff_mode:
    description: The steps say what is done.
    support: none
  idempotent:
    description: A state that is reached already is unchanged.
    support: full
requirements:
  - boto3
  - the collection amazon.aws
seealso:
  - module: seamless.delivery.aws_database
"""

EXAMPLES = r"""
- name: Make a copy with the new version beside the database
  seamless.delivery.aws_database_switch:
    state: prepared
    database: shop
    target: &target
      version: "17.2"
      parameter_group: shop-postgres17

- name: Switch over
  seamless.delivery.aws_database_switch:
    state: switched
    database: shop
    target: *target

- name: Go on in another region, where the one of the database is lost
  seamless.delivery.aws_database_switch:
    state: promoted
    database: shop-eu-central-1-replica-1
    region: eu-west-1
    check_lag: false

- name: Remove the deployment, and keep the old database
  seamless.delivery.aws_database_switch:
    state: finished
    database: shop

- name: Delete the old database, weeks later; a snapshot of it stays
  seamless.delivery.aws_database_switch:
    state: retired
    database: shop-old1
    deletion_protection: false
"""

RETURN = r"""
steps:
  description: What was done, or would be.
  returned: success
  type: list
  elements: str
  sample: ["switch shop over to its green side"]
timings:
  description: The seconds that each step took.
  returned: success
  type: dict
  sample: {"switchover": 34.218}
lag:
  description: The seconds that the copy was behind in the last minute that CloudWatch has.
  returned: success
  type: float
status:
  description: The deployment's status.
  returned: with a deployment
  type: str
blue:
  description: The identifier of the old database.
  returned: with a deployment
  type: str
green:
  description: The identifier of the new one; after the switchover, the database's own.
  returned: with a deployment
  type: str
old:
  description: The identifier of the old database, which is kept.
  returned: with O(state=finished)
  type: str
endpoint:
  description: Where the database is reached.
  returned: with O(state=promoted) and O(state=failed_over)
  type: str
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.aws.database_switch import blue_green, copies, old
from ansible_collections.seamless.delivery.plugins.module_utils.aws.database_switch.move import ARGUMENTS, Move
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import connection
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws

_STATES = {
    "prepared": blue_green.prepared,
    "switched": blue_green.switched,
    "finished": blue_green.finished,
    "retired": old.retired,
    "promoted": copies.promoted,
    "failed_over": copies.failed_over,
}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS, supports_check_mode=True, required_if=[("state", "failed_over", ["to"])]
    )
    params = module.params
    move = Move(Aws("", connection(module)), params, module.check_mode)
    try:
        _STATES[params["state"]](move)
    except StackError as error:
        module.fail_json(msg=f"database {params['database']}: {error}", **move.told.as_result())
    module.exit_json(**move.told.as_result())


if __name__ == "__main__":
    main()
