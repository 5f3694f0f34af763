# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Amazon Inspector: without accounts named, the caller's is meant; what is switched off leaves nothing.

https://docs.aws.amazon.com/inspector/v2/APIReference/API_Enable.html
https://docs.aws.amazon.com/inspector/v2/APIReference/API_BatchGetAccountStatus.html
"""

from __future__ import annotations

from typing import Any

from moto.inspector2.models import Inspector2Backend

_moto_enable = Inspector2Backend.enable
_moto_disable = Inspector2Backend.disable
_moto_status = Inspector2Backend.batch_get_account_status


def _disable(self: Inspector2Backend, account_ids: list[str] | None, resource_types: list[str]) -> Any:
    answer = _moto_disable(self, account_ids or [self.account_id], resource_types)
    for one in [key for key, status in self.account_status.items() if status._status() == "DISABLED"]:
        del self.account_status[one]
    return answer


Inspector2Backend.enable = lambda self, account_ids, resource_types: _moto_enable(
    self, account_ids or [self.account_id], resource_types
)
Inspector2Backend.batch_get_account_status = lambda self, account_ids: _moto_status(
    self, account_ids or [self.account_id]
)
Inspector2Backend.disable = _disable
