# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What others have switched on for the whole account counts as fulfilled, and nobody switches it off."""

from __future__ import annotations

from typing import Any

from harness import Emulator

DECLARED: dict[str, Any] = {
    "stack": "shop",
    "topic": "arn:aws:sns:us-east-1:123456789012:shop",
    "guardduty": {"features": ["s3"]},
    "inspector": ["EC2", "ECR"],
    "security_hub": {},
    "deletion_protection": False,
}


def _on(emulator: Emulator) -> dict[str, Any]:
    """What is on, whoever did it."""
    detectors = emulator.client("guardduty").list_detectors()["DetectorIds"]
    states = emulator.client("inspector2").batch_get_account_status()["accounts"]
    hub = emulator.client("securityhub")
    return {
        "detectors": [emulator.client("guardduty").get_detector(DetectorId=one)["Features"] for one in detectors],
        "scans": {sort for one in states for sort, its in one["resourceState"].items() if its["status"] == "ENABLED"},
        "hub": hub.describe_hub()["SubscribedAt"],
        "standards": hub.get_enabled_standards()["StandardsSubscriptions"],
    }


def test_what_others_switched_on_is_left_as_it_is(emulator: Emulator) -> None:
    features = [{"Name": "EKS_AUDIT_LOGS", "Status": "ENABLED"}]
    emulator.client("guardduty").create_detector(Enable=True, Features=features, Tags={"seamless:stack": "other"})
    emulator.client("inspector2").enable(resourceTypes=["EC2"])
    emulator.client("securityhub").enable_security_hub(EnableDefaultStandards=False)
    before = _on(emulator)

    made = emulator.must("aws_security", DECLARED)
    assert made["plan"] == ["+ create findings rule shop-findings", "+ create Inspector scan ECR"]
    assert _on(emulator) == {**before, "scans": {"ec2", "ecr"}}

    gone = emulator.must("aws_security", {**DECLARED, "state": "absent"})
    assert gone["plan"] == ["- delete Inspector scan ECR", "- delete findings rule shop-findings"]
    assert _on(emulator) == before


def test_a_detector_that_others_suspended_is_no_detector(emulator: Emulator) -> None:
    emulator.client("guardduty").create_detector(Enable=False)
    refused = emulator.run_module("aws_security", DECLARED)
    assert refused["failed"] is True
    assert "GuardDuty detector shop exists already and does not belong to this stack" in refused["msg"]


def test_a_run_that_died_between_mark_and_scan_is_gone_on_with(emulator: Emulator) -> None:
    # The mark may be there already, and the scan not yet.
    declared = {**DECLARED, "guardduty": None, "security_hub": None}
    emulator.trouble(failing=[{"operation": "Enable", "times": 20, "code": "AccessDeniedException", "status": 403}])
    died = emulator.run_module("aws_security", declared)
    assert "not allowed" in died["msg"]
    emulator.trouble()
    assert _scans(emulator.must("aws_security", declared)) == {"EC2", "ECR"}
    gone = emulator.must("aws_security", {**declared, "state": "absent"})
    assert gone["counts"]["delete"] == 3


def _scans(made: dict[str, Any]) -> set[str]:
    return {name.rpartition(" ")[2] for name in made["resources"] if name.startswith("Inspector scan ")}
