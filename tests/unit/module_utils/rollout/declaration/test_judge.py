# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is accepted of a judge can be appointed: the watch begins when users have been moved, too late to refuse it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.action.canary_verdict import ARGUMENTS, ActionModule
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.kinds import Number
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.metrics_table import SOURCES
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.strategy_table import JUDGE
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge import settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.strategies import plan

DECISION = {"color": "green", "live_color": "blue", "release": "v2", "previous": "v1"}
GROUP = {"group": "load_balancers"}
ALB = {"type": "alb", **GROUP, "stack": "shop", "table": "shop-ledger", "region": "eu-central-1"}
NEEDED: dict[str, dict[str, Any]] = {
    "haproxy": {},
    "prometheus": {"url": "http://prometheus.example.com:9090"},
    "cloudwatch": {"stack": "shop", "region": "eu-central-1"},
}


def bounds(section: Any) -> dict[str, st.SearchStrategy[Any]]:
    """For each number of a section: its least, its most, and its default."""
    found = {}
    for name, key in section.keys.items():
        if isinstance(key.kind, Number):
            known = (key.kind.low, key.kind.high, key.default)
            found[name] = st.sampled_from([value for value in known if isinstance(value, (int, float))])
    return found


def declaration(declared: Any, source: dict[str, Any], judge: dict[str, Any], most: float = 600) -> dict[str, Any]:
    made: dict[str, Any] = declared(full=False)
    service = made["service"]
    service["router"] = ALB if source["type"] == "cloudwatch" else {"type": "haproxy", **GROUP}
    service["metrics"] = {"source": {**NEEDED[source["type"]], **source}}
    service["probe"] = {"max_seconds": 21600}
    steps = [{"percent": 1, "most": most}, {"percent": 99, "most": most}]
    service["strategy"] = {"type": "canary", "steps": steps, "judge": judge}
    return made


def problems(check: Any, made: dict[str, Any]) -> dict[str, str]:
    found = check(made).problems
    return {one.path: one.found for one in found if one.path.startswith(("service.strategy", "service.metrics"))}


def appoint(service: dict[str, Any], jury: str = "canary") -> Any:
    """The jury, as the watch does it."""
    action = object.__new__(ActionModule)
    action._options = {name: option.get("default") for name, option in ARGUMENTS.items()} | {
        "service": service,
        "jury": jury,
        "color": "green",
        "release": "v2",
        "previous": "v1",
        "max_error_percent": 5.0,
    }
    return action._jury([], [])


@pytest.mark.parametrize("kind", SOURCES.sections)
def test_whatever_is_accepted_can_be_appointed_and_planned(declared: Any, check: Any, kind: str) -> None:
    accepted = 0

    @given(
        st.fixed_dictionaries({}, optional=bounds(JUDGE)),
        st.fixed_dictionaries({}, optional=bounds(SOURCES.sections[kind])),
        st.sampled_from(["refuse", "extend"]),
    )
    def tried(judge: dict[str, Any], source: dict[str, Any], short: str) -> None:
        nonlocal accepted
        made = declaration(
            declared, {"type": kind, **source}, {"missing": 3600, **judge, "too_short": short}, most=6000
        )
        if problems(check, made):
            return
        accepted += 1
        service = check(made).service
        appoint(service)
        appoint(service, "ceiling")
        try:
            plan(service, DECISION, {"routers": ["lb1"], "blue": ["app1"], "green": ["app3"]})
        except ValueError as error:
            assert "Nothing was changed" in str(error)  # noqa: PT017 - it may be refused, and only for that

    tried()
    assert accepted > 10, "most are: less patience than a source needs is all that may be refused"


@pytest.mark.parametrize("missing", [500.3, 501, 1000, 1001, 3600])
def test_a_judge_may_be_as_patient_as_it_is_declared(declared: Any, check: Any, missing: float) -> None:
    made = declaration(declared, {"type": "haproxy"}, {"missing": missing, "warmup": 86400})
    assert problems(check, made) == {}
    appoint(check(made).service)


def test_cloudwatch_may_have_the_longest_period_that_can_be_declared(declared: Any, check: Any) -> None:
    made = declaration(declared, {"type": "cloudwatch", "period": 300, "delay": 900}, {"missing": 1800}, most=2000)
    assert problems(check, made) == {}
    appoint(check(made).service)


def test_what_could_not_be_appointed_is_refused_before_anything_changes(
    declared: Any, check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.RANGES, "missing_polls", (1, 1000, "polls"))
    assert problems(check, declaration(declared, {"type": "haproxy"}, {"missing": 500})) == {}
    made = declaration(declared, {"type": "haproxy"}, {"missing": 501})
    (found,) = problems(check, made).items()
    assert found[0] == "service.strategy.judge"
    assert "missing_polls must be a whole number from 1 to 1000" in found[1]
    with pytest.raises(ValueError, match="missing_polls"):
        appoint(check(made).service)
