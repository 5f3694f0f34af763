# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records and certificates: rollouts keep their weights, others keep their records, and a new one precedes the old."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from harness import Emulator

_GRID = Path(__file__).parent / "grid" / "certificate.py"
_WWW = {"name": "www.example.com", "values": ["192.0.2.1"]}
_ISSUED = {"stack": "shop", "domain": "www.example.com"}


def _dns(*records: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"stack": "shop", "zone": "example.com", "records": list(records), **more}


@pytest.fixture
def zone(emulator: Emulator) -> str:
    """The id of a hosted zone that is not the stack's."""
    made = emulator.client("route53").create_hosted_zone(Name="example.com", CallerReference="ours")
    return str(made["HostedZone"]["Id"])


def _records(emulator: Emulator, zone: str, kind: str) -> list[dict[str, Any]]:
    listed = emulator.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [one for one in listed if one["Type"] == kind]


def _put(emulator: Emulator, zone: str, record: dict[str, Any]) -> None:
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    emulator.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def test_a_weight_that_a_rollout_has_moved_stays(emulator: Emulator, zone: str) -> None:
    split = {**_WWW, "set": "eu", "first_weight": 100}
    emulator.must("aws_dns", _dns(split))
    (record,) = _records(emulator, zone, "A")
    _put(emulator, zone, {**record, "Weight": 20})
    assert emulator.must("aws_dns", _dns(split))["changed"] is False
    emulator.must("aws_dns", _dns({**split, "ttl": 5}))
    (record,) = _records(emulator, zone, "A")
    assert (record["Weight"], record["TTL"]) == (20, 5)


def test_a_record_of_others_is_refused_and_kept(emulator: Emulator, zone: str) -> None:
    theirs = {"Name": "www.example.com", "Type": "A", "TTL": 1, "ResourceRecords": [{"Value": "192.0.2.9"}]}
    _put(emulator, zone, theirs)
    refused, written = emulator.counting(lambda: emulator.run_module("aws_dns", _dns(_WWW)))
    assert "does not belong to this stack" in refused["msg"]
    assert written == []
    emulator.must("aws_dns", _dns(state="absent", deletion_protection=False))
    assert len(_records(emulator, zone, "A")) == 1


def test_a_marked_record_is_adopted(emulator: Emulator, zone: str) -> None:
    theirs = {"Name": "www.example.com", "Type": "A", "TTL": 1, "ResourceRecords": [{"Value": "192.0.2.9"}]}
    _put(emulator, zone, theirs)
    value = [{"Value": '"seamless:stack=shop"'}]
    _put(emulator, zone, {"Name": "_seamless-a.www.example.com", "Type": "TXT", "TTL": 300, "ResourceRecords": value})
    assert emulator.must("aws_dns", _dns(_WWW))["plan"] == ["~ change record www.example.com A: ttl, values"]


@pytest.mark.usefixtures("emulator")
def test_a_zone_that_is_not_there_is_said(emulator: Emulator) -> None:
    refused, written = emulator.counting(lambda: emulator.run_module("aws_dns", _dns(_WWW)))
    assert "hosted zone example.com" in refused["msg"]
    assert written == []


def test_two_stacks_share_a_validation_record_until_the_last_goes(emulator: Emulator, zone: str) -> None:
    for stack in ("shop", "other"):
        emulator.must("aws_certificate", {**_ISSUED, "stack": stack})
    for stack, left in (("shop", 1), ("other", 0)):
        emulator.must("aws_certificate", {**_ISSUED, "stack": stack, "state": "absent"})
        assert len(_records(emulator, zone, "CNAME")) == left
    assert not _records(emulator, zone, "TXT")


