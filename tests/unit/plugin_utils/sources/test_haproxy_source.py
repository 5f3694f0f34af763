# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The load balancers' counts, asked of real local servers: read exactly, and what is away is said with its reason."""

from __future__ import annotations

import time

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.haproxy import HAProxySource, counted

EDGES = (0.1, 1)
STARTED = "1795602804005e-3"


def page(blue=(10, 1, (7, 9)), green=(4, 0, (4, 4)), started=STARTED, service="shop", les=("0.1", "1")):
    """A load balancer's page: for each color, answers, errors, and answers within each edge."""
    text = f'# TYPE x gauge\nseamless_counters_started_timestamp_seconds{{service="{service}"}} {started}\n'
    for color, (requests, errors, within) in {"blue": blue, "green": green}.items():
        labels = f'service="{service}",color="{color}",route="other"'
        for le, count in zip((*les, "+Inf"), (*within, requests), strict=True):
            text += f'seamless_response_duration_seconds_bucket{{{labels},le="{le}"}} {count}\n'
        text += f"seamless_response_duration_seconds_count{{{labels}}} {requests}\n"
        text += f"seamless_response_errors_total{{{labels}}} {errors}\n"
    return text


def source(*servers, timeout=2.0, clock=time.time):
    origins = {f"lb{number}": f"127.0.0.1:{server.port}" for number, server in enumerate(servers, 1)}
    return HAProxySource("shop", origins, EDGES, timeout, clock)


def test_each_load_balancer_is_a_sample_and_none_is_pooled(serve):
    one = serve(lambda _path: (200, page(), 0))
    two = serve(lambda _path: (200, page(blue=(0, 0, (0, 0)), started="1.5"), 0))
    reading = source(one, two, clock=lambda: 1000.0).read()
    assert (reading.edges, dict(reading.missing)) == (EDGES, {})
    first, second = reading.samples
    assert (first.origin, first.incarnation, first.at) == ("lb1", STARTED, 1000.0)
    assert first.counts == {"blue": {"other": Counts(10, 1, (3, 1))}, "green": {"other": Counts(4, 0, (0, 0))}}
    assert (second.origin, second.incarnation) == ("lb2", "1.5")
    assert one.asked == ["/seamless/counts/shop"]


def test_a_load_balancer_that_is_away_is_missing_and_the_other_is_read(serve):
    good = serve(lambda _path: (200, page(), 0))
    mute = serve(lambda _path: (None, "", 0))
    gone = serve(lambda _path: (200, "", 0))
    gone.shutdown()
    gone.server_close()
    reading = source(good, mute, gone).read()
    assert [sample.origin for sample in reading.samples] == ["lb1"]
    assert set(reading.missing) == {"lb2", "lb3"}
    assert "refused" in reading.missing["lb3"]


def test_one_that_hangs_costs_its_timeout_once(serve):
    hangs = [serve(lambda _path: (200, page(), 2)) for _number in range(4)]
    began = time.monotonic()
    reading = source(*hangs, timeout=0.4).read()
    assert time.monotonic() - began < 1.5, "they are asked at once, not one after the other"
    assert len(reading.missing) == 4
    assert all("timed out" in why for why in reading.missing.values())


@pytest.mark.parametrize(
    ("status", "text", "told"),
    [
        (403, "", "testers.from"),
        (404, "", "run provision.yml"),
        (500, "", "fewer routes or edges"),
        (503, "", "journalctl -u haproxy"),
        (200, "<html>", "found '<html>'"),
        (200, page(service="docs"), "expected the counts of shop"),
        (200, page(les=("0.1", "2")), "by the edges 0.1, 1, found 0.1, 2: run provision.yml"),
        (200, page().replace("_count{", "_sum{"), "answers and errors of each color"),
        (200, page().replace("errors_total{", "x{"), "answers and errors of each color"),
        (200, page().replace("} 10\n", "} ten\n"), "ten"),
    ],
)
def test_another_answer_is_missing_with_what_to_do(serve, status, text, told):
    reading = source(serve(lambda _path: (status, text, 0))).read()
    assert reading.samples == ()
    assert told in reading.missing["lb1"]


def test_counts_are_exact_whatever_their_size():
    _started, counts = counted(page(blue=(4294967295, 3, (4294967294, 4294967295))), "shop", EDGES)
    assert counts["blue"]["other"] == Counts(4294967295, 3, (1, 0))
