# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudFront as a router: what it moves, what it refuses, and that of two writers the later lease wins."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from harness import Emulator

BLUE, GREEN = {"blue": 100, "green": 0}, {"blue": 0, "green": 100}
CANARY = {"blue": 90, "green": 10}
TABLE = "seamless"
SITE: dict[str, Any] = {
    "stack": "shop",
    "origins": [{"name": "app", "domain": "origin.example.com", "path": "/{color}"}],
    "http_version": "http2",
    "continuous_deployment": True,
}


class Viewers:
    """A distribution with its staging one, and the ledger's table."""

    def __init__(self, emulator: Emulator) -> None:
        made = emulator.must("aws_cdn", SITE)["resources"]
        self.emulator = emulator
        self.policy = made["deployment policy shop"]["id"]
        self.router = {
            "service": "shop",
            "distribution": made["distribution shop"]["id"],
            "staging": made["staging distribution shop"]["id"],
            "table": TABLE,
        }

    def split(self, split: dict[str, int], fence: int | None = 1, **more: Any) -> dict[str, Any]:
        """Ask for a split; what the module returns."""
        return self.emulator.run_module("cloudfront_split", {**self.router, "split": split, "fence": fence, **more})

    def moved(self, split: dict[str, int], fence: int | None = 1, **more: Any) -> dict[str, Any]:
        """The same, for what has to succeed."""
        done = self.split(split, fence, **more)
        assert not done.get("failed"), done["msg"]
        return done

    def seen(self) -> dict[str, Any]:
        """What cloudfront_split_info says."""
        return self.emulator.must("cloudfront_split_info", self.router)

    def path(self, which: str) -> str:
        """What the origin of ``distribution`` or ``staging`` is asked for, from AWS itself."""
        config = self.emulator.client("cloudfront").get_distribution_config(Id=self.router[which])
        path: str = config["DistributionConfig"]["Origins"]["Items"][0]["OriginPath"]
        return path

    def traffic(self) -> dict[str, Any]:
        """The policy, from AWS itself."""
        answer = self.emulator.client("cloudfront").get_continuous_deployment_policy(Id=self.policy)
        config: dict[str, Any] = answer["ContinuousDeploymentPolicy"]["ContinuousDeploymentPolicyConfig"]
        return config

    def deploying(self, **progression: Any) -> None:
        """How long a change of a distribution takes from now on: moto's own words for it."""
        body = json.dumps({"model_name": "cloudfront::distribution", "transition": progression}).encode()
        url = f"{self.emulator.url}/moto-api/state-manager/set-transition"
        urllib.request.urlopen(urllib.request.Request(url, data=body, method="POST"), timeout=10).close()


@pytest.fixture
def viewers(emulator: Emulator) -> Iterator[Viewers]:
    emulator.client("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "service", "KeyType": "HASH"}, {"AttributeName": "item", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("service", "item")],
        BillingMode="PAY_PER_REQUEST",
    )
    there = Viewers(emulator)
    yield there
    there.deploying(progression="immediate")


def writes(viewers: Viewers, before: int) -> list[str]:
    """The operations since call number *before* that changed CloudFront."""
    calls = viewers.emulator.calls()[before:]
    return [call["operation"] for call in calls if call["writes"] and call["service"] == "cloudfront"]


def test_a_canary_is_one_write_and_keeps_its_viewers(viewers: Viewers) -> None:
    assert (viewers.path("distribution"), viewers.path("staging")) == ("/blue", "/green")
    before, began = len(viewers.emulator.calls()), time.time()
    done = viewers.moved(CANARY, expect=BLUE)
    ended = time.time()
    assert (done["changed"], done["before"], done["after"]) == (True, BLUE, CANARY)
    assert writes(viewers, before) == ["UpdateContinuousDeploymentPolicy"]
    config = viewers.traffic()["TrafficConfig"]["SingleWeightConfig"]
    assert (viewers.traffic()["Enabled"], config["Weight"]) == (True, pytest.approx(0.1))
    assert config["SessionStickinessConfig"] == {"IdleTTL": 300, "MaximumTTL": 3600}
    again = viewers.moved(CANARY)
    assert (again["changed"], viewers.seen()["split"], viewers.seen()["fence"]) == (False, CANARY, 1)
    assert began <= again["in_force_since"] <= ended
    assert viewers.moved(BLUE)["changed"] is True
    assert viewers.traffic()["Enabled"] is False


