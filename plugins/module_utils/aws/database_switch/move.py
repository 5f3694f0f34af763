# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of moving a database, what it needs beforehand, and what is told of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..resource import StackError
from ..session import Aws
from . import lag

_TARGET = {
    "version": {"type": "str"},
    "instance_class": {"type": "str"},
    "parameter_group": {"type": "str"},
    "cluster_parameter_group": {"type": "str"},
    "storage_type": {"type": "str"},
}

#: The options of ``aws_database_switch``.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "state": {
        "type": "str",
        "choices": ["prepared", "switched", "finished", "retired", "promoted", "failed_over"],
        "required": True,
    },
    "database": {"type": "str", "required": True},
    "name": {"type": "str"},
    "target": {"type": "dict", "options": _TARGET, "default": {}},
    "to": {"type": "str"},
    "max_lag": {"type": "float", "default": 1.0},
    "check_lag": {"type": "bool", "default": True},
    "switchover_timeout": {"type": "int", "default": 300},
    "patience": {"type": "int", "default": 7200},
    "backup_retention": {"type": "int", "default": 7},
    "deletion_protection": {"type": "bool", "default": True},
    "final_snapshot": {"type": "bool", "default": True},
}

#: What takes AWS's own protection from an instance or a cluster that is to be deleted.
UNPROTECTED = {"DeletionProtection": False, "ApplyImmediately": True}


@dataclass
class Told:
    """What a move did: its steps in words, how many seconds each took, and the lag that it was allowed with."""

    changed: bool = False
    steps: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    lag: float | None = None
    found: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, words: str) -> Iterator[None]:
        """A step of the move; the time it takes is kept, also where it fails."""
        self.changed = True
        self.steps.append(words)
        began = time.monotonic()
        try:
            yield
        finally:
            self.timings[name] = round(time.monotonic() - began, 3)

    def as_result(self) -> dict[str, Any]:
        """What a module returns of it."""
        found = {"lag": self.lag, **self.found}
        return {"changed": self.changed, "steps": self.steps, "timings": self.timings, **found}


@dataclass
class Move:
    """One move of a *database*: where, how, and whether it is only asked what it would do."""

    aws: Aws
    params: Mapping[str, Any]
    dry_run: bool
    told: Told = field(default_factory=Told)

    @property
    def database(self) -> str:
        """The identifier of what is moved."""
        return str(self.params["database"])

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        """One call to RDS."""
        return self.aws.call("rds", operation, *absent, **parameters)

    def do(self, name: str, words: str, act: Callable[[], Any]) -> None:
        """A step, unless this is only asked what it would do."""
        if self.dry_run:
            self.told.changed = True
            self.told.steps.append(words)
            return
        with self.told.step(name, words):
            act()

    def near(self, what: str, metric: lag.Metric) -> None:
        """Raises StackError where a copy is too far behind, or nobody knows how far."""
        if not self.params["check_lag"]:
            return
        points = lag.read(self.aws, metric)
        self.told.lag = points[0].seconds if points else None
        if why := lag.refused(points, self.params["max_lag"]):
            raise StackError(f"nothing was moved, for {what} is not fit: {why}")

    def instance(self, name: str) -> dict[str, Any]:
        """An instance as RDS describes it; {} where there is none."""
        asked = {"DBInstanceIdentifier": name}
        found = self.call("describe_db_instances", "DBInstanceNotFound", **asked).get("DBInstances", [])
        return found[0] if found else {}

    def cluster(self, name: str) -> dict[str, Any]:
        """A cluster as RDS describes it; {} where there is none."""
        asked = {"DBClusterIdentifier": name}
        found = self.call("describe_db_clusters", "DBClusterNotFoundFault", **asked).get("DBClusters", [])
        return found[0] if found else {}
