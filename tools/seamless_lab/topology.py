# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The topology of a lab: an ordinary Ansible inventory, read as plain data.

Only what YAML says is read: host names, groups and ``lab_address``. No Ansible is loaded, which keeps
``lab.py status`` at a fraction of a second.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .errors import LabError

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
HOSTNAME = re.compile(r"[a-z][a-z0-9-]{0,62}")


@dataclass(frozen=True)
class Host:
    """One machine of the lab."""

    name: str
    address: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Topology:
    """A lab: its name (also that of its docker network), its /24 and its hosts in the inventory's order."""

    lab: str
    subnet: str
    hosts: tuple[Host, ...]

    @property
    def cidr(self) -> str:
        """The network, such as ``10.111.0.0/24``."""
        return f"{self.subnet}.0/24"

    def container(self, host: Host) -> str:
        """Name of a host's container."""
        return f"{self.lab}-{host.name}"

    def select(self, names: Iterable[str]) -> tuple[Host, ...]:
        """The hosts of these names or groups (all of them where none is given).

        :raises LabError: a name that is neither.
        """
        wanted = list(names)
        if not wanted:
            return self.hosts
        known = {name for host in self.hosts for name in (host.name, *host.groups)}
        if unknown := sorted(set(wanted) - known):
            raise LabError(f"no host or group {', '.join(unknown)} in this lab; there are {', '.join(sorted(known))}")
        return tuple(host for host in self.hosts if {host.name, *host.groups} & set(wanted))


def load(inventory: Path, lab: str, subnet: str) -> Topology:
    """Read an inventory (a file, or a folder with ``hosts.yml``) as the topology of ``lab``.

    :param subnet: first three octets.
    :raises LabError: says the file, the key, what was found and what was expected.
    """
    if not NAME.fullmatch(lab):
        raise LabError(f"SEAMLESS_LAB={lab!r}: expected lower-case letters, digits and dashes, such as 'seamless'")
    try:
        ipaddress.IPv4Network(f"{subnet}.0/24")
    except ValueError:
        raise LabError(f"SEAMLESS_LAB_SUBNET={subnet!r}: expected three octets, such as '10.111.0'") from None
    file = inventory / "hosts.yml" if inventory.is_dir() else inventory
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise LabError(f"cannot read the topology {file}: {error.strerror}; name one with --inventory") from None
    except yaml.YAMLError as error:
        raise LabError(f"{file} is not YAML: {error}") from None
    return Topology(lab, subnet, tuple(_hosts(file, content, subnet)))


def _hosts(file: Path, content: Any, subnet: str) -> Iterator[Host]:
    """Every host once, in order of first mention; variables of several mentions add up, as in Ansible.

    A host with a local connection is only a name: of a load balancer on AWS, say.
    """
    groups: dict[str, list[str]] = {}
    octets: dict[str, Any] = {}
    mentions = list(_mentions(file, content))
    local = {name for _group, name, variables in mentions if variables.get("ansible_connection") == "local"}
    for group, name, variables in mentions:
        if name in local:
            continue
        groups.setdefault(name, []).append(group)
        if "lab_address" in variables:
            octets[name] = variables["lab_address"]
    if not groups:
        raise LabError(f"{file} names no hosts; expected all.children.<group>.hosts")
    taken: dict[int, str] = {}
    for name, member_of in groups.items():
        octet = octets.get(name)
        if not isinstance(octet, int) or isinstance(octet, bool) or not 2 <= octet <= 127:
            raise LabError(f"{file}: host {name}: lab_address is {octet!r}; expected its last octet, 2 to 127")
        if not HOSTNAME.fullmatch(name):
            raise LabError(f"{file}: host {name!r}: expected lower-case letters, digits and dashes")
        if octet in taken:
            raise LabError(f"{file}: hosts {taken[octet]} and {name} both have lab_address {octet}")
        taken[octet] = name
        yield Host(name, f"{subnet}.{octet}", tuple(member_of))


def _mentions(file: Path, content: Any) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(group, host, variables) for every place that names a host, groups nested to any depth."""
    pending = [(str(group), body) for group, body in _mapping(file, "the file", content).items()]
    while pending:
        group, body = pending.pop(0)
        fields = _mapping(file, group, body)
        for name, variables in _mapping(file, f"{group}.hosts", fields.get("hosts")).items():
            yield group, str(name), _mapping(file, f"{group}.hosts.{name}", variables)
        pending += [(str(child), inner) for child, inner in _mapping(file, group, fields.get("children")).items()]


def _mapping(file: Path, where: str, value: Any) -> Mapping[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise LabError(f"{file}: {where}: expected a mapping, found {type(value).__name__}")
    return value
