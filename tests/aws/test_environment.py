# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The check before every play: asks AWS once who the caller is, writes nothing, and refuses what is not as declared."""

from __future__ import annotations

import pytest
from harness import Emulator

HERE = {"account": "123456789012", "region": "us-east-1"}


def test_the_declared_environment_costs_one_call(emulator: Emulator) -> None:
    before = len(emulator.calls())
    found, written = emulator.counting(lambda: emulator.must("aws_environment", {"environment": HERE}))
    assert (found["changed"], found["account"], found["region"]) == (False, "123456789012", "us-east-1")
    assert (emulator.operations(before), written) == (["GetCallerIdentity"], [])
    emulator.must("aws_environment", {"environment": HERE})
    assert emulator.operations(before) == ["GetCallerIdentity"] * 2, "the same question twice is two calls"


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"account": "111122223333"}, "expected credentials of the account 111122223333"),
        ({"region": "eu-west-1"}, "expected the region eu-west-1, but found us-east-1"),
        ({"production": True}, "expected a gate of the type approval"),
    ],
)
def test_another_one_is_refused(emulator: Emulator, changes: dict[str, object], told: str, check: bool) -> None:
    found = emulator.run_module("aws_environment", {"environment": {**HERE, **changes}}, check)
    assert found["failed"] is True
    assert told in found["msg"]
    assert len(found["problems"]) == 1


def test_no_region_is_told_as_another_one_is(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "EC2_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    found = emulator.run_module("aws_environment", {"environment": HERE, "region": None})
    assert found["failed"] is True
    assert "expected the region us-east-1, but found none" in found["msg"]


def test_without_credentials_it_says_what_it_wanted(emulator: Emulator) -> None:
    emulator.trouble(failing=[{"operation": "GetCallerIdentity", "code": "AccessDenied", "status": 403, "times": 1}])
    found = emulator.run_module("aws_environment", {"environment": HERE})
    assert found["failed"] is True
    assert "expected to be told by AWS who the caller is" in found["msg"]
