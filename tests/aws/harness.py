# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests for AWS share: an emulator as a process of its own, and modules run against it."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import boto3
from ansible.module_utils.testing import patch_module_args
from botocore.config import Config
from emulator import BY_TESTS

HERE = Path(__file__).parent
_MODULES = "ansible_collections.seamless.delivery.plugins.modules"
# AWS's own examples: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
_ACCESS = {"access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
_STARTS = 60.0
_T = TypeVar("_T")


class _Session(boto3.session.Session):
    """One for all runs of this process, and so are its clients until a test makes trouble: to make them takes long."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Any] = {}

    def client(self, service_name: str, *more: Any, config: Config, **how: Any) -> Any:
        """The client for a *service_name* with these options."""
        options = repr((service_name, more, vars(config), sorted(how.items())))
        if options not in self._made:
            self._made[options] = super().client(service_name, *more, config=config, **how)
        return self._made[options]

    def forget(self) -> None:
        """Make clients anew from now on: each keeps count of what it may still try again, and trouble uses that up."""
        for made in self._made.values():
            made.close()  # the emulator has a thread for each connection
        self._made.clear()


_SESSION = _Session()


class Emulator:
    """A running emulator on loopback's *port*."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._troubled = False
        self.url = f"http://127.0.0.1:{port}"
        #: What every module needs to reach it.
        self.connection: dict[str, Any] = {**_ACCESS, "endpoint_url": self.url, "region": "us-east-1"}

    # -- modules ---------------------------------------------------------------------------------

    def run_module(self, name: str, arguments: dict[str, Any], check: bool = False) -> dict[str, Any]:
        """What the module *name* returns; run within this process, so that its lines count as covered."""
        module = importlib.import_module(f"{_MODULES}.{name}")
        said = io.StringIO()
        given = {**self.connection, **arguments, "_ansible_check_mode": check, "_ansible_diff": True}
        with (
            patch_module_args(given),
            contextlib.redirect_stdout(said),
            mock.patch("boto3.session.Session", return_value=_SESSION),
            contextlib.suppress(SystemExit),
        ):
            module.main()
        gc.unfreeze()  # a module that ends freezes what is there: this process goes on
        answer: dict[str, Any] = json.loads(said.getvalue())
        return answer

    def must(self, name: str, arguments: dict[str, Any], check: bool = False) -> dict[str, Any]:
        """The same, for what has to succeed."""
        answer = self.run_module(name, arguments, check)
        assert not answer.get("failed"), answer["msg"]
        return answer

    def start_module(self, name: str, arguments: dict[str, Any]) -> subprocess.Popen[str]:
        """The module *name* in a process of its own, which can be killed; its output is the answer as JSON."""
        given = json.dumps({"name": name, "arguments": {**self.connection, **arguments}})
        process = subprocess.Popen(
            [sys.executable, str(HERE / "run_module.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin
        process.stdin.write(given)
        process.stdin.close()
        process.stdin = None  # communicate() would flush it
        return process

    # -- the emulator itself ----------------------------------------------------------------------

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """A client of boto3's, for what a test looks up or does behind a module's back."""
        return _SESSION.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=_ACCESS["access_key"],
            aws_secret_access_key=_ACCESS["secret_key"],
            config=Config(user_agent_extra=BY_TESTS),
        )

    def own_network(self) -> dict[str, Any]:
        """A network that somebody made by hand, as the options of a module that is to use it."""
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for number, zone in enumerate(("us-east-1a", "us-east-1b"))
        ]
        group = ec2.create_security_group(GroupName="own", Description="own", VpcId=vpc)["GroupId"]
        return {"vpc": vpc, "subnets": subnets, "security_groups": [group]}

    def calls(self) -> list[dict[str, Any]]:
        """Every call since the last reset (emulator/app.py, ``Call``)."""
        found: list[dict[str, Any]] = self._ask("GET", "calls")
        return found

    def operations(self, before: int = 0) -> list[str]:
        """The operations that were called after the first *before* calls; a claim that was made again counts once.

        A router makes it again where it had no answer in time, and on a busy machine that says nothing of the router.
        """
        calls = pairwise([{"claim": ""}, *self.calls()[before:]])
        return [call["operation"] for last, call in calls if not call["claim"] or call["claim"] != last["claim"]]

    def count(self, operation: str) -> int:
        """How often *operation* was called since the last reset."""
        return sum(call["operation"] == operation for call in self.calls())

    def seen(self) -> list[str]:
        """Which operations modules called since it was started, as ``service:Operation``."""
        found: list[str] = self._ask("GET", "seen")
        return found

    def held(self) -> int:
        """How many writes it never answered, since trouble was asked for."""
        found: int = self._ask("GET", "held")
        return found

    def told_of_the_past(self) -> int:
        """How many answers were stale, since trouble was asked for."""
        found: int = self._ask("GET", "past")
        return found

    def counting(self, act: Callable[[], _T]) -> tuple[_T, list[str]]:
        """What *act* returns, and the operations by which it wrote."""
        before = len(self.calls())
        done = act()
        return done, [call["operation"] for call in self.calls()[before:] if call["writes"]]

    def state(self) -> dict[str, dict[str, int]]:
        """What is there (emulator/state.py)."""
        found: dict[str, dict[str, int]] = self._ask("GET", "state")
        return found

    def trouble(self, **what: Any) -> None:
        """From now on calls meet this trouble (emulator/trouble.py); without any, none."""
        self._troubled = self._troubled or bool(what)
        self._ask("PUT", "trouble", what)

    def reset(self) -> None:
        """Empty it."""
        if self._troubled:
            _SESSION.forget()
            self._troubled = False
        self._ask("POST", "reset")

    def _ask(self, method: str, what: str, said: Any = None) -> Any:
        body = json.dumps(said).encode()
        asked = urllib.request.Request(f"{self.url}/emulator/{what}", data=body, method=method)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextlib.contextmanager
def serving(module: str, *arguments: str) -> Iterator[int]:
    """What forwards users (emulator/front.py, emulator/edge.py), from its start to its end; yields its port."""
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-m", module, *arguments, "--listen", f"127.0.0.1:{port}"], cwd=HERE)
    try:
        deadline = time.monotonic() + _STARTS
        while True:
            assert process.poll() is None, f"{module} ended while it was starting"
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert time.monotonic() < deadline, f"{module} did not start"
            time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running() -> Iterator[Emulator]:
    """An emulator, from its start to its end."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "emulator", str(port)], cwd=HERE, env={**os.environ, "PYTHONWARNINGS": "ignore"}
    )
    emulator = Emulator(port)
    try:
        deadline = time.monotonic() + _STARTS
        while True:
            assert process.poll() is None, "the emulator ended while it was starting"
            with contextlib.suppress(OSError):
                emulator.calls()
                break
            assert time.monotonic() < deadline, "the emulator did not start"
            time.sleep(0.1)
        yield emulator
    finally:
        process.kill()
        process.wait()
