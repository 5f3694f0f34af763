# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``service.metrics`` as people write it: its defaults, and what its keys must not say together."""

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.metrics_agreement import (
    PAGE_BYTES,
    page_bytes,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.metrics_table import EDGES


def problems(check, declared, **metrics):
    declaration = declared(full=False)
    declaration["service"]["metrics"] = metrics
    return {problem.path: problem for problem in check(declaration).problems}


def route(name, path="/x"):
    return {"name": name, "path_beg": path}


def test_without_a_word_the_load_balancers_count_by_the_usual_edges(declared, check):
    assert check(declared(full=False)).service["metrics"] == {
        "edges": list(EDGES),
        "routes": [],
        "source": {"type": "haproxy", "port": 8405},
    }


def test_prometheus_needs_an_address_and_has_the_load_balancers_series_unless_told_otherwise(declared, check):
    (found,) = problems(check, declared, source={"type": "prometheus"}).values()
    assert found.path == "service.metrics.source.url"
    declaration = declared(full=False)
    declaration["service"]["metrics"] = {"source": {"type": "prometheus", "url": "http://prometheus.example.com:9090"}}
    source = check(declaration).service["metrics"]["source"]
    assert (source["series"], source["selector"], source["interval"]) == ("load_balancers", None, 5)


@pytest.mark.parametrize("url", ["prometheus:9090", "ftp://x", "http://", "http://x/?a=b", "http://x y"])
def test_an_address_that_nobody_could_ask_is_refused(declared, check, url):
    assert set(problems(check, declared, source={"type": "prometheus", "url": url})) == {"service.metrics.source.url"}


def test_a_judge_that_is_less_patient_than_the_scrapes_is_refused(declared, check):
    def found(interval, missing):
        declaration = declared(full=False)
        source = {"type": "prometheus", "url": "http://x", "interval": interval}
        declaration["service"]["metrics"] = {"source": source}
        steps = [{"percent": 10, "least": 60, "most": 600}]
        judge = {"missing": missing, "goal_error_points": None}
        declaration["service"]["strategy"] = {"type": "canary", "steps": steps, "judge": judge}
        return {one.path: one.expected for one in check(declaration).problems if one.path.endswith("missing")}

    assert found(interval=15, missing=30) == {
        "service.strategy.judge.missing": "at least 45 seconds, which is 3 scrapes"
    }
    assert found(interval=10, missing=30) == {}


def test_haproxys_exporter_tells_of_errors_alone(declared, check):
    source = {"type": "prometheus", "url": "http://x", "series": "haproxy_exporter"}
    found = problems(check, declared, source=source, routes=[route("api")])
    assert set(found) == {"service.metrics.edges", "service.metrics.routes"}
    assert "edges: []" in found["service.metrics.edges"].hint
    assert not problems(check, declared, source=source, edges=[])
    own = {"within": "mine", "requests": "mine by route"}
    assert not problems(check, declared, source={**source, "queries": own}, routes=[route("api")])


@pytest.mark.parametrize(("edges", "index"), [([0.1, 0.1], 1), ([0.1, 1, 0.5], 2)])
def test_edges_that_do_not_rise_are_refused(declared, check, edges, index):
    (path,) = found = problems(check, declared, edges=edges)
    assert path == f"service.metrics.edges[{index}]"
    assert found[path].expected.startswith(f"more than {edges[index - 1]:g}")


def test_two_routes_of_one_name_cannot_be_told_apart(declared, check):
    twice = problems(check, declared, routes=[route("api"), route("api", "/y")])
    assert set(twice) == {"service.metrics.routes[1].name"}
    (found,) = problems(check, declared, routes=[route("other")]).values()
    assert "what no declared route matches" in found.hint


@pytest.mark.parametrize("path", ["api", '/a"b', "/a b", "/a#b", "/a{b", "/a'b", "/a\\b"])
def test_a_path_that_would_mean_something_to_haproxy_is_refused(declared, check, path):
    assert set(problems(check, declared, routes=[route("api", path)])) == {"service.metrics.routes[0].path_beg"}


def test_more_than_one_page_of_counts_is_refused(declared, check):
    def routes(number):
        return [route(f"r{index}") for index in range(number)]

    assert problems(check, declared, routes=routes(4)) == {}
    (found,) = problems(check, declared, routes=routes(5)).values()
    assert "5 routes with 9 edges" in found.found
    assert page_bytes("storefront", EDGES, [one["name"] for one in routes(5)]) > PAGE_BYTES


CLOUDWATCH = {"type": "cloudwatch", "stack": "shop", "region": "eu-central-1"}
ALB = {"type": "alb", "group": "load_balancers", "stack": "shop", "table": "shop-ledger", "region": "eu-central-1"}


def on_aws(check, declared, source, router=ALB, metrics=None, **strategy):
    """What is said of a canary on AWS, besides its inventory."""
    declaration = declared(full=False)
    declaration["service"]["router"] = router
    declaration["service"]["metrics"] = {"source": source, **(metrics or {})}
    steps = [{"percent": 10, "least": 60, "most": 600}]
    judge = {"missing": 300}
    declaration["service"]["strategy"] = {"type": "canary", "steps": steps, "judge": judge, **strategy}
    places = ("service.metrics", "service.strategy")
    return {one.path: one for one in check(declaration).problems if one.path.startswith(places)}


def test_cloudwatch_has_a_period_of_a_minute_and_is_two_minutes_late_unless_told_otherwise(check, declared):
    declaration = declared(full=False)
    declaration["service"]["metrics"] = {"source": CLOUDWATCH}
    source = check(declaration).service["metrics"]["source"]
    assert (source["period"], source["delay"], source["profile"]) == (60, 120, None)
    assert on_aws(check, declared, CLOUDWATCH) == {}


def test_a_judge_waits_for_three_periods_and_the_delay(check, declared):
    (found,) = on_aws(check, declared, CLOUDWATCH, judge={"missing": 299}).values()
    assert found.path == "service.strategy.judge.missing"
    assert found.expected == "at least 300 seconds, which is 3 periods and the delay"


@pytest.mark.parametrize("traffic", [None, 100])
def test_a_step_that_ends_before_it_is_counted_is_refused_unless_the_plan_sees_to_it(check, declared, traffic):
    steps = [{"percent": 10, "least": 60, "most": 239}]
    found = on_aws(check, declared, CLOUDWATCH, steps=steps, judge={"missing": 300, "traffic": traffic})
    assert set(found) == (set() if traffic else {"service.strategy.steps[0].most"})
    steps = [{"percent": 10, "least": 60, "most": 240}]
    assert on_aws(check, declared, CLOUDWATCH, steps=steps) == {}


def test_a_step_that_asks_for_no_answers_would_be_passed_before_it_is_counted(check, declared):
    steps = [{"percent": 10, "least": 600, "most": 600, "requests": 0}]
    (found,) = on_aws(check, declared, CLOUDWATCH, steps=steps).values()
    assert (found.path, found.found) == ("service.strategy.steps[0].requests", "0")


@pytest.mark.parametrize(("ceiling", "refused"), [(None, False), (5, True)])
def test_a_bake_that_ends_before_it_is_counted_is_refused_where_it_is_judged_by_counts(
    check, declared, ceiling, refused
):
    found = on_aws(check, declared, CLOUDWATCH, bake={"duration": 60, "max_error_percent": ceiling})
    assert set(found) == ({"service.strategy.bake.duration"} if refused else set())


@pytest.mark.parametrize(("period", "refused"), [(10, False), (15, True), (60, False), (90, True), (300, False)])
def test_periods_are_those_that_cloudwatch_has(check, declared, period, refused):
    found = on_aws(check, declared, {**CLOUDWATCH, "period": period}, judge={"missing": 1200}, steps=[{"percent": 5}])
    assert ("service.metrics.source.period" in found) is refused


def test_routes_are_not_known_to_cloudwatch(check, declared):
    (found,) = on_aws(check, declared, CLOUDWATCH, metrics={"routes": [route("api")]}).values()
    assert found.path == "service.metrics.routes"
    assert "by target group" in found.hint


def test_a_source_that_does_not_count_what_the_router_answers_is_refused_where_it_matters(check, declared):
    def refused(source, router, **strategy):
        return "service.metrics.source.type" in on_aws(check, declared, source, router, **strategy)

    haproxy, prometheus = {"type": "haproxy"}, {"type": "prometheus", "url": "http://x"}
    assert refused(haproxy, ALB)
    assert refused(CLOUDWATCH, {"type": "haproxy", "group": "load_balancers"})
    assert not refused(prometheus, ALB)
    declaration = declared(full=False)
    declaration["service"]["router"] = ALB
    assert not [one for one in check(declaration).problems if "metrics" in one.path], "nothing is judged by counts"
