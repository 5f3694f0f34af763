# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Prometheus answers, in the form that it documents; tests/integration asks a real one."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.base import SourceError
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.prometheus import PrometheusSource
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.queries import PART, Queries, declared

EDGES = (0.1, 1)
DECLARED = {
    "series": "load_balancers",
    "selector": None,
    "color_label": "color",
    "route_label": None,
    "origin_label": "instance",
    "status_label": "code",
    "queries": {},
}


def series(part, value, **labels):
    return {"metric": {PART: part, "origin": "lb1:8405", **labels}, "value": [1795602810, str(value)]}


def page(origin="lb1:8405", at=1795602804.5, began="1795602000", blue=(10, 1, 7, 9), green=(4, 0, 4, 4)):
    """What one origin has: for each color, answers, errors, and answers within each edge."""
    found = [series("scraped", at, origin=origin)]
    if began:
        found.append(series("began", began, origin=origin))
    for color, values in {"blue": blue, "green": green}.items():
        if values is None:
            continue
        where = {"origin": origin, "color": color}
        requests, errors, *within = values
        found += [series("requests", requests, **where), series("errors", errors, **where)]
        found += [series("within", n, **where, le=le) for le, n in zip(("0.1", "1.0"), within, strict=True)]
        found.append(series("within", requests, **where, le="+Inf"))
    return found


def success(*pages):
    result = [one for found in pages for one in found]
    return 200, json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}}), 0


@pytest.fixture
def source(serve):
    """Makes a source whose server answers one answer after the other, the last one again and again."""

    def make(*answers, apart=True, edges=EDGES):
        left = list(answers)
        server = serve(lambda _path: left.pop(0) if len(left) > 1 else left[0])
        made = PrometheusSource(f"http://127.0.0.1:{server.port}", Queries({"requests": "x"}, apart), edges)
        return made, server

    return make


def test_cumulative_counts_are_read_by_origin_and_color_as_of_their_scrape(source):
    made, server = source(success(page(), page("lb2:8405", at=1795602803, began="1")))
    reading = made.read()
    assert [(one.at, one.origin, one.incarnation) for one in reading.samples] == [
        (1795602804.5, "lb1:8405", "1795602000"),
        (1795602803.0, "lb2:8405", "1"),
    ]
    assert reading.samples[0].counts == {
        "blue": {"other": Counts(10, 1, (3, 1))},
        "green": {"other": Counts(4, 0, (0, 0))},
    }
    assert reading.missing == {}
    (asked,) = server.asked
    assert parse_qs(urlsplit(asked).query)["query"] == [f'label_replace(x, "{PART}", "requests", "", "")']


def test_an_origin_whose_scrape_failed_is_missing_and_the_others_are_not(source):
    made, _server = source(success(page(), page("lb2:8405")), success(page()))
    made.read()
    reading = made.read()
    assert [one.origin for one in reading.samples] == ["lb1:8405"]
    assert "scrape failed" in reading.missing["lb2:8405"]


@pytest.mark.parametrize("answer", [(503, "", 0), (200, "<html>", 0), (None, "", 0), (200, "[]", 0)])
def test_a_server_that_does_not_answer_is_said_of_every_origin(source, answer):
    made, _server = source(success(page()), answer)
    made.read()
    reading = made.read()
    assert reading.samples == ()
    assert set(reading.missing) == {"lb1:8405"}


def test_no_series_at_all_is_said_too(source):
    made, _server = source(success())
    (why,) = made.read().missing.values()
    assert "no such series" in why


