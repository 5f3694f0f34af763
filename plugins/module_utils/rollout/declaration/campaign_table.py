# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of a campaign's declaration: one release, and the stages that it goes through one after the other.

docs/campaign.md explains each key. What spans several keys, or two stages, is in campaign_check.py.
"""

from __future__ import annotations

from .aws_table import ON_AWS, WORD
from .containers import Either, Key, ListOf, Section, Variants
from .kinds import HOSTNAME, Choice, Flag, Number, Text
from .service_table import HEADER, LEDGERS, NAME, TABLE

INVENTORY = Text(r"[^\n]*\S[^\n]*", "the path of an inventory, from where ansible-playbook is started")
PLAYBOOK = Text(r"[^\n]*\S[^\n]*", "a playbook: a path, or a full name such as seamless.delivery.deploy")
TASKS = Text(r"[^\n]*\S[^\n]*", "the path of a file of tasks on the controller")
COLOR = Choice(("blue", "green"))

ROLLOUT = Section(
    {
        "inventory": Key(
            ListOf(INVENTORY, least=1, single=True), "The inventory whose service is released; it has its own ledger."
        ),
        "deploy": Key(PLAYBOOK, "What releases there.", "seamless.delivery.deploy"),
        "rollback": Key(PLAYBOOK, "What takes users back there.", "seamless.delivery.rollback"),
        "longest": Key(
            Number(10, 86400, "seconds"), "How long either may take; then it is ended, and the stage has failed.", 7200
        ),
    }
)

ROUTERS = Variants(
    {
        "cloudfront": Section(
            {
                "distribution": Key(WORD, "The id of the distribution (module aws_cdn)."),
                "staging": Key(WORD, "The id of its staging distribution."),
                "table": Key(TABLE, "The DynamoDB table that keeps its fencing number (module aws_ledger)."),
                "stickiness": Key(Number(0, 3600, "seconds", whole=True), "As in cloudfront_split.", 300),
                "testers_header": Key(HEADER, "As in cloudfront_split; null: none.", None),
                **ON_AWS,
            }
        ),
        "route53": Section(
            {
                "zone_id": Key(WORD, "The id of the hosted zone."),
                "name": Key(HOSTNAME, "The name whose answers are divided."),
                "types": Key(ListOf(Choice(("A", "AAAA", "CNAME")), least=1), "The types of its records.", ["A"]),
                "records": Key(
                    Section(
                        {
                            "blue": Key(WORD, "The set identifier of blue's records.", "blue"),
                            "green": Key(WORD, "The set identifier of green's records.", "green"),
                        }
                    ),
                    "Which records are which color's: two regions, say.",
                    {},
                ),
                "table": Key(TABLE, "The DynamoDB table that keeps its fencing number (module aws_ledger)."),
                "wait": Key(Flag(), "Whether a step waits until all name servers have it.", True),
                **ON_AWS,
            }
        ),
    },
    "What is moved, with the options of its module.",
)

BAKE = Key(Number(0, 86400, "seconds"), "How long to wait before what comes next.", 0)
STAGE = {
    "name": Key(NAME, "The stage's name; no two have the same."),
    "bake": BAKE,
    "check": Key(TASKS, "Tasks of yours that must succeed after each bake; null: none.", None),
}

STAGES = Either(
    {
        "rollout": Section({**STAGE, "rollout": Key(ROLLOUT, "A service that is released by its own rollout.")}),
        "router": Section(
            {
                **STAGE,
                "router": Key(ROUTERS, ROUTERS.description),
                "service": Key(NAME, "The name under which the router keeps its fencing number."),
                "to": Key(COLOR, "The color that everybody goes to; null: the one that has nobody.", None),
                "steps": Key(
                    ListOf(Number(1, 100, "percent", whole=True), least=1),
                    "The percentage that the color gets, step by step; the last is 100.",
                    [100],
                ),
            }
        ),
    }
)

CAMPAIGN = Section(
    {
        "name": Key(NAME, "The campaign's name, under which its own journal and lease are kept."),
        "ledger": Key(LEDGERS, "Where its own journal and lease are kept."),
        "stages": Key(ListOf(STAGES, least=1), "What the release goes through, in this order."),
    }
)
