# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudWatch as a metric source: what the load balancer counted is what the judge is told."""

from __future__ import annotations

import time
from typing import Any

import pytest
from emulator.meter import Meter
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.base import Source, SourceError
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.cloudwatch import counting
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.juries import CanaryJury

EDGES = (0.1, 1)
PERIOD, DELAY = 60, 120
BEGAN = time.time() // PERIOD * PERIOD - 900


class Site:
    """A stack's load balancer, what it counts, and a clock that stands still."""

    def __init__(self, emulator: Emulator) -> None:
        own = emulator.own_network()
        pools = {"target_type": "ip", "health": {"path": "/readyz"}}
        listeners = [{"port": 80, "protocol": "HTTP"}]
        self.emulator = emulator
        declared = {"stack": "shop", **own, "listeners": listeners, "pools": pools}
        made = emulator.must("aws_load_balancer", declared)["resources"]
        self.arn = made["load balancer shop"]["arn"]
        self.groups = {color: made[f"target group shop-{color}"]["arn"] for color in ("blue", "green")}
        self.now = BEGAN
        self.meter = Meter(emulator.url, PERIOD, lambda: self.now)

    def answer(self, color: str, requests: int, status: int = 200, seconds: float = 0.02) -> None:
        """So many requests of a color, in the period that is now."""
        for _ in range(requests):
            self.meter.asked(self.groups[color])
            self.meter.answered(self.groups[color], status, seconds)

    def end_period(self) -> None:
        """The period is told, and as old as it has to be to be counted."""
        self.meter.put(self.arn, int(self.now))
        self.now += PERIOD

    def source(self, **more: Any) -> Source:
        """The source as a service declares it."""
        declared = {"stack": "shop", "period": PERIOD, "delay": DELAY, "region": "us-east-1", "profile": None}
        return counting({**declared, "endpoint_url": self.emulator.url, **more}, EDGES, BEGAN, lambda: self.now + DELAY)


@pytest.fixture
def site(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.connection["access_key"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.connection["secret_key"])
    return Site(emulator)


def counts(source: Source) -> dict[str, Counts]:
    (sample,) = source.read().samples
    return {color: routes["other"] for color, routes in sample.counts.items()}


def test_what_the_load_balancer_counted_is_told_with_one_call_a_period(site: Site) -> None:
    source = site.source()
    assert counts(source) == dict.fromkeys(("blue", "green"), Counts(0, 0, (0, 0)))
    site.answer("blue", 80)
    site.answer("blue", 7, seconds=0.1)  # an edge belongs to those that are within it
    site.answer("blue", 5, status=404, seconds=0.4)
    site.answer("blue", 3, status=503, seconds=2)
    site.end_period()
    before = len(site.emulator.calls())
    assert counts(source) == {"blue": Counts(95, 3, (8, 3)), "green": Counts(0, 0, (0, 0))}
    assert site.emulator.operations(before) == [
        "DescribeLoadBalancers",
        "DescribeListeners",
        "DescribeTargetGroups",
        "GetMetricData",
    ]
    site.answer("green", 10)
    site.end_period()
    before = len(site.emulator.calls())
    assert counts(source)["green"] == Counts(10, 0, (0, 0))
    assert site.emulator.operations(before) == ["GetMetricData"]


def test_a_target_that_breaks_off_costs_its_own_color(site: Site) -> None:
    site.answer("blue", 300)
    site.answer("green", 80)
    for _ in range(20):
        site.meter.asked(site.groups["green"])
        site.meter.failed()
    site.end_period()
    found = counts(site.source())
    assert (found["blue"].errors, found["green"].errors, found["green"].requests) == (0, 20, 100)


def test_the_first_period_is_enough_to_find_a_bad_release(site: Site) -> None:
    jury = CanaryJury(Settings(warmup=0, missing_polls=1000), "green", ("v2", "v1"))
    source, words = site.source(), []
    site.answer("blue", 900)
    site.answer("green", 100, status=500)
    for second in range(3 * PERIOD):
        if second == 2 * PERIOD:
            site.end_period()
        found = jury.observe(BEGAN + second, source.read())
        words.append((found.word, found.decided))
    assert words[2 * PERIOD - 1] == ("inconclusive", False), "nothing is known yet, which is no verdict"
    assert words[2 * PERIOD] == ("regressed", True)


def test_throttling_is_said_and_passes(site: Site) -> None:
    source = site.source()
    site.answer("blue", 10)
    site.end_period()
    site.emulator.trouble(failing=[{"operation": "GetMetricData", "code": "Throttling", "status": 400}])
    reading = source.read()
    assert reading.samples == ()
    assert "GetMetricData was not answered in time" in reading.missing["shop"]
    site.now += PERIOD / 6
    assert counts(source)["blue"].requests == 10


def test_without_credentials_a_person_is_told(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    site.now += PERIOD
    with pytest.raises(SourceError, match=r"service.metrics.source: .*credentials"):
        site.source().read()
    with pytest.raises(SourceError, match="profile"):
        site.source(profile="nobody").read()


def test_a_stack_without_a_load_balancer_is_refused(site: Site) -> None:
    site.now += PERIOD
    with pytest.raises(SourceError, match="the stack other has no load balancer"):
        site.source(stack="other").read()
