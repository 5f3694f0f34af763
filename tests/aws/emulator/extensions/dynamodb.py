# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DynamoDB beyond moto."""

from __future__ import annotations

from typing import Any

from moto.dynamodb.responses import DynamoHandler

_update_table = DynamoHandler.update_table


def _updated(self: Any) -> Any:
    """moto leaves a table's encryption as it was; AWS takes SSESpecification here as well.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
    """
    if (encryption := self.body.get("SSESpecification")) is not None:
        self.dynamodb_backend.get_table(self.body["TableName"]).sse_specification = encryption
    return _update_table(self)


DynamoHandler.update_table = _updated
