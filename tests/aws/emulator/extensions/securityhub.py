# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS Security Hub: its tags, and the standards that it checks, which moto lacks.

https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchEnableStandards.html
https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetEnabledStandards.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.securityhub.models import SecurityHubBackend
from moto.securityhub.responses import SecurityHubResponse
from moto.securityhub.urls import url_paths

_moto_disable = SecurityHubBackend.disable_security_hub


def _kept(backend: SecurityHubBackend) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = vars(backend).setdefault("standards", {})
    return kept


def _disable(self: SecurityHubBackend) -> dict[str, Any]:
    answer = _moto_disable(self)
    self.tags = {}
    _kept(self).clear()
    return answer


def _tags(self: SecurityHubResponse) -> ActionResult:
    return ActionResult({"Tags": self.securityhub_backend.tags})


def _register(self: SecurityHubResponse) -> ActionResult:
    backend = self.securityhub_backend
    made = []
    for one in self._get_param("StandardsSubscriptionRequests"):
        name = one["StandardsArn"].partition("standards/")[2]
        arn = f"arn:aws:securityhub:{backend.region_name}:{backend.account_id}:subscription/{name}"
        words = {"StandardsSubscriptionArn": arn, "StandardsInput": {}, "StandardsStatus": "READY"}
        _kept(backend)[arn] = {**words, "StandardsArn": one["StandardsArn"]}
        made.append(_kept(backend)[arn])
    return ActionResult({"StandardsSubscriptions": made})


def _deregister(self: SecurityHubResponse) -> ActionResult:
    gone = [_kept(self.securityhub_backend).pop(arn) for arn in self._get_param("StandardsSubscriptionArns")]
    return ActionResult({"StandardsSubscriptions": [{**one, "StandardsStatus": "DELETING"} for one in gone]})


def _enabled(self: SecurityHubResponse) -> ActionResult:
    return ActionResult({"StandardsSubscriptions": list(_kept(self.securityhub_backend).values())})


SecurityHubBackend.disable_security_hub = _disable
SecurityHubResponse.list_tags_for_resource = _tags
SecurityHubResponse.batch_enable_standards = _register
SecurityHubResponse.batch_disable_standards = _deregister
SecurityHubResponse.get_enabled_standards = _enabled
for path in ("tags/(?P<arn>.+)$", "standards/get$", "standards/register$", "standards/deregister$"):
    url_paths["{0}/" + path] = SecurityHubResponse.dispatch
