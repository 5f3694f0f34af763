# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EventBridge Scheduler: one-time schedules with a universal target happen, and are then deleted where they say so.

moto keeps schedules and never acts on them. AWS acts within 60 seconds of the time; here it is at the time itself:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore import xform_name
from moto.scheduler.models import EventBridgeSchedulerBackend

_SERVICES = {"elasticloadbalancingv2": "elbv2"}
_create = EventBridgeSchedulerBackend.create_schedule
_update = EventBridgeSchedulerBackend.update_schedule


def _act(backend: EventBridgeSchedulerBackend, group: str, name: str, expression: str) -> None:
    try:
        schedule = backend.get_schedule(group, name)
    except Exception:  # noqa: BLE001 -- it was deleted meanwhile
        return
    if schedule.schedule_expression != expression:
        return
    service, operation = schedule.target["Arn"].split(":aws-sdk:")[1].split(":")
    client = boto3.client(
        _SERVICES[service],
        region_name=backend.region_name,
        endpoint_url=os.environ["EMULATOR_URL"],
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )
    getattr(client, xform_name(operation[0].upper() + operation[1:]))(**json.loads(schedule.target["Input"]))
    if schedule.action_after_completion == "DELETE":
        backend.delete_schedule(group, name)


def _timed(backend: EventBridgeSchedulerBackend, group: str, name: str) -> None:
    expression = backend.get_schedule(group, name).schedule_expression
    if once := re.fullmatch(r"at\((.+)\)", expression):
        due = datetime.fromisoformat(once.group(1)).replace(tzinfo=UTC).timestamp()
        timer = threading.Timer(max(0.0, due - time.time()), _act, (backend, group, name, expression))
        timer.daemon = True
        timer.start()


def _created(self: EventBridgeSchedulerBackend, **schedule: Any) -> Any:
    made = _create(self, **schedule)
    _timed(self, schedule["group_name"] or "default", schedule["name"])
    return made


def _updated(self: EventBridgeSchedulerBackend, **schedule: Any) -> Any:
    changed = _update(self, **schedule)
    _timed(self, schedule["group_name"] or "default", schedule["name"])
    return changed


EventBridgeSchedulerBackend.create_schedule = _created
EventBridgeSchedulerBackend.update_schedule = _updated
