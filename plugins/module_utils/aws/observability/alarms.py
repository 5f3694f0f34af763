# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alarms as they are declared: one metric, a sum over several, or a band around what is usual.

In the words of a declaration an alarm has ``metrics`` by id, an ``expression`` over those ids ("" where there is one
metric alone), and either a ``threshold`` or a ``band`` (0 for none), in standard deviations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..declared import named
from ..resource import StackError, Wanted
from .builtin import SETS, Template
from .sources import OF, SPECIAL, Source, Sources

ALARM, COMPOSITE = "alarm", "composite alarm"
HURT = "users-hurt"

#: The ids that AWS gets for what is watched, where that is a sum, and for the band.
VALUE, BAND = "value", "band"
#: The id of a metric that is watched alone: AWS keeps none.
ALONE = "metric"

#: What makes an alarm go off, as CloudWatch calls it: beside a threshold, and beside a band.
OPERATORS = {
    "above": "GreaterThanThreshold",
    "at_least": "GreaterThanOrEqualToThreshold",
    "below": "LessThanThreshold",
    "at_most": "LessThanOrEqualToThreshold",
}
BAND_OPERATORS = {
    "above": "GreaterThanUpperThreshold",
    "below": "LessThanLowerThreshold",
    "outside": "LessThanLowerOrGreaterThanUpperThreshold",
}
#: What a period without data counts as.
MISSING = {"good": "notBreaching", "bad": "breaching", "ignore": "ignore", "missing": "missing"}

_METRIC = {
    "of": {"type": "str", "choices": list(OF)},
    "namespace": {"type": "str"},
    "dimensions": {"type": "dict", "default": {}},
    "metric": {"type": "str", "required": True},
    "statistic": {"type": "str", "default": "Average"},
}
#: The options of a declared alarm.
DECLARED: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "description": {"type": "str", "default": ""},
    "metrics": {"type": "dict", "required": True},
    "expression": {"type": "str", "default": ""},
    "threshold": {"type": "float"},
    "band": {"type": "float"},
    "when": {"type": "str", "choices": [*OPERATORS, "outside"], "default": "above"},
    "period": {"type": "int", "default": 60},
    "periods": {"type": "int", "default": 3},
    "datapoints": {"type": "int"},
    "missing": {"type": "str", "choices": list(MISSING), "default": "missing"},
    "hurts_users": {"type": "bool", "default": False},
    "actions": {"type": "list", "elements": "str"},
}
#: What ``overrides`` may say of a built-in alarm, by the alarm's name.
OVERRIDABLE = ("threshold", "periods", "datapoints", "enabled", "hurts_users")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ID = re.compile(r"[a-z][A-Za-z0-9_]*")
#: An alarm's state in a rule; the stack's own alarms are named without the stack.
_STATE = re.compile(r"""\b(ALARM|OK|INSUFFICIENT_DATA)\(\s*["']?([^"')]+?)["']?\s*\)""")
_PERIODS = (10, 20, 30)


def built_in(
    sets: Sequence[str], overrides: Mapping[str, Mapping[str, Any] | None], sources: Sources
) -> Iterator[dict[str, Any]]:
    """The alarms of the *sets*, in the words of :data:`DECLARED`, with *overrides* worked in."""
    for word in sets:
        for template in SETS[word]:
            each = template.each
            parts = sources.families[each] if each in SPECIAL else sources.family(each, f"alarms: {word}")
            for part, source in parts.items():
                one = _from(template, part, source, sources)
                one |= overrides.get(one["name"]) or {}
                if one.pop("enabled", True):
                    yield one


