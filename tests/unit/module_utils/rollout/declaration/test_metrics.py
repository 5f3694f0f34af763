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
