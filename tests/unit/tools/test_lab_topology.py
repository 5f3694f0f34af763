# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory, read as a topology; and what it says when the inventory is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from seamless_lab.errors import LabError
from seamless_lab.topology import Topology, load

INVENTORIES = Path(__file__).resolve().parents[3] / "inventories"


def read(tmp_path: Path, text: str) -> Topology:
    file = tmp_path / "hosts.yml"
    file.write_text(text, encoding="utf-8")
    return load(file, "mine", "10.9.8")


def test_lab_inventory_is_a_topology() -> None:
    lab = load(INVENTORIES / "lab", "seamless", "10.111.0")
    assert {host.name: host.address for host in lab.hosts} == {
        "lb1": "10.111.0.11",
        "lb2": "10.111.0.12",
        "app1": "10.111.0.21",
        "app2": "10.111.0.22",
        "app3": "10.111.0.23",
        "app4": "10.111.0.24",
        "ops1": "10.111.0.31",
    }
    assert lab.cidr == "10.111.0.0/24"
    assert lab.container(lab.hosts[0]) == "seamless-lb1"


def test_host_of_two_groups_is_one_host() -> None:
    lab = load(INVENTORIES / "lab_shared", "seamless", "10.111.0")
    assert [host.name for host in lab.hosts] == ["lb1", "lb2", "app1", "app2", "ops1"]
    assert {host.name: host.groups for host in lab.hosts}["app1"] == ("blue", "green")


def test_selects_by_host_and_group_in_inventory_order() -> None:
    lab = load(INVENTORIES / "lab", "seamless", "10.111.0")
    assert [host.name for host in lab.select(["blue", "lb2"])] == ["lb2", "app1", "app2"]
    assert lab.select([]) == lab.hosts


def test_unknown_selection_names_what_there_is() -> None:
    lab = load(INVENTORIES / "lab", "seamless", "10.111.0")
    with pytest.raises(LabError, match=r"no host or group lb9 .* blue, green, lb1"):
        lab.select(["lb9", "lb1"])


def test_nested_groups_and_variables_of_a_second_mention(tmp_path: Path) -> None:
    lab = read(
        tmp_path,
        "all: {hosts: {a: }, children: {web: {children: {blue: {hosts: {a: {lab_address: 5}}}}}}}",
    )
    assert [(host.name, host.address, host.groups) for host in lab.hosts] == [("a", "10.9.8.5", ("all", "blue"))]


def test_a_host_with_a_local_connection_is_no_machine(tmp_path: Path) -> None:
    lab = read(tmp_path, "all: {hosts: {a: {lab_address: 5}, alb: {ansible_connection: local}}}")
    assert [host.name for host in lab.hosts] == ["a"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("all: {children: {}}", "names no hosts"),
        ("all: {hosts: {a: }}", "host a: lab_address is None; expected its last octet"),
        ("all: {hosts: {a: {lab_address: 1}}}", "lab_address is 1"),  # the gateway
        ("all: {hosts: {a: {lab_address: 128}}}", "lab_address is 128"),  # docker's own range
        ("all: {hosts: {a: {lab_address: true}}}", "lab_address is True"),
        ("all: {hosts: {a: {lab_address: '7'}}}", "lab_address is '7'"),
        ("all: {hosts: {a: {lab_address: 7}, b: {lab_address: 7}}}", "a and b both have lab_address 7"),
        ("all: {hosts: {a_b: {lab_address: 7}}}", "host 'a_b': expected lower-case"),
        ("all: {hosts: [a]}", "all.hosts: expected a mapping, found list"),
        ("- a", "the file: expected a mapping"),
        ("a: [", "is not YAML"),
    ],
)
def test_wrong_inventory_says_what_and_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LabError) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)
    assert "hosts.yml" in str(caught.value)


@pytest.mark.parametrize(
    ("lab", "subnet", "message"),
    [
        ("Mine", "10.1.1", "SEAMLESS_LAB='Mine'"),
        ("-x", "10.1.1", "SEAMLESS_LAB='-x'"),
        ("mine", "10.1", "SEAMLESS_LAB_SUBNET='10.1'"),
        ("mine", "10.1.999", "SEAMLESS_LAB_SUBNET='10.1.999'"),
    ],
)
def test_wrong_name_or_subnet(lab: str, subnet: str, message: str) -> None:
    with pytest.raises(LabError, match=message):
        load(INVENTORIES / "lab", lab, subnet)


def test_missing_inventory_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="--inventory"):
        load(tmp_path / "nowhere.yml", "mine", "10.1.1")