def _from(template: Template, part: str, source: Source, sources: Sources) -> dict[str, Any]:
    metrics: dict[str, dict[str, Any]] = {}
    lists = {}
    for key, (family, metric, statistic) in template.metrics.items():
        its = {key: source} if family == "it" else {f"{key}_{one}": by for one, by in sources.families[family].items()}
        if not its:
            raise StackError(f"alarms: this stack has no {family} to watch for {template.name}: declare it")
        lists[key] = ", ".join(its)
        metrics |= {name: {"source": one, "metric": metric, "statistic": statistic} for name, one in its.items()}
    return {
        "name": f"{template.name}-{part}" if part else template.name,
        "description": template.description,
        "metrics": metrics,
        "expression": template.expression.format(**lists),
        "threshold": template.threshold,
        "band": None,
        "when": template.when,
        "period": 60,
        "periods": template.minutes,
        "datapoints": template.datapoints,
        "missing": template.missing,
        "hurts_users": template.hurts_users,
        "actions": None,
    }


def wanted(stack: str, one: Mapping[str, Any], sources: Sources, topic: Any) -> Wanted:
    """The alarm *one*, in the words of :data:`DECLARED`; *topic* is told unless it names others."""
    metrics = {key: _metric(key, metric, sources, one["name"]) for key, metric in one["metrics"].items()}
    after = [address for source, _words in metrics.values() for address in source.after]
    words = {key: its for key, (_source, its) in metrics.items()}
    if not one["expression"]:
        words = {ALONE: next(iter(words.values()))}
    actions = frozenset([topic] if one["actions"] is None else one["actions"])
    properties = {
        "description": one["description"],
        "metrics": words,
        "expression": one["expression"],
        "band": float(one["band"] or 0),
        "threshold": float(one["threshold"] or 0),
        "when": one["when"],
        "period": one["period"],
        "periods": one["periods"],
        "datapoints": one["datapoints"] or one["periods"],
        "missing": one["missing"],
        "actions": actions,
        "ok_actions": actions,
    }
    return Wanted(named(ALARM, stack, one["name"]), properties, after=after)


def _metric(key: str, metric: Mapping[str, Any], sources: Sources, alarm: str) -> tuple[Source, dict[str, Any]]:
    option = f"metric_alarms {alarm}: metrics.{key}"
    source = metric.get("source")
    if source is None and metric.get("of"):
        source = sources.of(metric["of"], option)
    if source is None:
        dimensions = metric.get("dimensions") or {}
        source = Source(metric["namespace"], [[name, str(dimensions[name])] for name in sorted(dimensions)])
    return source, {
        "namespace": source.namespace,
        "metric": metric["metric"],
        "dimensions": source.dimensions,
        "statistic": metric.get("statistic") or "Average",
    }


def composites(
    stack: str, declared: Mapping[str, Any], alarms: Sequence[Mapping[str, Any]], topic: Any
) -> Iterator[Wanted]:
    """The composite alarms: "users are hurt", when any alarm tells of it, and the declared ones."""
    names = {one["name"] for one in alarms}
    hurting = sorted(one["name"] for one in alarms if one["hurts_users"])
    if declared["users_hurt"] and hurting:
        rule = " OR ".join(f"ALARM({name})" for name in hurting)
        told = "Users are hurt: at least one of the alarms that tell of it is on"
        yield _composite(stack, {"name": HURT, "description": told, "rule": rule, "actions": None}, names, topic)
    for one in declared["composite_alarms"]:
        yield _composite(stack, one, names, topic)


def _composite(stack: str, one: Mapping[str, Any], names: set[str], topic: Any) -> Wanted:
    actions = frozenset([topic] if one["actions"] is None else one["actions"])
    after = [named(ALARM, stack, name) for name in sorted(names & {found[2] for found in _STATE.finditer(one["rule"])})]
    rule = _STATE.sub(lambda found: f'{found[1]}("{stack}-{found[2]}")' if found[2] in names else found[0], one["rule"])
    properties = {"description": one["description"], "rule": rule, "actions": actions, "ok_actions": actions}
    return Wanted(named(COMPOSITE, stack, one["name"]), properties, after=after)


