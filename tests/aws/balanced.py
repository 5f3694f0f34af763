# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load balancer with a real target in each color, for the tests of the router."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from harness import Emulator
from shops import Shop, open_shop

BLUE, GREEN = {"blue": 100, "green": 0}, {"blue": 0, "green": 100}
CANARY = {"blue": 95, "green": 5}
TABLE = "seamless"
BACK_BY_STACK = {"revert_to": BLUE, "rollout": "shop-1"}


@dataclass
class Site:
    """A load balancer with one real target in each color, and the ledger's table."""

    emulator: Emulator
    router: dict[str, Any]
    shops: dict[str, Shop]
    #: The arguments of aws_load_balancer.
    declared: dict[str, Any]

    def split(self, split: dict[str, int], fence: int | None = 1, **more: Any) -> dict[str, Any]:
        """Ask for a split; what the module returns."""
        return self.emulator.run_module("alb_split", {**self.router, "split": split, "fence": fence, **more})

    def moved(self, split: dict[str, int], fence: int | None = 1, **more: Any) -> dict[str, Any]:
        """The same, for what has to succeed."""
        done = self.split(split, fence, **more)
        assert not done.get("failed"), done["msg"]
        return done

    def seen(self) -> dict[str, Any]:
        """What alb_split_info says."""
        return self.emulator.must("alb_split_info", self.router)

    def weights(self) -> list[dict[str, int]]:
        """The weights of every action that forwards to both colors, asked from AWS itself."""
        elbv2 = self.emulator.client("elbv2")
        colors = {arn: color for color, arn in self.router["target_groups"].items()}
        rules = [rule for arn in self.router["listeners"] for rule in elbv2.describe_rules(ListenerArn=arn)["Rules"]]
        groups = [rule["Actions"][-1].get("ForwardConfig", {}).get("TargetGroups", []) for rule in rules]
        return [{colors[one["TargetGroupArn"]]: one["Weight"] for one in its} for its in groups if len(its) == 2]


@contextmanager
def balanced(emulator: Emulator) -> Iterator[Site]:
    """A load balancer that somebody made with aws_load_balancer, until the block ends."""
    own = emulator.own_network()
    declared = {
        "listeners": [
            {"port": 80, "protocol": "HTTP", "rules": [{"priority": 10, "paths": ["/api/*"]}]},
        ],
        "pools": {"target_type": "ip", "health": {"path": "/readyz"}, "stickiness": 600},
        "testers": {"from": ["10.0.0.0/8"]},
    }
    balancer = {"stack": "shop", **own, **declared}
    made = emulator.must("aws_load_balancer", balancer)["resources"]
    groups = {color: made[f"target group shop-{color}"]["arn"] for color in ("blue", "green")}
    emulator.client("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "service", "KeyType": "HASH"}, {"AttributeName": "item", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("service", "item")],
        BillingMode="PAY_PER_REQUEST",
    )
    with open_shop() as blue, open_shop() as green:
        shops = {"blue": blue, "green": green}
        for color, shop in shops.items():
            emulator.client("elbv2").register_targets(
                TargetGroupArn=groups[color], Targets=[{"Id": "127.0.0.1", "Port": shop.server_port}]
            )
        listeners = [made["listener shop:80"]["arn"]]
        router = {"service": "shop", "listeners": listeners, "target_groups": groups, "table": TABLE}
        yield Site(emulator, router, shops, balancer)