@pytest.mark.usefixtures("zone")
def test_a_new_certificate_precedes_the_old_one_which_stays_while_it_is_used(emulator: Emulator) -> None:
    emulator.must("aws_network", {"stack": "shop"})
    old = emulator.must("aws_certificate", _ISSUED)["resources"]["certificate shop"]["arn"]
    https = {"port": 443, "protocol": "HTTPS", "certificate": old}
    emulator.must("aws_load_balancer", {"stack": "shop", "listeners": [https]})
    wider = {**_ISSUED, "alternative_names": ["api.example.com"]}
    done = emulator.must("aws_certificate", wider)
    assert done["plan"] == ["+ create certificate shop"]
    assert done["resources"]["certificate shop"]["arn"] != old
    assert emulator.must("aws_certificate", wider)["changed"] is False
    arns = [one["CertificateArn"] for one in emulator.client("acm").list_certificates()["CertificateSummaryList"]]
    assert old in arns


@pytest.mark.usefixtures("zone")
def test_a_load_balancer_takes_the_stacks_certificate(emulator: Emulator) -> None:
    emulator.must("aws_network", {"stack": "shop"})
    arn = emulator.must("aws_certificate", _ISSUED)["resources"]["certificate shop"]["arn"]
    emulator.must("aws_load_balancer", {"stack": "shop", "listeners": [{"port": 443, "protocol": "HTTPS"}]})
    balancers = emulator.client("elbv2").describe_load_balancers()["LoadBalancers"]
    (listener,) = emulator.client("elbv2").describe_listeners(LoadBalancerArn=balancers[0]["LoadBalancerArn"])[
        "Listeners"
    ]
    assert listener["Certificates"] == [{"CertificateArn": arn}]


def test_in_one_stack_a_listener_gets_the_new_certificate_before_the_old_one_goes(emulator: Emulator) -> None:
    stack: dict[str, Any] = {
        "stack": "shop",
        "network": {},
        "dns": _dns({"name": "example.com", "alias": "load_balancer"}, create_zone=True),
        "certificate": {"domain": "example.com"},
        "load_balancer": {"listeners": [{"port": 443, "protocol": "HTTPS"}]},
    }
    del stack["dns"]["stack"]
    emulator.must("aws_stack", stack)
    wider = {**stack, "certificate": {"domain": "example.com", "alternative_names": ["*.example.com"]}}
    created, changed, deleted = emulator.must("aws_stack", wider)["plan"]
    assert (created, changed) == ("+ create certificate shop", "~ change listener shop:443: certificate")
    assert deleted.startswith("- delete certificate shop-")
    assert emulator.must("aws_stack", wider)["changed"] is False


def test_a_record_whose_removal_was_not_answered_is_gone(emulator: Emulator, zone: str) -> None:
    emulator.must("aws_dns", _dns(_WWW))
    lost = {"operation": "ChangeResourceRecordSets", "code": "InternalError", "done": True}
    emulator.trouble(failing=[lost])
    done = emulator.must("aws_dns", _dns(deletion_protection=False))
    assert done["plan"] == ["- delete record www.example.com A"]
    assert not _records(emulator, zone, "A")


def test_a_certificate_without_a_zone_says_what_to_do(emulator: Emulator) -> None:
    refused = emulator.run_module("aws_certificate", _ISSUED)
    assert "expected a public hosted zone of this account" in refused["msg"]
    emulator.client("route53").create_hosted_zone(Name="example.com", CallerReference="ours")
    assert emulator.must("aws_certificate", _ISSUED)["plan"] == ["~ change certificate shop: valid"]


def test_an_imported_certificate_that_ends_soon_needs_a_successor(emulator: Emulator) -> None:
    spec = importlib.util.spec_from_file_location("grid_certificate", _GRID)
    assert spec and spec.loader
    grid = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(grid)
    old, new = ({"stack": "shop", "imported": grid._own(days), "renew_before": 30} for days in (20, 90))
    emulator.must("aws_certificate", old)
    refused, written = emulator.counting(lambda: emulator.run_module("aws_certificate", old))
    assert "give its successor in imported" in refused["msg"]
    assert written == []
    assert old["imported"]["private_key"][30:60] not in str(refused)
    emulator.must("aws_certificate", new)
    assert emulator.must("aws_certificate", new)["changed"] is False
