# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What two real load balancers count of their users, asked directly and through a real Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import prometheus_server
import pytest
from balancing import BALANCERS, addresses
from browsers import Browser, visit
from haproxy_lab import Lab, eventually

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.arithmetic import NOTHING, pooled, since
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts, Reading
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.base import Source
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.registry import open_source

pytestmark = pytest.mark.lab

PORT = 8405
PAGE = "/seamless/counts/storefront"
EDGES = [0.1, 0.25, 0.5, 1, 2.5]
SERVICE = {"name": "storefront", "metrics": {"edges": EDGES}}


@pytest.fixture(scope="module")
def direct(balanced: Lab) -> Source:
    return open_source({"type": "haproxy", "port": PORT}, SERVICE, addresses(balanced), 0)


@pytest.fixture(scope="module")
def prometheus(balanced: Lab) -> str:
    targets = {host: f"{address}:{PORT}" for host, address in addresses(balanced).items()}
    prometheus_server.start(balanced, "ops1", targets, PAGE, "/metrics")
    return f"http://{balanced.subnet}.31:{prometheus_server.PORT}"


def asking(url: str, series: str, service: dict[str, Any]) -> Source:
    declared: dict[str, Any] = {
        "type": "prometheus",
        "url": url,
        "ca_file": None,
        "series": series,
        "selector": None,
        "color_label": "color",
        "route_label": None,
        "origin_label": "instance",
        "status_label": "code",
        "queries": {},
    }
    return open_source(declared, service, {}, 0)


@pytest.fixture(scope="module")
def scraped(prometheus: str) -> Source:
    return asking(prometheus, "load_balancers", SERVICE)


@pytest.fixture(scope="module")
def exported(prometheus: str) -> Source:
    return asking(prometheus, "haproxy_exporter", {**SERVICE, "metrics": {"edges": []}})


def both(reading: Reading) -> dict[str, dict[str, Counts]]:
    """The counts by color and route, of both load balancers together."""
    assert {sample.origin for sample in reading.samples} == set(BALANCERS), reading.missing
    colors: dict[str, dict[str, Counts]] = {}
    for sample in reading.samples:
        for color, routes in sample.counts.items():
            colors[color] = pooled(colors.get(color, {}), routes)
    return colors


def differences(before: Reading, after: Reading) -> dict[tuple[str, str], Counts]:
    """What was counted in between, by color and route."""
    was, now = both(before), both(after)
    return {
        (color, route): since(was[color].get(route, NOTHING), counts)[0]
        for color, routes in now.items()
        for route, counts in routes.items()
    }


def send(lab: Lab, path: str, number: int) -> None:
    visit(list(addresses(lab).values()), lab.ca_file, [Browser({"sid": str(user)}) for user in range(number)], path)


def ready(lab: Lab, green: int) -> None:
    assert eventually(
        lambda: min(lab.router(host, "min(p.healthy for p in router.pools().values())") for host in BALANCERS) == 2
    )
    with ThreadPoolExecutor() as threads:
        assert all("refused" not in done for done in threads.map(lambda host: lab.write(host, green), BALANCERS))


def test_every_answer_is_counted_once_where_it_belongs_and_prometheus_says_the_same(
    balanced: Lab, direct: Source, scraped: Source
) -> None:
    ready(balanced, 100)
    before = direct.read()
    send(balanced, "/", 200)
    send(balanced, "/error", 30)
    send(balanced, "/after/300", 10)
    after = direct.read()
    counted = differences(before, after)
    green = counted["green", "other"]
    assert (green.requests, green.errors) == (230, 30)
    assert green.slower[1:] == (0,) * (len(EDGES) - 1), "the health of this machine is no matter of 250 ms"
    slow = counted["green", "after"]
    assert (slow.requests, slow.errors) == (10, 0)
    assert slow.slower == (10, 10, 0, 0, 0), "by the edges 0.1, 0.25, 0.5, 1 and 2.5 s"
    assert counted["blue", "other"].requests == 0

    assert eventually(lambda: both(scraped.read()) == both(after)), (both(scraped.read()), both(after))
    newest = scraped.read().samples
    assert all(0 <= time.time() - sample.at < 5 for sample in newest), "as old as the scrape"


def test_prometheus_tells_the_same_of_errors_where_it_scrapes_the_exporters_of_haproxy(
    balanced: Lab, exported: Source
) -> None:
    ready(balanced, 100)
    now = time.time()
    assert eventually(lambda: min((sample.at for sample in exported.read().samples), default=0) > now)
    before = exported.read()
    send(balanced, "/", 50)
    send(balanced, "/error", 30)
    send(balanced, "/after/300", 10)
    sent = {("green", "other"): Counts(90, 30), ("blue", "other"): Counts(0, 0)}
    assert eventually(lambda: differences(before, exported.read()) == sent), differences(before, exported.read())


@pytest.mark.parametrize("asked", ["direct", "scraped", "exported"])
def test_a_reload_begins_anew_and_says_so(balanced: Lab, asked: str, request: pytest.FixtureRequest) -> None:
    source: Source = request.getfixturevalue(asked)
    before = {sample.origin: sample.incarnation for sample in source.read().samples}
    balanced.sh("lb1", "systemctl reload haproxy")
    assert eventually(lambda: _changed(source, before) == {"lb1"})


def test_what_other_threads_leave_in_the_table_takes_no_color_its_place(balanced: Lab, direct: Source) -> None:
    """Of first requests at one moment each thread makes an entry; here they are made before any request."""
    for host in BALANCERS:
        balanced.sh(host, "systemctl reload haproxy")
        left = "'set table seamless_counts key left-over-%d' % number"
        answers = balanced.router(host, f"[router.admin.ask({left}).strip() for number in range(200)]")
        assert answers == [""] * 200
    for color, green in (("blue", 0), ("green", 100)):
        ready(balanced, green)
        before = direct.read()
        send(balanced, "/", 20)
        assert differences(before, direct.read())[color, "other"].requests == 20


def test_a_load_balancer_that_does_not_answer_is_missing_and_the_other_is_counted(
    balanced: Lab, direct: Source, scraped: Source
) -> None:
    scraped.read()
    with down(balanced, "lb2"):
        assert eventually(lambda: [one.origin for one in scraped.read().samples] == ["lb1"])
        assert set(scraped.read().missing) == {"lb2"}
        assert set(direct.read().missing) == {"lb2"}
        assert [one.origin for one in direct.read().samples] == ["lb1"]


def _changed(source: Source, before: dict[str, str]) -> set[str]:
    return {one.origin for one in source.read().samples if one.incarnation != before[one.origin]}


@contextmanager
def down(lab: Lab, host: str) -> Iterator[None]:
    lab.sh(host, "systemctl stop haproxy")
    try:
        yield
    finally:
        lab.sh(host, "systemctl start haproxy")
