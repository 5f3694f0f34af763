# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator that the tests share, empty at the start of each."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

_AnsibleCollectionFinder(paths=[str(Path(__file__).resolve().parents[2] / ".collections")])._install()
sys.path.insert(0, str(Path(__file__).parent))

from harness import Emulator, running

_UTILS = "ansible_collections.seamless.delivery.plugins.module_utils"


@pytest.fixture(scope="session")
def one_emulator() -> Iterator[Emulator]:
    """The process; starting it takes longer than a test."""
    with running() as emulator:
        yield emulator
        if kept := os.environ.get("SEAMLESS_AWS_CALLS"):  # for tools/aws_policy.py
            Path(kept).mkdir(parents=True, exist_ok=True)
            worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
            (Path(kept) / f"{worker}.json").write_text(json.dumps(emulator.seen()), encoding="utf-8")


@pytest.fixture
def emulator(one_emulator: Emulator) -> Emulator:
    """The emulator, emptied."""
    one_emulator.reset()
    return one_emulator


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Capacity is looked at several times a second: the emulator's instances boot between two looks."""
    for name in ("autoscaling_group", "instance_refresh", "target_health"):
        monkeypatch.setattr(f"{_UTILS}.releases.{name}._PAUSE", 0.2)


@pytest.fixture(params=["dynamodb", "s3"])
def ledger_options(
    request: pytest.FixtureRequest, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """What a service declares as its ledger; the table or the bucket is there."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.connection["access_key"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.connection["secret_key"])
    emulator.must("aws_ledger", {"stack": "shop", "type": request.param, "name": "shop-ledger"})
    place = {"dynamodb": "table", "s3": "bucket"}[request.param]
    return {"type": request.param, place: "shop-ledger", "region": "us-east-1", "endpoint_url": emulator.url}


@pytest.fixture
def opened(ledger_options: dict[str, Any]) -> Callable[..., Any]:
    """A ledger; call it again for what another process would see."""

    def opened(service: str = "storefront", now: Callable[[], float] = time.time, **other: Any) -> Any:
        given = {"prefix": "seamless/", "profile": None, **ledger_options, **other}
        stores = importlib.import_module(f"{_UTILS}.ledgers.stores")
        return stores.open_ledger({"service": service, "ledger": given}, now)

    return opened
