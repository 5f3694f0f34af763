# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of strategies: how users are moved to a release, and what must hold on the way."""

from __future__ import annotations

from .containers import Key, ListOf, Section, Variants
from .kinds import Choice, Flag, Number, Text

SECONDS = Number(0, 86400, "seconds")
ANY_LINE = Text(r"[^\n]+", "a text on one line")

GATES = Variants(
    {
        "approval": Section(
            {
                "within": Key(Number(1, 604_800, "seconds"), "How long a person may take; then users go back.", 3600),
            }
        ),
        "http": Section(
            {
                "url": Key(Text(r"https?://[!-~]+", "a URL such as https://checks.example.com/ready"), "What to ask."),
                "status": Key(Number(200, 599, whole=True), "The status that it must answer.", 200),
                "contains": Key(ANY_LINE, "A text that it must contain; null: any.", None),
                "ca_file": Key(
                    Text(r"[^\n]*\S[^\n]*", "the path of a file on the controller"),
                    "PEM file of the authority to verify with; null: the system's authorities.",
                    None,
                ),
            }
        ),
        "tasks": Section(
            {
                "file": Key(
                    Text(r"/[^\n]+", "an absolute path on the controller"), "Your tasks; one that fails ends it."
                ),
                "within": Key(
                    Number(1, 21600, "seconds"),
                    "How long they may take: the way back is armed for so long, and taken where they take longer.",
                    600,
                ),
            }
        ),
    },
    "What must hold, besides the verdict, before the next step.",
)

#: What every strategy that moves users between colors declares.
MOVING = {
    "commit_delay": Key(
        Number(0.5, 60, "seconds"),
        "The least from preparing the load balancers to the instant at which all of them move the users; where that is"
        " longer, twice what their preparation took.",
        2,
    ),
    "confirm_within": Key(
        Number(10, 3600, "seconds"),
        "How long a load balancer keeps users on a release that nobody confirms; then it takes them back by itself.",
        60,
    ),
    "pause_limit": Key(Number(1, 604_800, "seconds"), "How long a step may be paused; then users go back.", 3600),
    "require_healthy": Key(
        Number(1, 100, "percent", whole=True), "Members of a pool that must be up before it gets any traffic.", 100
    ),
    "drain": Key(
        Section(
            {
                "deadline": Key(SECONDS, "How long the old pool's sessions may take to end by themselves.", 30),
                "close": Key(
                    Flag(), "Whether what is left then (websockets, streams) is closed, a few at a time.", True
                ),
            }
        ),
        "What becomes of the sessions that are still on the old pool.",
        {},
    ),
    "bake": Key(
        Section(
            {
                "duration": Key(SECONDS, "How long users are watched before the end.", 10),
                "max_error_percent": Key(
                    Number(0, 100, "percent"),
                    "Errors among all users' answers, as the load balancers count them, above which users go back;"
                    " null: only the probe watches.",
                    None,
                ),
                "gates": Key(
                    ListOf(GATES), "What must hold at its end as well: a check, your tasks, a person's approval.", []
                ),
            }
        ),
        "The time, with all users on the new release, in which nothing must be found.",
        {},
    ),
    "max_slow_percent": Key(Number(0, 100, "percent"), "Slow requests of the probe that are no fault.", 5),
}

FAILED = Number(0, 1_000_000, whole=True)

STEP = Section(
    {
        "percent": Key(Number(1, 99, "percent", whole=True), "Users who get the new release in this step."),
        "least": Key(SECONDS, "How long the step lasts at least.", 60),
        "most": Key(SECONDS, "How long the judge may take; without a verdict by then, see inconclusive.", 600),
        "requests": Key(
            Number(0, 1_000_000_000, whole=True), "Answers of the new release that there must be at least.", 100
        ),
        "gates": Key(ListOf(GATES), GATES.description, []),
    }
)