def test_everything_is_a_promotion_and_the_way_back_stays_open(viewers: Viewers) -> None:
    viewers.moved(CANARY)
    before = len(viewers.emulator.calls())
    assert viewers.moved(GREEN, expect=CANARY)["after"] == GREEN
    assert writes(viewers, before) == ["UpdateDistributionWithStagingConfig", "UpdateDistribution"]
    assert (viewers.path("distribution"), viewers.path("staging")) == ("/green", "/blue")
    assert viewers.seen()["split"] == GREEN
    assert viewers.moved(GREEN)["changed"] is False
    assert viewers.moved(BLUE, expect=GREEN)["after"] == BLUE
    assert (viewers.path("distribution"), viewers.path("staging")) == ("/blue", "/green")


def test_the_declaration_leaves_both_colors_where_they_are(viewers: Viewers) -> None:
    viewers.moved(GREEN)
    viewers.moved({"blue": 5, "green": 95})
    assert viewers.emulator.must("aws_cdn", SITE)["changed"] is False
    changed = viewers.emulator.must("aws_cdn", {**SITE, "price_class": "All"})
    assert [line for line in changed["plan"] if line.startswith("~")] == [
        "~ change distribution shop: price_class",
        "~ change staging distribution shop: price_class",
    ]
    assert viewers.seen()["split"] == {"blue": 5, "green": 95}
    assert (viewers.path("distribution"), viewers.path("staging")) == ("/green", "/blue")


def test_testers_have_a_header_while_nobody_else_is_there(viewers: Viewers) -> None:
    asked = {"testers_header": "aws-cf-cd-color"}
    viewers.moved(BLUE, **asked)
    header = {"Header": "aws-cf-cd-color", "Value": "green"}
    assert viewers.traffic()["TrafficConfig"] == {"Type": "SingleHeader", "SingleHeaderConfig": header}
    assert viewers.seen()["split"] == BLUE
    assert viewers.moved(BLUE, **asked)["changed"] is False
    assert viewers.moved(CANARY, **asked)["after"] == CANARY
    assert viewers.moved(GREEN, **asked)["after"] == GREEN
    assert viewers.moved(GREEN, **asked)["changed"] is True
    assert viewers.traffic()["TrafficConfig"]["SingleHeaderConfig"]["Value"] == "blue"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"split": {"blue": 50, "green": 50}}, "RouterError"),
        ({"split": {"blue": 84, "green": 16}}, "RouterError"),
        ({"split": GREEN, "expect": BLUE}, "UnexpectedSplit"),
        ({"split": GREEN, "fence": 4}, "StaleFence"),
        ({"split": {"blue": 50, "green": 40}}, "ValueError"),
        ({"split": GREEN, "at": 1.0}, "OutOfTime"),
        ({"split": BLUE, "stickiness": 5}, "ValueError"),
        ({"split": BLUE, "testers_header": "X-Color"}, "ValueError"),
        ({"split": BLUE, "table": "none"}, "RouterError"),
    ],
)
def test_what_is_refused_changes_nothing(viewers: Viewers, asked: dict[str, Any], reason: str) -> None:
    viewers.moved(CANARY, fence=5)
    before = len(viewers.emulator.calls())
    refused = viewers.split(asked.pop("split"), asked.pop("fence", 5), **asked)
    assert refused.get("failed"), refused
    assert refused["reason"] == reason
    assert writes(viewers, before) == []


def test_what_is_not_deployed_everywhere_gets_nobody(viewers: Viewers) -> None:
    viewers.deploying(progression="manual", times=1000)
    viewers.moved(GREEN)
    refused = viewers.split(BLUE)
    assert refused["reason"] == "NotReady"
    assert f"{viewers.router['staging']}: InProgress" in refused["msg"]
    assert viewers.path("distribution") == "/green"
    viewers.deploying(progression="immediate")
    assert viewers.moved(BLUE)["after"] == BLUE


