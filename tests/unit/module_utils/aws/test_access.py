# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""boto3 is missed where it is used, and nowhere else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.aws import access
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError

UTILS = "ansible_collections.seamless.delivery.plugins.module_utils"


def test_without_boto3_it_is_said_where_it_belongs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "boto3", None)
    with pytest.raises(StackError, match=f"boto3 is not installed for {sys.executable}"):
        access.access("eu-west-1").call("dynamodb", "describe_table", TableName="x")


def test_a_ledger_in_files_loads_no_boto3() -> None:
    code = f"import sys; import {UTILS}.ledgers.stores; sys.exit('botocore' in sys.modules or 'boto3' in sys.modules)"
    root = access.__file__.partition("/ansible_collections/")[0]
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": root}, check=False).returncode == 0
