# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: words in, exit status out."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from . import base, engine, faults, hosts, image
from .console import say
from .errors import LabError
from .state import machine_lock
from .topology import Topology, load

INVENTORY = Path(__file__).resolve().parents[2] / "inventories" / "lab"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 could not (the reason is on stderr), 130 interrupted."""
    options = _parser().parse_args(argv)
    try:
        topology = load(
            options.inventory,
            os.environ.get("SEAMLESS_LAB") or "seamless",
            os.environ.get("SEAMLESS_LAB_SUBNET") or "10.111.0",
        )
        return int(options.command(topology, options))
    except LabError as error:
        say(f"ERROR: {error}")
        return 1
    except KeyboardInterrupt:
        say("interrupted; the next `up` completes what is missing, `down` removes it")
        return 130


def _up(topology: Topology, options: argparse.Namespace) -> int:
    wanted = topology.select(options.hosts)
    of = base.chosen(os.environ)
    with machine_lock():
        engine.ensure()
        hosts.up(topology, wanted, image.ensure(of))
    return 0


def _image(_topology: Topology, _options: argparse.Namespace) -> int:
    of = base.chosen(os.environ)
    with machine_lock():
        engine.ensure()
        image.ensure(of)
    return 0


def _down(topology: Topology, options: argparse.Namespace) -> int:
    with machine_lock():
        there = engine.revive()
        if there:
            hosts.down(topology.lab)
        else:
            say("no container engine answers, so there is nothing to remove")
        if options.all:
            if there:
                image.remove()
            engine.stop()
    return 0


def _status(topology: Topology, options: argparse.Namespace) -> int:
    engine.require()
    rows = hosts.status(topology)
    if options.json:
        print(json.dumps(rows))
    else:
        for row in rows:
            print(f"{row['host']:<8} {row['address']:<16} {row['state']:<8} {row['systemd']:<9} {row['groups']}")
    return 0 if all(row["systemd"] == "running" for row in rows) else 1


def _fault(topology: Topology, options: argparse.Namespace) -> int:
    engine.require()
    for host in topology.select([options.host]):
        options.fault(topology, host)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lab.py",
        description="A lab of containers with systemd, one for each host of an inventory.",
        epilog="SEAMLESS_LAB (name) and SEAMLESS_LAB_SUBNET (first three octets) keep several labs apart. "
        f"SEAMLESS_LAB_SUITE ({', '.join(base.SUITES)}) or SEAMLESS_LAB_BASE (an image) chooses the hosts' system.",
    )
    parser.add_argument("-i", "--inventory", type=Path, default=INVENTORY, help="the topology (%(default)s)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    up = commands.add_parser("up", help="start the lab, or what is missing of it")
    up.add_argument("--hosts", type=lambda text: text.split(","), default=[], help="only these hosts or groups: a,b")
    up.set_defaults(command=_up)

    made = commands.add_parser("image", help="start the engine and make the hosts' image, which `up` does otherwise")
    made.set_defaults(command=_image)

    down = commands.add_parser("down", help="remove the lab: containers and network")
    down.add_argument("--all", action="store_true", help="the image too, and an engine that the lab started")
    down.set_defaults(command=_down)

    status = commands.add_parser("status", help="show each host; exit status 0 when all run")
    status.add_argument("--json", action="store_true", help="for programs")
    status.set_defaults(command=_status)

    for word, (fault, meaning) in faults.FAULTS.items():
        command = commands.add_parser(word, help=meaning)
        command.add_argument("host", metavar="HOST", help="a host, or a group for all of its hosts")
        command.set_defaults(command=_fault, fault=fault)
    return parser
