# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of a service's declaration: every key, what it may be, its default and what it means.

The reference in docs/service-declaration.md is made of this table. What spans several keys is in
agreement.py, what needs the inventory in topology.py.
"""

from __future__ import annotations

from .aws_table import ON_AWS, STACK
from .calendar_table import CALENDAR
from .containers import Key, ListOf, Section, Variants
from .kinds import ADDRESS, HOSTNAME, NETWORK, Flag, Number, Text
from .metrics_table import METRICS
from .probe_table import PROBE
from .strategy_table import STRATEGIES

NAME = Text(r"[a-z][a-z0-9_-]{0,31}", "a name of up to 32 lower-case letters, digits, - and _, such as storefront")
GROUP = Text(r"[A-Za-z_][A-Za-z0-9_-]*", "the name of a group of the inventory")
HOST = Text(r"[^\s/]+", "the name of a host of the inventory")
PORT = Number(1, 65535, whole=True)
PATH = Text(r"/[!-~]*", "a path such as /readyz")
ABSOLUTE = Text(r"(/[^/\s]+)+", "an absolute path such as /var/lib/seamless/ledger")
FILE = Text(r"[^\n]*\S[^\n]*", "the path of a file on the controller")
HEADER = Text(r"[A-Za-z][A-Za-z0-9-]{0,63}", "the name of a header, such as X-Seamless-Color")
COOKIE = Text(r"[A-Za-z0-9_.-]{1,64}", "the name of a cookie, such as sid")
COMMAND = Text(
    r"/\S+ [^\n]*\{artifact\}[^\n]*|\{artifact\}[^\n]*", "a command by its absolute path, with {artifact} in it"
)
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
TABLE = Text(r"[A-Za-z0-9_.-]{3,255}", "the name of a DynamoDB table, such as shop-ledger")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET = Text(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "the name of an S3 bucket, such as example-shop-ledger")
PREFIX = Text(r"([A-Za-z0-9._-]+/)*", "the beginning of a key, up to a slash, such as seamless/")
ARTIFACTS = Text(
    r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/([A-Za-z0-9._-]+/)*",
    "a place in a bucket, up to a slash, such as s3://example-shop-releases/storefront/",
)
VARIABLE = Text(r"[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable, such as DATABASE_URL")
KEPT_SECRET = Text(
    r"arn:aws[a-z-]*:(secretsmanager:[^:]*:[0-9]*:secret:\S+|ssm:[^:]*:[0-9]*:parameter/\S+)",
    "the ARN of a secret in Secrets Manager, or of a parameter in Parameter Store",
)
ANY_LINE = Text(r"[^\n]+", "a text on one line")

ENTRY = Section(
    {
        "address": Key(
            ADDRESS, "Where users' requests arrive: the virtual address, or that of the only load balancer."
        ),
        "port": Key(PORT, "The port there, over TLS.", 443),
        "hostnames": Key(
            ListOf(HOSTNAME, least=1), "The names that users ask for; the first is the one that checks use."
        ),
        "ca_file": Key(
            FILE,
            "PEM file of the authority that the probe and the smoke tests verify with; null: the system's authorities.",
            None,
        ),
    }
)

POOL = Section(
    {
        "group": Key(
            GROUP,
            "The group of the hosts on which this color's release runs; null with the runtime autoscaling_group, whose"
            " instances come and go.",
            None,
        ),
        "port": Key(PORT, "The port at which the release listens on each of them."),
    }
)

ROUTERS = Variants(
    {
        "haproxy": Section({"group": Key(GROUP, "The group of the load balancers.")}),
        "alb": Section(
            {
                "group": Key(GROUP, "The group of the load balancer's name, whose connection is local."),
                "stack": Key(STACK, "The stack whose load balancer it is (module aws_load_balancer)."),
                "table": Key(TABLE, "The DynamoDB table that keeps its fencing number (module aws_ledger)."),
                "spread": Key(Number(0, 60, "seconds"), "How long AWS may take to obey everywhere.", 10),
                **ON_AWS,
            }
        ),
    },
    "What splits the traffic between the pools.",
)

LEDGERS = Variants(
    {
        "file": Section(
            {
                "host": Key(HOST, "The host that keeps journal and lease."),
                "path": Key(ABSOLUTE, "The directory there.", "/var/lib/seamless/ledger"),
            }
        ),
        "dynamodb": Section(
            {"table": Key(TABLE, "The DynamoDB table that keeps journal and lease (module aws_ledger)."), **ON_AWS}
        ),
        "s3": Section(
            {
                "bucket": Key(BUCKET, "The S3 bucket that keeps journal and lease (module aws_ledger)."),
                "prefix": Key(PREFIX, "What the keys of its objects begin with.", "seamless/"),
                **ON_AWS,
            }
        ),
    },
    "Where journal and lease are kept.",
)

LOOKUP = Section(
    {
        "name": Key(VARIABLE, "The variable that the release finds it in."),
        "arn": Key(KEPT_SECRET, "Where it is kept; the instances' role may read it (aws_compute's may_read)."),
    }
)

#: What starts the release, on a host or on an instance.
RUNS = {
    "command": Key(COMMAND, "What starts the release; {artifact} stands for the installed artifact's path."),
    "user": Key(NAME, "The system user that it runs as."),
}

RUNTIMES = Variants(
    {
        "systemd": Section(
            {
                **RUNS,
                "keep": Key(Number(1, 100, whole=True), "Releases to keep on each host, those in use not counted.", 3),
                "start_deadline": Key(Number(1, 3600, "seconds"), "How long a release may take until it is ready.", 60),
            }
        ),
        "autoscaling_group": Section(
            {
                **RUNS,
                "stack": Key(STACK, "The stack whose Auto Scaling groups the pools are (module aws_compute)."),
                "artifacts": Key(ARTIFACTS, "Where artifacts are put, for instances to fetch by their role."),
                "lookups": Key(ListOf(LOOKUP), "What each instance looks up by its role: secrets, above all.", []),
                "user_data": Key(
                    FILE,
                    "A template of your own for what an instance does when it boots; null: that of the role release.",
                    None,
                ),
                "start_deadline": Key(
                    Number(1, 3600, "seconds"), "How long instances may take until all of them are healthy.", 600
                ),
                "keep_minutes": Key(
                    Number(0, 10080, "minutes"),
                    "How long the old group keeps its capacity; converge.yml ends it after that.",
                    60,
                ),
                **ON_AWS,
            }
        ),
    },
    "What runs the release, on hosts or on instances that come and go.",
)

HEALTH = Section(
    {
        "path": Key(PATH, "Answers 200 while the process is alive.", "/healthz"),
        "ready_path": Key(PATH, "Answers 200 while it can take users.", "/readyz"),
        "interval": Key(Number(0.1, 60, "seconds"), "Between two checks of a member by a load balancer.", 1),
    }
)

CLIENTS = Section(
    {
        "cookie": Key(
            COOKIE, "What a user's stable bucket is made of; null, or no such cookie: the source address.", None
        ),
        "bucket_cookie": Key(
            COOKIE,
            "The load balancers' own cookie, which keeps a user's bucket while the split is mixed; null: none, and"
            " whoever gets another session or address may change sides.",
            "seamless_bucket",
        ),
        "sticky": Key(
            Flag(),
            "Whether a user stays on one member of a pool, by a cookie, as sessions kept in memory need it.",
            False,
        ),
    }
)

TESTERS = Section(
    {
        "header": Key(
            HEADER,
            "The header with which a tester picks a color; from anywhere else it is ignored.",
            "X-Seamless-Color",
        ),
        "cookie": Key(
            COOKIE, "A cookie that does the same, for browsers; from anywhere else it is taken away. null: none.", None
        ),
        "from": Key(
            ListOf(NETWORK, least=1),
            "Where testers are. The controller must be among them: its smoke tests see a release before any user does.",
        ),
    }
)

SMOKE = Section(
    {
        "path": Key(PATH, "The page to ask for."),
        "status": Key(Number(200, 599, whole=True), "The status that it must answer.", 200),
        "contains": Key(ANY_LINE, "A text that the page must contain; null: any page will do.", None),
    }
)

SERVICE = Section(
    {
        "name": Key(NAME, "The service's name, in every file, backend and unit that belongs to it."),
        "entry": Key(ENTRY, "The one point at which users reach the service."),
        "pools": Key(
            Section(
                {
                    "blue": Key(POOL, "The blue pool."),
                    "green": Key(POOL, "The green pool; on the same hosts as blue only with another port."),
                }
            ),
            "The two places at which a release can run.",
        ),
        "router": Key(ROUTERS, ROUTERS.description),
        "ledger": Key(LEDGERS, LEDGERS.description),
        "runtime": Key(RUNTIMES, RUNTIMES.description),
        "health": Key(HEALTH, "How it is known that a member is well.", {}),
        "clients": Key(CLIENTS, "How one user is told from another.", {}),
        "testers": Key(TESTERS, "Who may see a release before the users do."),
        "smoke": Key(ListOf(SMOKE, least=1), "Pages that a release must answer as declared before users see it."),
        "strategy": Key(STRATEGIES, STRATEGIES.description),
        "metrics": Key(METRICS, "What is counted of users' requests, by color, for a canary to be judged by.", {}),
        "probe": Key(PROBE, "What the probe sends, from before a rollout opens until after it closes.", {}),
        "calendar": Key(CALENDAR, "When a rollout may start; null: at any time.", None),
    }
)
