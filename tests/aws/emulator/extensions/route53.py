# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route 53: batches are whole, what is deleted is told as it is, changes take a while, and health is looked at."""

from __future__ import annotations

import http.client
import time
import uuid
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.route53.exceptions import InvalidChangeBatch, ResourceRecordAlreadyExists
from moto.route53.models import FakeZone, RecordSet, Route53Backend
from moto.route53.responses import Route53

# Much less than the 60 seconds that AWS usually takes.
_SPREADS = 0.5
_change = Route53Backend.change_resource_record_sets
_answer = Route53.change_resource_record_sets


def _key(record: dict[str, Any]) -> tuple[str, str, str]:
    return record["Name"].strip("."), record["Type"], record.get("SetIdentifier") or ""


def _key_of(record: RecordSet) -> tuple[str, str, str]:
    return record.name.strip("."), str(record.type), record.set_identifier or ""


def _is(there: RecordSet, record: dict[str, Any]) -> bool:
    """Whether the *record* is told as it is *there*."""
    given = [its["Value"] for its in record.get("ResourceRecords", ())]
    told = (given, record.get("TTL"), record.get("Weight"), record.get("HealthCheckId"))
    return told == ([*(there.records or ())], there.ttl, there.weight, there.health_check_id)


def change_resource_record_sets(self: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]) -> None:
    """A batch is carried out as a whole, or not at all where what is to be deleted is not there as it is told.

    What it deletes it may create anew.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    """
    zone = self.get_hosted_zone(zoneid)
    before = zone.rrsets
    left = {_key_of(one): one for one in before}
    others = []
    for one in change_list:
        record = one["ResourceRecordSet"]
        if one["Action"] == "DELETE":
            if _key(record) not in left or not _is(left.pop(_key(record)), record):
                raise InvalidChangeBatch
        elif one["Action"] == "CREATE" and _key(record) in left:
            raise ResourceRecordAlreadyExists(record["Name"], record["Type"])
        else:
            others.append({**one, "Action": "UPSERT"})
    zone.rrsets = list(left.values())
    try:
        _change(self, zoneid, others)
    except Exception:
        zone.rrsets = before
        raise


def answer_change(self: Route53) -> ActionResult:
    """A change is PENDING until all name servers have it; its identifier is its own.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html
    """
    _answer(self)
    its_id = f"/change/{time.time() + _SPREADS:.3f}-{uuid.uuid4().hex[:8]}"
    return ActionResult({"ChangeInfo": {"Id": its_id, "Status": "PENDING", "SubmittedAt": utcnow()}})


def get_change(self: Route53) -> ActionResult:
    """INSYNC in time."""
    its_id = self._get_param("Id").rpartition("/")[2]
    status = "INSYNC" if time.time() > float(its_id.partition("-")[0]) else "PENDING"
    return ActionResult({"ChangeInfo": {"Id": its_id, "Status": status, "SubmittedAt": utcnow()}})


def get_health_check_status(self: Route53) -> ActionResult:
    """What a checker sees: any status from 200 to 399 is well.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
    """
    check = self.backend.get_health_check(self._get_param("HealthCheckId"))
    asked = http.client.HTTPConnection(check.fqdn or check.ip_address, check.port, timeout=2)
    try:
        asked.request("GET", check.resource_path or "/")
        code = asked.getresponse().status
        status = f"{'Success' if 200 <= code < 400 else 'Failure'}: HTTP Status Code {code}"
    except OSError as error:
        status = f"Failure: {error}"
    finally:
        asked.close()
    report = {"Status": status, "CheckedTime": utcnow()}
    seen = {"Region": "us-east-1", "IPAddress": "192.0.2.1", "StatusReport": report}
    return ActionResult({"HealthCheckObservations": [seen]})


def forgetting(delete: Callable[..., Any]) -> Callable[..., Any]:
    """Tags and name servers go with what they belong to."""

    def deleted(self: Route53Backend, one: str) -> Any:
        zone: FakeZone | None = self.zones.get(one.replace("/hostedzone/", ""))
        answer = delete(self, one)
        self.resource_tags.pop(one.replace("/hostedzone/", ""), None)
        if zone is not None:
            servers = zone.delegation_set
            self.delegation_sets = {key: its for key, its in self.delegation_sets.items() if its is not servers}
        return answer

    return deleted


Route53Backend.change_resource_record_sets = change_resource_record_sets
Route53Backend.delete_hosted_zone = forgetting(Route53Backend.delete_hosted_zone)
Route53Backend.delete_health_check = forgetting(Route53Backend.delete_health_check)
Route53.change_resource_record_sets = answer_change
Route53.get_change = get_change
Route53.get_health_check_status = get_health_check_status
