# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A content delivery network as AWS tells of it: its lists, and a distribution's configuration."""

from __future__ import annotations

from datetime import UTC, datetime

from a_vendor import gives, refuses
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn import declared as declaration
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.declared import DISTRIBUTION
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.distribution import configured
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.options import ARGUMENTS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.plan import resolve
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import STACK_TAG, Address, Wanted

SHOP = Address(DISTRIBUTION, "shop")
MARK = f"{STACK_TAG}=shop"
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
SITE = {"origins": [{"name": "app", "domain": "app.example.com", "path": "/{color}"}]}
E1, E2 = ({"id": one, "arn": f"arn:aws:cloudfront::1:{one}", "domain": f"{one}.cloudfront.net"} for one in ("E1", "E2"))


def declared(**options):
    checked = ArgumentSpecValidator(ARGUMENTS).validate({**SITE, **options})
    assert not checked.error_messages
    return checked.validated_parameters


def wanted(address, **options):
    """What is declared, with an id for each resource that it refers to."""
    options = {"continuous_deployment": True, "http_version": "http2", **options}
    those = {one.address: one for one in declaration.wanted("shop", declared(**options), [])}
    ids = {one: {part: f"{part}-of-{one.kind}" for part in ("id", "arn", "domain")} for one in those}
    return Wanted(address, resolve(those[address].properties, {**ids, SHOP: E1}))


def listing(operation, key, *items, more="", **asked):
    """A page of a list; with *more*, another one begins there."""
    page = {"MaxItems": 100, "Quantity": len(items), "Items": list(items), **({"NextMarker": more} if more else {})}
    if operation in ("list_distributions", "list_origin_access_controls", "list_invalidations"):
        page |= {"IsTruncated": bool(more), "Marker": ""}
    return gives("cloudfront", operation, {key: page}, **asked)


def refused(operation, code, message="because", **asked):
    return refuses("cloudfront", operation, code, message, **asked)


def config(color="blue", **more):
    """A distribution's configuration, of which an origin names a *color*."""
    before = {"CallerReference": "1", "Comment": MARK, "Staging": False}
    whole = configured(wanted(SHOP).properties, before)
    whole["Origins"]["Items"][0]["OriginPath"] = f"/{color}"
    return {**whole, **more}


def tells(ids, its, etag="v1"):
    return gives("cloudfront", "get_distribution_config", {"DistributionConfig": its, "ETag": etag}, Id=ids["id"])
