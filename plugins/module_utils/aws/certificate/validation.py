# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records by which AWS sees that a domain is the user's.

They are the same for every certificate of an account for a domain, in whichever region and stack. So each stack and
region leaves a mark of its own below a record, and the last one takes the record away.
https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..dns.found import zones
from ..dns.marks import is_mark, mark, plain
from ..resource import StackError
from ..session import Aws


def validation_records(certificate: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What AWS wants to see for a *certificate*, by name. A domain and its wildcard share one."""
    options = certificate.get("DomainValidationOptions", ())
    return {plain(one["ResourceRecord"]["Name"]): one["ResourceRecord"] for one in options if "ResourceRecord" in one}


class Validation:
    """Writes such records; into the zone *zone_id*, or else into the account's zone that is nearest to each name."""

    def __init__(self, aws: Aws, zone_id: str | None) -> None:
        self.aws = aws
        self.zone_id = zone_id

    def show(self, records: Iterable[Mapping[str, str]]) -> None:
        """Let AWS see *records*."""
        known = self._zones()
        for record in records:
            name = plain(record["Name"])
            zone = self.zone_id or _nearest(known, name)
            if not zone:
                raise StackError(
                    f"zone_id: expected a public hosted zone of this account for {name}, but found none: make one"
                    f" (dns.create_zone), or let {name} be a {record['Type']} of {record['Value']}"
                )
            whole = {**_named(record), "TTL": 300, "ResourceRecords": [{"Value": record["Value"]}]}
            self._change(zone, [{"Action": "UPSERT", "ResourceRecordSet": one} for one in (whole, self._mark(name))])

    def hide(self, records: Iterable[Mapping[str, str]]) -> None:
        """Take *records* away, where this stack and region were the last to need them."""
        known = self._zones()
        for record in records:
            name = plain(record["Name"])
            if zone := self.zone_id or _nearest(known, name):
                self._hide(zone, name)

    def _hide(self, zone: str, name: str) -> None:
        # What lies below a name follows it at once.
        listed = self.aws.call(
            "route53", "list_resource_record_sets", "NoSuchHostedZone", HostedZoneId=zone, StartRecordName=name
        )
        there = {plain(one["Name"]): one for one in listed.get("ResourceRecordSets", ())}
        marked = [key for key, one in there.items() if is_mark(one) and key.endswith(f".{name}")]
        mine = plain(self._mark(name)["Name"])
        if mine in marked:
            gone = [mine, name] if marked == [mine] and name in there else [mine]
            self._change(zone, [{"Action": "DELETE", "ResourceRecordSet": there[key]} for key in gone])

    def _mark(self, name: str) -> dict[str, Any]:
        return mark(self.aws.stack, name, "CNAME", f"{self.aws.stack}-{self.aws.region}")

    def _zones(self) -> dict[str, str]:
        return {} if self.zone_id else {one.address.name: one.ids["id"] for one in zones(self.aws)}

    def _change(self, zone: str, changes: list[dict[str, Any]]) -> None:
        self.aws.call("route53", "change_resource_record_sets", HostedZoneId=zone, ChangeBatch={"Changes": changes})


def _nearest(known: Mapping[str, str], name: str) -> str:
    """The id of the zone with the longest domain that *name* lies in; empty where there is none."""
    around = [domain for domain in known if name.endswith(f".{domain}")]
    return known[max(around, key=len)] if around else ""


def _named(record: Mapping[str, str]) -> dict[str, Any]:
    return {"Name": record["Name"], "Type": record["Type"]}
