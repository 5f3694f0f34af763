# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lab with the service on it: provisioned once, released to again and again."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from haproxy_lab import PYTHON, ROOT, Lab

from . import inventory, releases
from .installed import installed
from .run import Run, Started, start
from .users import Users

BALANCERS = ("lb1", "lb2")
APART = {"blue": ("app1", "app2"), "green": ("app3", "app4")}
SIDE_BY_SIDE = {"blue": ("app1", "app2"), "green": ("app1", "app2")}
_SHARED = "lab_shared"
_CALLBACKS = Path(__file__).parent / "callback"

#: Prefix of a command that leaves the processor to others: elsewhere, users have machines of their own. A run has a
#: session of its own, and where the kernel schedules by session (sched(7), "The autogroup feature"), ``nice`` alone
#: counts only against the processes of the same one. Not for a command in a session that users share: all of it yields.
YIELDING = ("sh", "-c", '! [ -e /proc/self/autogroup ] || echo 19 > /proc/self/autogroup; exec nice -n 15 "$@"', "sh")


class Site(Lab):
    """The lab *name*, with all that its runs leave behind in *folder*.

    ``members`` are the hosts of each color's pool.
    """

    members: Mapping[str, tuple[str, ...]] = APART

    def __init__(self, name: str, subnet: str, folder: Path, changes: dict[str, Any] = inventory.FASTER) -> None:
        super().__init__(name, subnet)
        self.folder = folder
        self.inventory = inventory.write(folder, changes)
        self.ca_file = folder / ".cache" / name / "ca.crt"
        self.reports = folder / "reports"
        self.record = folder / "record"
        self._numbers = itertools.count(1)
        self._begun: list[Started] = []
        #: What a run's processes are prefixed with, such as YIELDING.
        self.prefix: tuple[str, ...] = ()

    @property
    def service(self) -> dict[str, Any]:
        """The declaration, its templates resolved as far as a client needs them."""
        declared = self.inventory / "group_vars" / "all" / "service.yml"
        service: dict[str, Any] = yaml.safe_load(declared.read_text(encoding="utf-8"))["service"]
        service["entry"] |= {"address": self.address, "ca_file": str(self.ca_file)}
        return service

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host of the site."""
        return (*BALANCERS, *sorted({host for hosts in self.members.values() for host in hosts}), "ops1")

    # -- playbooks -------------------------------------------------------------------------------

    def begin(self, name: str, *arguments: str, die_at: str = "", late_at: str = "", **extra: Any) -> Started:
        """Start a playbook; *die_at* and *late_at* are what callback/die_at_event.py and late_at_task.py are told."""
        extra = {"rollout_reports": str(self.reports), "rollout_record": str(self.record), **extra}
        playbook, where = self._called(name)
        command = [*self.prefix, str(PYTHON.with_name("ansible-playbook")), playbook, "-i", str(self.inventory)]
        # Each task by its name and the recap at the end: what tests wait for and count.
        environment = {**self.env, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default"}
        for callback, told in (("die_at_event", die_at), ("late_at_task", late_at)):
            if told:
                environment |= {
                    f"SEAMLESS_{callback.rpartition('_')[0].upper()}": told,
                    "ANSIBLE_CALLBACKS_ENABLED": callback,
                    "ANSIBLE_CALLBACK_PLUGINS": str(_CALLBACKS),
                }
        log = self.folder / f"run-{next(self._numbers):03d}-{name}.log"
        self._begun.append(start([*command, "-e", json.dumps(extra), *arguments], where, environment, log))
        return self._begun[-1]

    def _called(self, name: str) -> tuple[str, Path]:
        """By which name a playbook is run, and in which folder: those of the checkout."""
        return f"playbooks/{name}.yml", ROOT

    def leave(self) -> None:
        """End what a test that failed has left running: it is no matter of the next one's."""
        for begun in self._begun:
            if begun.alive():
                begun.kill()
                begun.end()
        self._begun.clear()

    def run(self, name: str, *arguments: str, **more: Any) -> Run:
        """Run a playbook to its end, whatever that is."""
        return self.begin(name, *arguments, **more).end()

    def must(self, name: str, *arguments: str, **more: Any) -> Run:
        """Run a playbook that has to succeed."""
        done = self.run(name, *arguments, **more)
        assert done.ok, done.output[-5000:]
        return done

    # -- releases and users ----------------------------------------------------------------------

    def release(self, version: str, **how: Any) -> Path:
        """A release of the stand-in; *how* is that of `releases.write`."""
        return releases.write(self.folder / "releases", version, **how)

    def users(self, address: str = "", **probe: Any) -> Users:
        """Users in the background, of *address* (the service's); *probe* replaces keys of the declared probe."""
        service = self.service
        service["entry"]["address"] = address or self.address
        return Users(service, self.folder / f"users-{next(self._numbers):03d}", **probe)

    def report(self) -> dict[str, Any]:
        """The newest report."""
        found: dict[str, Any] = json.loads((self.reports / "latest.json").read_text(encoding="utf-8"))
        return found

    def split_by_hand(self, green: int) -> None:
        """Move users without a playbook: for the unsafe variants, and to put things right after them."""
        for host in BALANCERS:
            written = self.router(
                host, f"(lambda w: dict(after=w.after.green))(router.write(on({green}), None, router.read().fence, 0))"
            )
            assert written == {"after": green}, written

    def holder(self) -> str:
        """The load balancer that has the service's address now."""
        return next(host for host in BALANCERS if f"{self.address}/" in self.sh(host, "ip -4 addr", check=False))

    # -- what is on the hosts --------------------------------------------------------------------

    @property
    def ledger(self) -> str:
        """The ledger's folder on its host."""
        return f"{self.service['ledger']['path']}/{self.service['name']}"

    def journal(self) -> str:
        """The journal's newest segment, "" where there is none yet."""
        return self.sh("ops1", f"cat {self.ledger}/journal.jsonl", check=False)

    def lease(self) -> dict[str, Any] | None:
        """The lease as it was last written."""
        text = self.sh("ops1", f"cat {self.ledger}/lease.json", check=False)
        return json.loads(text) if text else None

    def invocations(self, color: str) -> dict[str, str]:
        """What systemd calls the present life of a color's unit, by host: another one after each start."""
        unit = f"{self.service['name']}-{color}"
        show = f"systemctl show --property=InvocationID --value {unit}"
        return {host: self.sh(host, show).strip() for host in self.members[color]}

    def moved_at(self) -> dict[str, str]:
        """When each load balancer's split was last written: another moment after each write."""
        return {host: self.sh(host, "stat -c %.Y /etc/haproxy/seamless/split.map").strip() for host in BALANCERS}


