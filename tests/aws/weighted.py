# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A name in Route 53 whose records have weights, for the tests of the router that moves them."""

from __future__ import annotations

from typing import Any

from harness import Emulator

BLUE, GREEN = {"blue": 100, "green": 0}, {"blue": 0, "green": 100}
CANARY = {"blue": 90, "green": 10}
NAME, TABLE = "www.example.com", "seamless"


def declared(**checks: int) -> dict[str, Any]:
    """A zone in which both colors have records of both types; *checks* has the port that a color's A record goes by."""
    answers = {
        "A": {"blue": "192.0.2.1", "green": "192.0.2.2"},
        "AAAA": {"blue": "2001:db8::1", "green": "2001:db8::2"},
    }
    records = [
        {"name": NAME, "type": kind, "values": [value], "ttl": 20, "set": color, "first_weight": BLUE[color]}
        for kind, by_color in answers.items()
        for color, value in by_color.items()
    ]
    for record in records:
        if record["type"] == "A" and (port := checks.get(record["set"])):
            record["health_check"] = {"host": "127.0.0.1", "protocol": "HTTP", "port": port}
    return {"stack": "shop", "zone": "example.com", "create_zone": True, "records": records}


class Site:
    """A zone with the records of both colors, and the ledger's table."""

    def __init__(self, emulator: Emulator, **checks: int) -> None:
        emulator.client("dynamodb").create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "service", "KeyType": "HASH"}, {"AttributeName": "item", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("service", "item")],
            BillingMode="PAY_PER_REQUEST",
        )
        self.emulator = emulator
        self.declared = declared(**checks)
        made = emulator.must("aws_dns", self.declared)["resources"]
        self.zone = made["hosted zone example.com"]["id"]
        self.router = {
            "service": "shop",
            "zone_id": self.zone,
            "name": NAME,
            "types": ["A", "AAAA"],
            "table": TABLE,
        }

    def split(self, split: dict[str, int], fence: int | None = 1, **more: Any) -> dict[str, Any]:
        """Ask for a split; what the module returns."""
        return self.emulator.run_module("route53_split", {**self.router, "split": split, "fence": fence, **more})

    def moved(self, split: dict[str, int], fence: int | None = 1, **more: Any) -> dict[str, Any]:
        """The same, for what has to succeed."""
        done = self.split(split, fence, **more)
        assert not done.get("failed"), done["msg"]
        return done

    def seen(self, **more: Any) -> dict[str, Any]:
        """What route53_split_info says."""
        return self.emulator.must("route53_split_info", {**self.router, **more})

    def records(self) -> list[dict[str, Any]]:
        """The weighted records, from AWS itself."""
        answer = self.emulator.client("route53").list_resource_record_sets(HostedZoneId=self.zone)
        weighted = [one for one in answer["ResourceRecordSets"] if "Weight" in one]
        return sorted(weighted, key=lambda one: (one["Type"], one["SetIdentifier"]))

    def weights(self) -> list[dict[str, int]]:
        """The weights of each type."""
        found: dict[str, dict[str, int]] = {}
        for one in self.records():
            found.setdefault(one["Type"], {})[one["SetIdentifier"]] = one["Weight"]
        return list(found.values())

    def change(self, *records: dict[str, Any]) -> None:
        """Somebody else writes these records."""
        changes = [{"Action": "UPSERT", "ResourceRecordSet": one} for one in records]
        self.emulator.client("route53").change_resource_record_sets(
            HostedZoneId=self.zone, ChangeBatch={"Changes": changes}
        )

    def weigh(self, color: str, weight: int, *kinds: str) -> None:
        """Somebody else weighs a color's records of these types."""
        self.change(
            *(
                {**one, "Weight": weight}
                for one in self.records()
                if one["SetIdentifier"] == color and one["Type"] in kinds
            )
        )
