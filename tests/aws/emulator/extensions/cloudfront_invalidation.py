# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalidations that take their time, have one reference each, and are by path or by tag.

moto's are completed at once, are doubled by a call that is repeated, and may begin with anything.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import CloudFrontBackend

_create, _get = CloudFrontBackend.create_invalidation, CloudFrontBackend.get_invalidation


def _invalidated(self: CloudFrontBackend, dist_id: str, paths: list[str], caller_ref: str) -> Any:
    """In progress at first, and the newest listed first.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Invalidation.html
    One reference is one invalidation, and none of other paths:
    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_InvalidationBatch.html
    A path begins with a slash, and a tag with '#':
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html
    """
    if not all(path.startswith(("/", "#")) for path in paths):
        raise CloudFrontException("InvalidArgument", "Your request contains one or more invalid invalidation paths.")
    for one in self.invalidations.get(dist_id, ()):
        if one.caller_ref == caller_ref and one.paths != paths:
            raise CloudFrontException("InvalidationBatchAlreadyExists", "The invalidation batch specified exists.")
        if one.caller_ref == caller_ref:
            return one
    made = _create(self, dist_id, paths, caller_ref)
    made.status = "InProgress"
    self.invalidations[dist_id].insert(0, self.invalidations[dist_id].pop())
    return made


def _seen(self: CloudFrontBackend, dist_id: str, id: str) -> Any:  # noqa: A002
    """Completed (and not COMPLETED) as soon as somebody has seen that it is not."""
    found = _get(self, dist_id, id)
    seen = copy.copy(found)
    found.status = "Completed"
    return seen


CloudFrontBackend.create_invalidation = _invalidated  # type: ignore[method-assign]
CloudFrontBackend.get_invalidation = _seen  # type: ignore[method-assign]