def check(declared: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the alarms of a declaration beyond their types."""
    for one in declared["metric_alarms"]:
        yield from (f"metric_alarms {one['name']}: {wrong}" for wrong in _check(one))
    names = [one["name"] for one in (*declared["metric_alarms"], *declared["composite_alarms"])]
    for name in sorted({name for name in names if names.count(name) > 1 or name == HURT}):
        yield f"metric_alarms: expected each name once, and none {HURT}, but found {name} again"
    yield from _check_composites(declared["composite_alarms"])
    yield from _check_overrides(SETS if declared["alarms"] is None else declared["alarms"], declared["overrides"])


def _check_composites(composite: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    names = {one["name"] for one in composite} | {HURT}
    for one in composite:
        stands_on = {found[2] for found in _STATE.finditer(one["rule"])}
        if not _NAME.fullmatch(one["name"]):
            yield f"composite_alarms {one['name']}: name: expected small letters, digits and single hyphens"
        if not stands_on:
            yield f"composite_alarms {one['name']}: rule: expected ALARM(name), OK(name) ..., but found {one['rule']!r}"
        # AWS removes no alarm that another one stands on, and all of one sort are removed at the same time.
        if nested := sorted(stands_on & names):
            yield f"composite_alarms {one['name']}: rule: expected alarms on metrics, but found {', '.join(nested)}"


def _check_overrides(sets: Iterable[str], overrides: Mapping[str, Any]) -> Iterator[str]:
    known = sorted(template.name for word in sets for template in SETS[word])
    for name, words in overrides.items():
        if not any(name == one or name.startswith(f"{one}-") for one in known):
            yield f"overrides: expected one of {', '.join(known) or 'no name, for no set is on'}, but found {name}"
        elif unknown := sorted(set(words or {}) - set(OVERRIDABLE)):
            yield f"overrides.{name}: expected {', '.join(OVERRIDABLE)}, but found {', '.join(unknown)}"


def _check(one: Mapping[str, Any]) -> Iterator[str]:
    if not _NAME.fullmatch(one["name"]):
        yield "name: expected small letters, digits and single hyphens"
    if (one["threshold"] is None) == (one["band"] is None):
        yield "expected either a threshold or a band"
    if one["band"] is not None and one["when"] not in BAND_OPERATORS:
        yield f"when: expected one of {', '.join(BAND_OPERATORS)} with a band, but found {one['when']}"
    if one["band"] is None and one["when"] == "outside":
        yield "when: expected a band for outside"
    if one["period"] not in _PERIODS and (one["period"] <= 0 or one["period"] % 60):
        yield f"period: expected 10, 20, 30 or a multiple of 60 seconds, but found {one['period']}"
    if (one["datapoints"] or one["periods"]) > one["periods"]:
        yield f"datapoints: expected at most the {one['periods']} periods, but found {one['datapoints']}"
    if not one["expression"] and len(one["metrics"]) != 1:
        yield f"metrics: expected one alone without an expression, but found {len(one['metrics'])}"
    for key, metric in one["metrics"].items():
        yield from (f"metrics.{key}: {wrong}" for wrong in _check_metric(key, metric, one["expression"]))


def _check_metric(key: str, metric: Any, expression: str) -> Iterator[str]:
    if not isinstance(metric, Mapping) or not metric.get("metric"):
        yield f"expected a mapping with the name of a metric, but found {metric!r}"
        return
    if unknown := sorted(set(metric) - set(_METRIC)):
        yield f"expected {', '.join(_METRIC)}, but found {', '.join(unknown)}"
    if bool(metric.get("of")) == bool(metric.get("namespace")):
        yield "expected either of or a namespace"
    if metric.get("of") and metric["of"] not in OF:
        yield f"of: expected one of {', '.join(OF)}, but found {metric['of']}"
    if not _ID.fullmatch(key) or key in (VALUE, BAND):
        yield f"expected an id of letters, digits and _, beginning with a small letter, other than {VALUE} and {BAND}"
    if expression and not re.search(rf"\b{re.escape(key)}\b", expression):
        yield f"expected the expression to use it, but found {expression!r}"