def test_a_query_that_is_refused_is_for_a_person_to_mend(source):
    made, _server = source((400, json.dumps({"status": "error", "error": "parse error: unexpected <by>"}), 0))
    with pytest.raises(SourceError, match=r"parse error.*It was: label_replace"):
        made.read()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([*page(), series("requests", 1, color="blue", pod="a")], "sum by"),
        ([*page(blue=None, green=None)], "color_label"),
        ([one for one in page() if one["metric"][PART] != "scraped"], "queries.scraped"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(source, found, said):
    made, _server = source(success(found))
    with pytest.raises(SourceError, match=said):
        made.read()


def test_an_edge_that_is_no_bucket_is_refused_with_those_that_are(source):
    made, _server = source(success(page()), edges=(0.1, 0.2))
    with pytest.raises(SourceError, match=r"expected buckets of the histogram \(0\.1, 1\), found 0\.2"):
        made.read()


def test_servers_that_have_one_color_each_are_one_origin_as_new_as_the_oldest(source):
    one = page("app1", at=100, began="1", green=None)
    other = page("app3", at=98, began="2", blue=None)
    made, _server = source(success(one, other), success(one), success(), apart=False)
    (sample,) = made.read().samples
    assert (sample.at, sample.origin, sample.incarnation) == (98.0, "all targets", "app1=1 app3=2")
    assert {color: routes["other"].requests for color, routes in sample.counts.items()} == {"blue": 10, "green": 4}
    reading = made.read()
    assert reading.samples[0].incarnation == "app1=1", "its counters are others from now on"
    assert set(reading.missing) == {"app3"}
    assert made.read().samples == ()


def test_counts_that_are_no_numbers_are_none(source):
    """An instant vector may hold NaN, where a query divides, say."""
    made, _server = source(success(page(blue=("NaN", "NaN", 0, 0))))
    (sample,) = made.read().samples
    assert sample.counts["blue"]["other"] == Counts(0, 0, (0, 0))


def test_the_load_balancers_series_are_asked_for_by_service():
    parts = declared(DECLARED, "shop").parts
    assert parts["errors"] == (
        'label_replace(sum by (instance, color, route) (seamless_response_errors_total{service="shop"}),'
        ' "origin", "$1", "instance", "(.*)")'
    )
    assert "seamless_counters_started_timestamp_seconds" in parts["began"]


def test_a_histogram_of_the_application_is_asked_for_as_it_is_labelled():
    source = DECLARED | {
        "series": "http_request_duration_seconds",
        "selector": 'job="shop"',
        "color_label": "slot",
        "status_label": "status",
        "route_label": "handler",
    }
    queries = declared(source, "shop")
    assert not queries.apart
    errors = queries.parts["errors"]
    assert 'http_request_duration_seconds_count{job="shop",status=~"5.."}' in errors
    assert "sum by (instance, slot, handler)" in errors
    assert '"color", "$1", "slot"' in errors
    assert '"route", "$1", "handler"' in errors


def test_what_haproxys_exporter_says_is_asked_for_by_the_names_of_its_backends():
    queries = declared(
        DECLARED | {"series": "haproxy_exporter", "selector": 'job="lb"', "color_label": "unused"}, "shop"
    )
    assert queries.apart
    counted, color = 'job="lb",proxy=~"shop_(blue|green)"', '"color", "$1", "proxy", "shop_(blue|green)"'
    assert f'haproxy_backend_http_responses_total{{{counted},code="5xx"}}' in queries.parts["errors"]
    assert f"haproxy_backend_http_responses_total{{{counted}}}" in queries.parts["requests"]
    assert color in queries.parts["requests"]
    assert color in queries.parts["errors"]
    assert 'haproxy_process_start_time_seconds{job="lb"}' in queries.parts["began"], "the process is no backend"
    assert "within" not in queries.parts


def test_without_edges_errors_alone_are_read(source):
    made, _server = source(success([one for one in page() if one["metric"][PART] != "within"]), edges=())
    (sample,) = made.read().samples
    assert sample.counts["blue"]["other"] == Counts(10, 1)


def test_a_query_of_ones_own_is_taken_as_it_is():
    parts = declared(DECLARED | {"queries": {"requests": "mine", "errors": None}}, "shop").parts
    assert parts["requests"] == "mine"
    assert "seamless_response_errors_total" in parts["errors"]