class SharedSite(Site):
    """The smaller topology: both colors side by side on the same hosts.

    Its playbooks are those of the collection as its tarball installs it, run as docs/getting-started.md has them run.
    """

    members = SIDE_BY_SIDE

    def __init__(self, name: str, subnet: str, folder: Path) -> None:
        super().__init__(name, subnet, folder)
        self.inventory = inventory.write(folder, topology=_SHARED)
        self.env |= {"ANSIBLE_COLLECTIONS_PATH": str(installed(folder)), "ANSIBLE_PIPELINING": "true"}

    def _called(self, name: str) -> tuple[str, Path]:
        return f"seamless.delivery.{name}", self.folder

    def tool(self, *arguments: str) -> None:
        super().tool("--inventory", f"inventories/{_SHARED}", *arguments)


def own(folder: Path) -> tuple[Site, bool]:
    """The site of these tests, and whether its lab is theirs to remove.

    Theirs has a name of its own; the one that SEAMLESS_LAB and SEAMLESS_LAB_SUBNET name belongs to whoever set them.
    """
    name, subnet = os.environ.get("SEAMLESS_LAB"), os.environ.get("SEAMLESS_LAB_SUBNET")
    if name and subnet:
        return Site(name, subnet, folder), False
    return Site("safety", "10.111.5", folder), not os.environ.get("SEAMLESS_KEEP")
