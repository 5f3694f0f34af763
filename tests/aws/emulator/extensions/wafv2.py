# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS WAF: what moto lacks of it, and what moto does otherwise."""

from __future__ import annotations

import json
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.wafv2 import models
from moto.wafv2.exceptions import WAFv2ClientError
from moto.wafv2.models import WAFV2Backend
from moto.wafv2.responses import WAFV2Response

# -- what moto lacks -------------------------------------------------------------------------


def _list_resources_for_web_acl(self: WAFV2Response) -> TYPE_RESPONSE:
    """https://docs.aws.amazon.com/waf/latest/APIReference/API_ListResourcesForWebACL.html"""
    acl = self.wafv2_backend.get_web_acl(json.loads(self.body)["WebACLArn"], None, None)
    return 200, {}, json.dumps({"ResourceArns": acl.associated_resources})


WAFV2Response.list_resources_for_web_acl = _list_resources_for_web_acl  # type: ignore[attr-defined]

# -- what is in use stays --------------------------------------------------------------------
# https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteWebACL.html and API_DeleteIPSet.html


def _associated() -> WAFv2ClientError:
    return WAFv2ClientError("WAFAssociatedItemException", "AWS WAF couldn't delete it, because it is used elsewhere.")


_delete_web_acl, _delete_ip_set = WAFV2Backend.delete_web_acl, WAFV2Backend.delete_ip_set


def _delete_unused_web_acl(self: WAFV2Backend, name: str, scope: str, _id: str, lock_token: str) -> None:
    if self.get_web_acl(None, name, _id).associated_resources:
        raise _associated()
    _delete_web_acl(self, name, scope, _id, lock_token)


def _delete_unused_ip_set(self: WAFV2Backend, name: str, scope: str, _id: str, lock_token: str) -> None:
    arn = self.get_ip_set(name, scope, _id).arn
    if any(arn in json.dumps(rule.statement) for acl in self.wacls.values() for rule in acl.rules):
        raise _associated()
    _delete_ip_set(self, name, scope, _id, lock_token)


WAFV2Backend.delete_web_acl = _delete_unused_web_acl  # type: ignore[method-assign]
WAFV2Backend.delete_ip_set = _delete_unused_ip_set  # type: ignore[method-assign]

# -- other corrections -----------------------------------------------------------------------


def _duplicate() -> WAFv2ClientError:
    """moto gives this error another code: https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html"""
    return WAFv2ClientError("WAFDuplicateItemException", "AWS WAF found another resource of this name.")


models.WAFV2DuplicateItemException = _duplicate  # type: ignore[misc, assignment]

_create_ip_set, _update_web_acl = WAFV2Backend.create_ip_set, WAFV2Backend.update_web_acl


def _create_one_ip_set(self: WAFV2Backend, name: str, scope: str, *more: Any, **rest: Any) -> Any:
    """A name is used once: https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html"""
    if any((one.name, one.scope) == (name, scope) for one in self.ip_sets.values()):
        raise _duplicate()
    return _create_ip_set(self, name, scope, *more, **rest)


def _update_to_no_rules(self: WAFV2Backend, name: str, its_id: str, *more: Any) -> str:
    """What is not given is not kept: https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateWebACL.html"""
    token = _update_web_acl(self, name, its_id, *more)
    if not more[1]:
        self.get_web_acl(None, name, its_id).rules = []
    return token


WAFV2Backend.create_ip_set = _create_one_ip_set  # type: ignore[method-assign]
WAFV2Backend.update_web_acl = _update_to_no_rules  # type: ignore[method-assign]
