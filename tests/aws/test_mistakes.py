# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stack that is declared with the mistakes that people make: told where and what, before anything changes."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing import concern, declared

_HTTP = {"port": 80, "protocol": "HTTP"}
_DATABASE = {"engine": "postgres", "version": "16", "instance_class": "db.m7g.large"}


def balancer(**listener: Any) -> dict[str, Any]:
    """A load balancer with one listener."""
    return {"load_balancer": {"listeners": [{**_HTTP, **listener}]}}


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing is declared": ({"network": None}, "expected at least one of network, ledger, "),
    "a wrong type": ({"network": {"zones": {"a": 1}}}, "network: argument 'zones' is of type dict"),
    "another key": (balancer(prot="HTTP"), "load_balancer.listeners.prot: no such option: did you mean "),
    "no certificate": (balancer(port=443, protocol="HTTPS"), "load_balancer: listeners.certificate: this stack has no"),
    "a certificate's name": (
        balancer(port=443, protocol="HTTPS", certificate="shop"),
        "load_balancer: listeners: port 443: certificate: expected the ARN",
    ),
    "another sort of listener": (
        balancer(protocol="TCP"),
        "load_balancer: listeners: port 80: protocol: expected HTTP",
    ),
    "a name that is too long": ({"stack": "the-shop-for-books-and-music"}, "stack: expected at most 26 small letters"),
    "a range that is too small": ({"network": {"cidr": "10.0.0.0/28"}}, "network: cidr: expected an IPv4 range"),
    "zones of another region": ({"network": {"zones": ["eu-west-1a", "us-east-1b"]}}, "but found eu-west-1a"),
    "more zones than there are": ({"network": {"zone_count": 8}}, "network: zone_count: expected at most the 6 zones"),
    "one zone alone": ({"network": {"zone_count": 1}, **balancer()}, "load_balancer: subnets: expected 2 or more"),
    "one zone and a database": (
        {"network": {"zone_count": 1}, "database": _DATABASE},
        "database: subnets: expected 2 or more",
    ),
    "windows that overlap": (
        {"database": {**_DATABASE, "backup": {"window": "03:00-04:00"}, "maintenance_window": "Sun:03:00-Sun:04:00"}},
        "database: maintenance_window: expected it apart from backup.window",
    ),
    "an odd tag": ({"tags": {"team": "a#b"}}, "tags.team: expected at most 256 letters"),
    "a tag of ours": ({"tags": {"seamless:stack": "other"}}, "tags: expected other keys"),
    "no load balancer": (
        {"cdn": {"origins": [{"name": "app"}]}},
        "cdn: origins.domain: this stack has no load balancer",
    ),
    "a machine image's name": (
        {**balancer(), "compute": {"image": "ubuntu", "instance_types": ["t3.micro"], "size": {"min": 1, "max": 2}}},
        "compute: image: expected ami-",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_before_anything_changes(emulator: Emulator, mistake: str) -> None:
    wrong, told = MISTAKES[mistake]
    asked = {"stack": "shop", "network": {}, **wrong}
    failed, written = emulator.counting(lambda: emulator.run_module("aws_stack", asked))
    assert told in failed["msg"]
    assert written == []


@pytest.mark.parametrize(
    ("mistake", "unchecked", "refusal"),
    [
        ("another sort of listener", mock.patch.object(concern, "check", return_value=[]), "elbv2 CreateListener"),
        ("one zone alone", mock.patch.dict(declared._ZONES, application=1), "At least two subnets"),
    ],
)
def test_aws_would_have_refused_it_half_way(emulator: Emulator, mistake: str, unchecked: Any, refusal: str) -> None:
    """The negative control: without the check, the same declaration leaves half a stack."""
    asked = {"stack": "shop", "network": {}, **MISTAKES[mistake][0]}
    with unchecked:
        failed, written = emulator.counting(lambda: emulator.run_module("aws_stack", asked))
    assert refusal in failed["msg"]
    assert written != []


def test_stacks_whose_names_begin_the_same_keep_apart(emulator: Emulator) -> None:
    compute = {"image": "ami-12c6146b", "instance_types": ["t3.micro"], "size": {"min": 1, "max": 2}}
    shop, blue = ({"stack": stack, "network": {}, **balancer(), "compute": compute} for stack in ("shop", "shop-blue"))
    emulator.must("aws_stack", blue)
    alone = emulator.state()
    emulator.must("aws_stack", shop)
    assert emulator.must("aws_stack", blue)["plan"] == []
    emulator.must("aws_stack", {**shop, "state": "absent", "deletion_protection": False})
    assert emulator.state() == alone
    assert emulator.must("aws_stack", blue)["plan"] == []