def test_check_mode_writes_nothing(viewers: Viewers) -> None:
    asked = {**viewers.router, "split": GREEN, "fence": 1}
    would, written = viewers.emulator.counting(lambda: viewers.emulator.must("cloudfront_split", asked, check=True))
    assert (would["changed"], written, viewers.seen()["split"]) == (True, [], BLUE)


def test_a_staging_distribution_of_the_wrong_color_is_brought_to_the_right_one(viewers: Viewers) -> None:
    cloudfront = viewers.emulator.client("cloudfront")
    there = cloudfront.get_distribution_config(Id=viewers.router["staging"])
    there["DistributionConfig"]["Origins"]["Items"][0]["OriginPath"] = "/blue"
    cloudfront.update_distribution(
        Id=viewers.router["staging"], IfMatch=there["ETag"], DistributionConfig=there["DistributionConfig"]
    )
    assert viewers.seen()["pools"]["green"]["total"] == 0
    asked = {**viewers.router, "split": CANARY, "fence": 1}
    assert viewers.emulator.must("cloudfront_split", asked, check=True)["changed"] is True
    before = len(viewers.emulator.calls())
    viewers.moved(CANARY)
    assert writes(viewers, before) == ["UpdateDistribution", "UpdateContinuousDeploymentPolicy"]
    assert viewers.path("staging") == "/green"


@pytest.mark.parametrize("split", [CANARY, GREEN])
@pytest.mark.parametrize(
    "trouble", [{"done": True}, {"done": False}, {"code": "PreconditionFailed", "status": 412}], ids=str
)
def test_a_lost_answer_is_looked_up(viewers: Viewers, split: dict[str, int], trouble: dict[str, Any]) -> None:
    failing = [
        {"operation": name, **trouble}
        for name in ("UpdateContinuousDeploymentPolicy", "UpdateDistributionWithStagingConfig")
    ]
    viewers.emulator.trouble(failing=failing)
    assert viewers.moved(split)["after"] == split
    viewers.emulator.trouble()
    assert viewers.seen()["split"] == split
    assert viewers.path("staging") == ("/green" if split == CANARY else "/blue")


def test_who_was_overtaken_is_refused(viewers: Viewers) -> None:
    viewers.moved(CANARY, fence=7)
    assert viewers.split(BLUE, fence=6)["reason"] == "StaleFence"
    assert viewers.seen()["split"] == CANARY


def test_broken_glass_is_noted(viewers: Viewers) -> None:
    viewers.moved(CANARY, fence=7)
    done = viewers.moved(BLUE, fence=None, break_glass="errors at checkout", who="ada")
    assert (done["after"], done["fence"]) == (BLUE, 8)
    note = viewers.seen()["notes"][0]
    assert (note["who"], note["reason"], note["before"], note["after"]) == ("ada", "errors at checkout", CANARY, BLUE)
    assert viewers.split(CANARY, fence=7)["reason"] == "StaleFence"
    cleared = viewers.emulator.must("cloudfront_split", {**viewers.router, "clear_notes": 1, "fence": 8})
    assert (cleared["notes_cleared"], viewers.seen()["notes"]) == (1, [])


def test_broken_glass_without_the_table_is_noted_on_the_distribution(viewers: Viewers) -> None:
    viewers.moved(CANARY)
    viewers.emulator.trouble(failing=[{"operation": "UpdateItem", "times": 99, "code": "AccessDenied", "status": 400}])
    assert viewers.moved(BLUE, fence=None, break_glass="errors", who="ada")["after"] == BLUE
    viewers.emulator.trouble()
    assert "ada" in viewers.seen()["notes"][0]["on_distribution"]
    viewers.emulator.must("cloudfront_split", {**viewers.router, "clear_notes": 1, "fence": 1})
    assert viewers.seen()["notes"] == []


def test_without_colors_there_is_nothing_to_divide(emulator: Emulator, viewers: Viewers) -> None:
    plain = {**SITE, "origins": [{"name": "app", "domain": "origin.example.com"}], "continuous_deployment": False}
    made = emulator.must("aws_cdn", {**plain, "stack": "plain"})["resources"]["distribution plain"]["id"]
    refused = emulator.run_module("cloudfront_split_info", {**viewers.router, "distribution": made})
    assert "to have a continuous deployment policy" in refused["msg"]