JUDGE = Section(
    {
        "alpha": Key(Number(0.0001, 0.2), "How often a release that is no worse may be taken back, at most.", 0.01),
        "beta": Key(Number(0.0001, 0.2), "How often one with twice the odds of an error may go on, at most.", 0.01),
        "warmup": Key(SECONDS, "At the start of the first step, in which only a total failure counts.", 0),
        "missing": Key(Number(1, 3600, "seconds"), "Without any count for so long, users go back.", 15),
        "horizon": Key(
            Number(1, 86400, "seconds"),
            "So long after the first step began, the errors of all steps until then are tested once more, exactly;"
            " each look has half of alpha then. null: there is no such test.",
            None,
        ),
        "negligible_error_percent": Key(
            Number(0, 20, "percent"),
            "Errors that are nobody's concern: a release that certainly has fewer is well, however rare errors are.",
            0.1,
        ),
        "negligible_slow_percent": Key(
            Number(0, 20, "percent"), "Likewise for answers slower than an edge of metrics.edges.", 0.5
        ),
        "burst": Key(
            Number(1, 100),
            "What evidence is divided by where errors and slow answers come in bursts (retries, pauses of one server):"
            " see docs/judge.md.",
            1,
        ),
        "traffic": Key(
            Number(0.01, 10_000_000, "requests a second"),
            "What all users send, for saying beforehand what a step can find; null: nothing is promised.",
            None,
        ),
        "base_error_percent": Key(Number(0, 50, "percent"), "Errors of a release that is well.", 0.5),
        "goal_error_points": Key(
            Number(0.01, 100, "percentage points"), "The rise in errors that each step must be able to find.", 5
        ),
        "base_slow_percent": Key(
            Number(0, 90, "percent"),
            "Answers of a release that is well which are slower than the edge that one looks at, whichever of"
            " metrics.edges it is.",
            1,
        ),
        "goal_slow_points": Key(
            Number(0.01, 100, "percentage points"), "The rise in these that each step must be able to find.", 10
        ),
        "too_short": Key(
            Choice(("refuse", "extend")), "What becomes of a step that is too short for one of the goals.", "refuse"
        ),
    }
)

REFRESH = Section(
    {
        "checkpoints": Key(
            ListOf(Number(1, 100, "percent", whole=True), least=1),
            "Shares of the instances that are replaced and then watched, one after the other; the last is 100.",
            [25, 50, 100],
        ),
        "max_healthy": Key(
            Number(100, 200, "percent", whole=True),
            "Instances that may exist meanwhile, of those desired: above 100, new ones start before old ones end.",
            110,
        ),
        "within": Key(Number(1, 21600, "seconds"), "How long one share may take; then users go back.", 1800),
        "alarms": Key(
            ListOf(ANY_LINE),
            "CloudWatch alarms, ten at most, at which AWS itself takes a share back while it is being replaced.",
            [],
        ),
    }
)

STRATEGIES = Variants(
    {
        "blue_green": Section(
            {**MOVING, "max_failed": Key(FAILED, "Failed requests of the probe that a rollout may cost.", 0)}
        ),
        "canary": Section(
            {
                "steps": Key(
                    ListOf(STEP, least=1),
                    "The shares that the new release gets, one after the other, before all.",
                ),
                "judge": Key(JUDGE, "How the verdict on the new release is reached.", {}),
                "inconclusive": Key(
                    Choice(("back", "ask")),
                    "What becomes of a step without a verdict at its end: users go back, or a person is asked.",
                    "back",
                ),
                **MOVING,
                "max_failed": Key(
                    FAILED,
                    "Failed requests of the probe that a rollout may cost; null: the verdict decides alone.",
                    None,
                ),
            }
        ),
        "rolling": Section(
            {
                "capacity": Key(
                    Number(1, 100, "percent"),
                    "Hosts that can carry all users while others start: going back waits for so many.",
                    50,
                ),
                "refresh": Key(
                    REFRESH,
                    "How the instances of the live Auto Scaling group are replaced, {} for the defaults; null with"
                    " hosts.",
                    None,
                ),
                **MOVING,
                "max_failed": Key(FAILED, "Failed requests of the probe that a rollout may cost.", 0),
            }
        ),
    },
    "How users are moved to a release.",
)
