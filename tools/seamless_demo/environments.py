# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a demonstration can be given: ``ENV=lab``, or ``ENV=aws-emulated``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Environment:
    """A folder of inventories/, the address and port at which users arrive, and what has to be started for it.

    ``tools`` are commands of tools/, each with ``up`` and ``down``; ``variables`` are for every command's environment,
    where it does not have them.
    """

    name: str
    address: str
    port: int
    tools: tuple[tuple[str, ...], ...]
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def inventory(self) -> str:
        """The inventory's path, from the checkout's root."""
        return f"inventories/{self.name}"


#: A lab of its own, as inventories/aws-emulated has it: what is live in the other one stays.
AWS_LAB = {"SEAMLESS_LAB": "seamless-aws", "SEAMLESS_LAB_SUBNET": "10.111.1"}


def aws_ports() -> tuple[int, int, int]:
    """Where an emulated AWS answers, where its users arrive, and its load balancer (as in inventories/aws-emulated).

    Ends this program where there are not three.
    """
    said = (os.environ.get("SEAMLESS_AWS_PORTS") or "5555 8443 8444").split()
    if len(said) != 3 or not all(port.isdigit() for port in said):
        sys.exit(
            "SEAMLESS_AWS_PORTS: expected three ports, of the emulator, of its CloudFront and of its load balancer,"
            f" such as '5555 8443 8444', but found {' '.join(said)!r}"
        )
    emulator, users, balancer = (int(port) for port in said)
    return emulator, users, balancer


def _lab() -> Environment:
    return Environment("lab", f"{os.environ.get('SEAMLESS_LAB_SUBNET') or '10.111.0'}.10", 443, (("lab.py",),))


def _aws_emulated() -> Environment:
    tools = (("lab.py", "--inventory", "inventories/aws-emulated"), ("emulated_aws.py",))
    return Environment("aws-emulated", "127.0.0.1", aws_ports()[1], tools, AWS_LAB)


_KNOWN = {"lab": _lab, "aws-emulated": _aws_emulated}


def chosen() -> Environment:
    """The environment that ENV names; ends this program where there is none of that name."""
    name = os.environ.get("ENV") or "lab"
    if name not in _KNOWN:
        sys.exit(f"ENV: expected {' or '.join(_KNOWN)}, but found {name!r}")
    return _KNOWN[name]()
