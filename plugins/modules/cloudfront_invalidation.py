# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudfront_invalidation
short_description: Make CloudFront fetch paths, or what has a tag, anew
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Invalidates paths of a distribution, or objects by their cache tags, as at the cutover to a release whose pages
    have no version in their names.
  - Paths that others of the list cover are left out, for AWS counts and charges each.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    description: Says whether an invalidation would be made.
  diff_mode:
    support: none
    description: There is nothing to compare.
  idempotent:
    support: partial
    description:
      - With O(since) or O(reference) a second run finds the first one's invalidation. Without them each run makes
        another one.
requirements:
  - boto3
  - the collection amazon.aws
options:
  distribution:
    description: The id of the distribution.
    type: str
    required: true
  paths:
    description:
      - What is fetched anew. C(*) at the end stands for all that begins like this.
      - At most 3000 paths and tags, and 15 paths with C(*), which is what AWS allows at a time.
    type: list
    elements: str
  tags:
    description:
      - Cache tags, in upper or lower case alike. Every object is fetched anew that came with one of them, in the header
        that the distribution's O(seamless.delivery.aws_cdn#module:cache_tag_header) names.
      - AWS counts and charges each as a path.
    type: list
    elements: str
  since:
    description:
      - The moment of the cutover, in seconds since the epoch (RV(seamless.delivery.alb_split#module:answered_at)). An
        invalidation that was made since then and covers the paths is used, and no other is made.
      - One from before will not do, because CloudFront may have fetched the old release's page after it.
      - With O(reference), from when on it is looked for; left out, among all that AWS lists, with a call for each.
      - Without O(since) and O(reference) another one is made in any case.
    type: float
  reference:
    description:
      - A name of this invalidation among all of the distribution, as C(rollout id-shift), so that it is made once,
        however often a run goes on. One of the same name with other paths or tags is refused by AWS.
    type: str
  wait:
    description: Return when all of CloudFront's places have been told, which takes a minute or two.
    type: bool
    default: false
  timeout:
    description: Seconds to wait at most, for the invalidation and for its turn where too many are in progress.
    type: int
    default: 900
"""

EXAMPLES = r"""
- name: Pages of the new release from now on, wherever viewers are
  seamless.delivery.cloudfront_invalidation:
    distribution: EDFDVBD6EXAMPLE
    paths: [/, "/news/*"]
    since: "{{ split.answered_at }}"
    wait: true

- name: Whatever shows the catalog, wherever its pages are
  seamless.delivery.cloudfront_invalidation:
    distribution: EDFDVBD6EXAMPLE
    tags: ["catalog"]
    reference: catalog-2026-11
"""

RETURN = r"""
invalidation:
  description: The id of the invalidation; V(null) in check mode where one would be made.
  returned: success
  type: str
paths:
  description: What it covers; a tag begins with C(#).
  returned: success
  type: list
  elements: str
status:
  description: Whether it is V(InProgress) or V(Completed); V(null) in check mode where one would be made.
  returned: success
  type: str
created_at:
  description: When it was made, in seconds since the epoch by AWS's clock.
  returned: when there is one
  type: float
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.invalidation import Invalidations, coalesced
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import connection
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws


def invalidate(module: AnsibleAWSModule) -> dict[str, Any]:
    params, timeout, reference = module.params, module.params["timeout"], module.params["reference"]
    paths = coalesced(params["paths"] or (), params["tags"] or ())
    invalidations = Invalidations(Aws("", connection(module)), params["distribution"])
    found = None
    if reference is not None:
        found = invalidations.known_as(reference, paths, params["since"] or 0)
    elif params["since"] is not None:
        found = invalidations.covering(paths, params["since"])
    if found is None and params["tags"]:
        invalidations.keep_tags()
    if found is None and module.check_mode:
        return {"changed": True, "invalidation": None, "paths": paths, "status": None}
    one = found or invalidations.create(paths, timeout, reference)
    if params["wait"] and not module.check_mode:
        one = invalidations.wait(one, timeout)
    return {
        "changed": found is None,
        "invalidation": one.id,
        "paths": list(one.paths),
        "status": one.status,
        "created_at": one.created_at,
    }


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "distribution": {"type": "str", "required": True},
            "paths": {"type": "list", "elements": "str"},
            "tags": {"type": "list", "elements": "str"},
            "since": {"type": "float"},
            "reference": {"type": "str"},
            "wait": {"type": "bool", "default": False},
            "timeout": {"type": "int", "default": 900},
        },
        required_one_of=[("paths", "tags")],
        supports_check_mode=True,
    )
    try:
        done = invalidate(module)
    except StackError as error:
        module.fail_json(msg=str(error))
    else:
        module.exit_json(**done)


if __name__ == "__main__":
    main()
