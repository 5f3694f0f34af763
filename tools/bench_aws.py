#!/usr/bin/env python3
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-aws``: a whole stack by ``aws_stack``, beside the same by one task for each resource; on the emulator.

``tools/bench_aws.py [RUNS]``: both are whole ``ansible-playbook`` commands, run in turn, against an emulator each of
their own. Prints the medians of RUNS (default 3) and how often faster the one is, without and with 80 ms for each call.
Writes reports/bench/aws.json, and fails when a figure is above its limit.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from seamless_bench.table import Figure, keep
from seamless_demo.steps import BIN, ROOT

sys.path.insert(0, str(ROOT / "tests" / "aws"))

from harness import Emulator, running
from whole_stack import WHOLE

LATENCY = 0.08
TASKS = ROOT / "tools" / "seamless_bench" / "one_task_each.yml"

Command = Callable[[Emulator], None]


def main(arguments: list[str]) -> int:
    """0 when every figure is within its limit."""
    runs = int(arguments[0]) if arguments else 3
    with tempfile.TemporaryDirectory() as folder, running() as theirs, running() as ours:
        play = Path(folder) / "stack.yml"
        play.write_text(json.dumps(_play(ours)), encoding="utf-8")
        commands: dict[str, tuple[Emulator, list[str]]] = {
            "tasks": (theirs, [str(TASKS), "-e", f"aws_endpoint={theirs.url}"]),
            "stack": (ours, [str(play)]),
        }
        seen: dict[tuple[str, str], list[float]] = {}
        for number in range(1, runs + 1):
            for what, seconds in _round(commands).items():
                seen.setdefault(what, []).append(seconds)
            print(
                f"run {number}/{runs}: { ({' '.join(key): round(value[-1], 2) for key, value in seen.items()}) }",
                flush=True,
            )
        calls, writes = _nothing_to_do(ours, commands["stack"][1])
    return keep("aws", _figures({key: statistics.median(values) for key, values in seen.items()}, calls, writes))


def _play(emulator: Emulator) -> list[dict[str, object]]:
    task = {"name": "Converge", "seamless.delivery.aws_stack": {**WHOLE, **emulator.connection}}
    variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    common = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": variables}
    return [{"name": "Converge a stack", **common, "tasks": [task]}]


def _round(commands: dict[str, tuple[Emulator, list[str]]]) -> dict[tuple[str, str], float]:
    """Seconds of each command the first time, again, and again where each call takes as long as on a real network."""
    seconds: dict[tuple[str, str], float] = {}
    for emulator, _play_of in commands.values():
        emulator.reset()
    for occasion, latency in (("first", 0.0), ("again", 0.0), ("far", LATENCY)):
        for name, (emulator, arguments) in commands.items():
            emulator.trouble(latency=latency)
            began = time.monotonic()
            _run(arguments)
            seconds[name, occasion] = time.monotonic() - began
            emulator.trouble()
    return seconds


def _nothing_to_do(emulator: Emulator, arguments: list[str]) -> tuple[int, int]:
    """How many calls a second run makes, and how many of them write."""
    before = len(emulator.calls())
    _run(arguments)
    made = emulator.calls()[before:]
    return len(made), sum(call["writes"] for call in made)


def _run(arguments: list[str]) -> None:
    environment = {
        **os.environ,
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [str(ROOT / BIN / "ansible-playbook"), "-i", "localhost,", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench_aws: {' '.join(command)} failed:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")


def _figures(median: dict[tuple[str, str], float], calls: int, writes: int) -> list[Figure]:
    occasions = {
        "first": ("made from nothing", 1 / 4),
        "again": ("nothing to change", 1 / 8),
        "far": ("nothing to change, 80 ms a call", 1 / 9),
    }
    figures = []
    for occasion, (what, limit) in occasions.items():
        theirs, ours = median["tasks", occasion], median["stack", occasion]
        figures += [
            Figure(f"{what}: one task for each resource", theirs, "s"),
            Figure(f"{what}: `aws_stack`", ours, "s"),
            Figure(f"{what}: share of the time ({theirs / ours:.1f} times faster)", ours / theirs, "", limit),
        ]
    return [
        *figures,
        Figure("calls of a run with nothing to change", calls, "", 30),
        Figure("writes among them", writes, "", 0),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
