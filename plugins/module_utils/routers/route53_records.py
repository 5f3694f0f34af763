# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Weighted records of Route 53 as they are: of each type two record sets, one for each color.

A batch of changes is carried out as a whole or not at all, and a ``DELETE`` in it only where the record is as it is
told. So a batch that deletes what was read and creates what is wanted is a compare-and-set.

API: Amazon Route 53, version 2013-04-01
(https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.aws.dns.marks import plain
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS, Split

from .aws_calls import AwsCalls
from .base import Pool, RouterError, UnknownPool
from .fence_table import as_tag

# How long the answer of an alias may be kept, where what it stands for is AWS's:
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
_ALIAS_TTL = 60
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
_ENOUGH_CHECKERS = 0.18
_HEALTHY, _UNCHECKED = "healthy", "not checked"


@dataclass(frozen=True)
class Pair:
    """The record sets of one *type*, by color, as Route 53 describes them."""

    type: str
    records: Mapping[str, Mapping[str, Any]]

    def split(self) -> Split:
        """Their weights as percentages; where all are 0, Route 53 answers with either. Raises RouterError."""
        weights = {color: self.records[color]["Weight"] for color in COLORS}
        if not any(weights.values()):
            weights = dict.fromkeys(COLORS, 1)
        total = sum(weights.values())
        if any(weight * 100 % total for weight in weights.values()):
            told = ", ".join(f"{color} {weight}" for color, weight in weights.items())
            raise RouterError(
                f"expected weights of {plain(self.records['blue']['Name'])} {self.type} that are whole percentages, but"
                f" found {told}: set them to some, or break the glass"
            )
        return Split(**{color: weights[color] * 100 // total for color in COLORS})

    def changes(self, split: Split) -> Iterator[dict[str, Any]]:
        """What gives them the weights of *split*, where they still are as they were read."""
        for color, record in self.records.items():
            yield {"Action": "DELETE", "ResourceRecordSet": record}
            yield {"Action": "CREATE", "ResourceRecordSet": {**record, "Weight": split.share(color)}}


class Records:
    """The records *name* of these *types* in the zone *zone_id*; *sets* has each color's set identifier.

    A note about the *service* is kept as a tag of the zone, which others may share.
    """

    def __init__(
        self, service: str, zone_id: str, name: str, types: Sequence[str], sets: Mapping[str, str], calls: AwsCalls
    ) -> None:
        self.zone_id = zone_id
        self.name = plain(name)
        self.types = sorted(set(types))
        self.sets = dict(sets)
        self.calls = calls
        self._note = f"seamless:break-glass:{service}"

    def read(self) -> list[Pair]:
        """A pair of each type; one call. Raises UnknownPool or RouterError where there are others than the two."""
        answer = self.calls.patiently("list_resource_record_sets", HostedZoneId=self.zone_id, StartRecordName=self.name)
        there = [one for one in answer["ResourceRecordSets"] if plain(one["Name"]) == self.name]
        return [self._pair(type_, [one for one in there if one["Type"] == type_]) for type_ in self.types]

    def write(self, pairs: Sequence[Pair], split: Split) -> str:
        """Give all *pairs* the weights of *split*, or none; returns the change's id. Raises Again, ConditionFailed."""
        batch = {"Changes": [change for pair in pairs for change in pair.changes(split)]}
        answer = self.calls.once("change_resource_record_sets", HostedZoneId=self.zone_id, ChangeBatch=batch)
        its_id: str = answer["ChangeInfo"]["Id"]
        return its_id

    def everywhere(self, change: str) -> bool:
        """Whether all of Route 53's name servers have the *change*."""
        return bool(self.calls.patiently("get_change", Id=change)["ChangeInfo"]["Status"] == "INSYNC")

    def ttl(self, pairs: Sequence[Pair]) -> int:
        """For how many seconds resolvers may keep an answer."""
        return max(record.get("TTL", _ALIAS_TTL) for pair in pairs for record in pair.records.values())

    def pools(self, pairs: Sequence[Pair], colors: Sequence[str] = COLORS) -> dict[str, Pool]:
        """The *colors*' records, one member for each type; two calls for each health check that they go by."""
        checks = {
            (color, pair.type): pair.records[color].get("HealthCheckId", "") for color in colors for pair in pairs
        }
        states = {check: self._state(check) if check else _UNCHECKED for check in set(checks.values())}
        pools = {}
        for color in colors:
            members = {f"{self.sets[color]} {pair.type}": states[checks[color, pair.type]] for pair in pairs}
            healthy = sum(state in (_HEALTHY, _UNCHECKED) for state in members.values())
            pools[color] = Pool(healthy, len(members), 0, members)
        return pools

    def _pair(self, type_: str, records: Sequence[Mapping[str, Any]]) -> Pair:
        by_set = {one["SetIdentifier"]: one for one in records if "Weight" in one}
        where = f"{self.name} {type_} in the zone {self.zone_id}"
        if missing := [name for name in self.sets.values() if name not in by_set]:
            raise UnknownPool(
                f"expected weighted records {' and '.join(self.sets.values())} of {where}, but found"
                f" {', '.join(by_set) or 'none'}: declare {' and '.join(missing)} with a first_weight (aws_dns)"
            )
        others = [name for name, one in by_set.items() if one["Weight"] and name not in self.sets.values()]
        if others:
            raise RouterError(
                f"expected no other record of {where} to have a weight, for the two are to share all users, but found"
                f" {', '.join(others)} with one. Nothing was changed: give them the weight 0 first"
            )
        return Pair(type_, {color: by_set[self.sets[color]] for color in COLORS})

    def _state(self, check: str) -> str:
        """What Route 53 makes of a health check, from what its checkers last saw."""
        config = self.calls.patiently("get_health_check", HealthCheckId=check)["HealthCheck"]["HealthCheckConfig"]
        if config["Type"] == "CALCULATED":
            return f"unknown (AWS does not tell of {check}, which is calculated)"
        well, told = True, "its check is off"
        if not config.get("Disabled"):
            seen = self.calls.patiently("get_health_check_status", HealthCheckId=check)["HealthCheckObservations"]
            good = [one for one in seen if one["StatusReport"]["Status"].startswith("Success")]
            well = len(good) > _ENOUGH_CHECKERS * len(seen)
            told = f"well for {len(good)} of {len(seen)} checkers"
        if config.get("Inverted"):
            well, told = not well, f"{told}, inverted"
        return _HEALTHY if well else f"unhealthy ({told})"

    # -- notes -----------------------------------------------------------------------------------

    def note(self, entry: Mapping[str, Any]) -> None:
        """Write down on the zone itself what was done while the ledger's table was out of reach."""
        self._tag(AddTags=[{"Key": self._note, "Value": as_tag(entry)}])

    def noted(self) -> list[str]:
        """What was written down there."""
        zone = {"ResourceType": "hostedzone", "ResourceId": self.zone_id}
        tags = self.calls.patiently("list_tags_for_resource", **zone)["ResourceTagSet"]["Tags"]
        return [tag["Value"] for tag in tags if tag["Key"] == self._note]

    def forget_note(self) -> None:
        """Drop it: the ledger holds it now."""
        self._tag(RemoveTagKeys=[self._note])

    def _tag(self, **change: Any) -> None:
        zone = {"ResourceType": "hostedzone", "ResourceId": self.zone_id}
        self.calls.patiently("change_tags_for_resource", **zone, **change)
