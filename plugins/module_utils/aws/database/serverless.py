# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Aurora Serverless v2: a range of capacity for a cluster, within which each instance of one class grows and shrinks.

Capacity is counted in ACUs of about 2 GiB of memory. Source:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.requirements.html and, for pauses,
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..engines import parts

#: The class of the instances whose capacity changes by itself.
CLASS = "db.serverless"

#: The options of ``serverless``.
OPTIONS: dict[str, dict[str, Any]] = {
    "min": {"type": "float", "required": True},
    "max": {"type": "float", "required": True},
    "pause_after": {"type": "int"},
}

_MOST = 256
_PAUSES = (300, 86400)
# The first version of each major one that pauses.
_FIRST_TO_PAUSE = {13: 15, 14: 12, 15: 7, 16: 3}
_MYSQL = re.compile(r"\d+\.\d+\.mysql_aurora\.(\d+)\.(\d+)")
_MYSQL_PAUSES = (3, 8)


def usual_class(declared: Mapping[str, Any]) -> str | None:
    """The class of instances for which the declaration has no other; None where it lacks one."""
    return declared["instance_class"] or (CLASS if declared["serverless"] else None)


def in_words(declared: Mapping[str, Any]) -> dict[str, Any]:
    """The property of a cluster, where capacity is declared. A cluster keeps the range that it was given last."""
    given = declared["serverless"]
    return {"serverless": {key: value for key, value in given.items() if value is not None}} if given else {}


def found_in_words(described: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a cluster as RDS describes it (``ServerlessV2ScalingConfiguration``)."""
    names = {"min": "MinCapacity", "max": "MaxCapacity", "pause_after": "SecondsUntilAutoPause"}
    return {key: described[name] for key, name in names.items() if name in described}


def configuration(words: Mapping[str, Any]) -> dict[str, Any]:
    """The parameter of RDS's calls."""
    pause = {"SecondsUntilAutoPause": words["pause_after"]} if "pause_after" in words else {}
    return {"ServerlessV2ScalingConfiguration": {"MinCapacity": words["min"], "MaxCapacity": words["max"], **pause}}


def check(declared: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a declaration."""
    given, engine = declared["serverless"], declared["engine"]
    classes = [declared["instance_class"], *(one.get("instance_class") for one in declared["replicas"])]
    if not given:
        if CLASS in classes:
            yield f"serverless: expected the range of capacity with the class {CLASS}, but found none"
        return
    if not engine.startswith("aurora-"):
        yield f"serverless: expected an engine that has it (aurora-postgresql, aurora-mysql), but found {engine}"
        return
    least, most, pause = given["min"], given["max"], given["pause_after"]
    if not (0 <= least <= most and 1 <= most <= _MOST) or any(one * 2 % 1 for one in (least, most)):
        yield (
            f"serverless: expected min and max in steps of 0.5, max from 1 to {_MOST} and min no more than that, but"
            f" found {least:g} and {most:g}"
        )
    if least == 0 and (first := _too_old_to_pause(engine, declared["version"])):
        yield f"serverless.min: expected 0.5 or more, for of {engine} only {first} and later pause"
    if pause is not None and (least or not _PAUSES[0] <= pause <= _PAUSES[1]):
        yield (
            f"serverless.pause_after: expected {_PAUSES[0]} to {_PAUSES[1]} s and a min of 0, but found {pause} s and a"
            f" min of {least:g}"
        )


def _too_old_to_pause(engine: str, version: str) -> str:
    """The version from which on an *engine* pauses, where the one declared is older; a version left to AWS is not."""
    if engine == "aurora-mysql":
        told = _MYSQL.match(version)
        old = told and tuple(map(int, told.groups())) < _MYSQL_PAUSES
        return "version {}.{:02}".format(*_MYSQL_PAUSES) if old else ""
    major, *minor = parts(version)
    first = _FIRST_TO_PAUSE.get(major, 0)
    if major < min(_FIRST_TO_PAUSE):
        return f"version {min(_FIRST_TO_PAUSE)}.{_FIRST_TO_PAUSE[min(_FIRST_TO_PAUSE)]}"
    return f"version {major}.{first}" if minor and minor[0] < first else ""
