# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Before a rollout: what its canary can find and clear with the traffic there is, and how long that takes.

A judge that cannot tell anything in the time it gets is no gate. The plan says so beforehand, with what would help.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, isinf, isnan
from typing import Any

from .case import DOUBT
from .evidence import AT_ONCE, Rarity
from .power import (
    STEPS,
    requests_at_every_poll,
    requests_at_the_end,
    requests_to_be_rare,
    requests_to_clear,
)
from .settings import Settings
from .trial import CLEARANCE

#: The weight of the alternative that fits, in the evidence against harmless odds: for errors, for slow answers.
GATE = (0.3, 0.2)


@dataclass(frozen=True)
class Expected:
    """What is known beforehand: all requests a second, the canary's share of them (above 0, below 1), the old
    release's share of errors, and its share of answers slower than each edge (seconds, or what it is called where
    that is not known). ``edges`` are all that will be measured: those of which nothing is known share the evidence."""

    rps: float
    share: float
    errors: float
    slow: Mapping[float | str, float] = field(default_factory=dict)
    edges: int = 0

    def __post_init__(self) -> None:
        if isnan(self.rps) or self.rps <= 0:
            raise ValueError(f"expected more than 0 requests a second, but found {self.rps!r}")
        if not 0 < self.share < 1:
            raise ValueError(f"expected a share of the canary between 0 and 1, but found {self.share!r}")
        for what, rate in {
            "errors": self.errors,
            **{_called(edge): p for edge, p in self.slow.items()},
        }.items():
            if not 0 <= rate <= 1:
                raise ValueError(f"expected a share of {what} from 0 to 1, but found {rate!r}")

    @property
    def measured(self) -> int:
        """How many edges will be measured."""
        return max(self.edges, len(self.slow))


@dataclass(frozen=True)
class Finding:
    """One metric: its ``base`` share, the smallest ``raised`` share of the canary that is found 95 times of 100 in
    the time given (None: not even if all are), and the ``seconds`` in which a healthy canary is cleared as often
    (None: never, as declared)."""

    metric: str
    base: float
    raised: float | None
    seconds: float | None

    @property
    def ratio(self) -> float | None:
        """The raised share as a multiple of the base's."""
        return self.raised / self.base if self.raised is not None and self.base > 0 else None

    @property
    def odds(self) -> float | None:
        """The raised share's odds as a multiple of the base's; None where that has no end."""
        if self.raised is None or self.base <= 0 or self.raised >= 1:
            return None
        return self.raised * (1 - self.base) / (self.base * (1 - self.raised))


@dataclass(frozen=True)
class Outlook:
    """What a step of ``seconds`` can tell with ``requests`` of the canary (after the warm-up).

    ``worse`` are the odds that must not be promoted: what has less may be, before it is found.
    """

    seconds: float
    requests: int
    findings: tuple[Finding, ...]
    worse: float

    @property
    def clears(self) -> bool:
        """Whether a healthy canary will most likely be cleared in time."""
        return all(each.seconds is not None and each.seconds <= self.seconds for each in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """For the plan."""
        findings = [{**each.__dict__, "ratio": each.ratio} for each in self.findings]
        return {"seconds": self.seconds, "requests": self.requests, "clears": self.clears, "findings": findings}

    def lines(self) -> list[str]:
        """Sentences for the plan."""
        told = [f"in {self.seconds:.0f} s the canary gets about {self.requests:,} requests that are judged"]
        for each in self.findings:
            if each.raised is None:
                told.append(f"{each.metric}: nothing can be found in so few requests, not even if every one is such")
                continue
            ratio = "" if each.ratio is None else f", {each.ratio:.2g} times as many"
            mild = each.odds is not None and each.odds < self.worse
            told.append(
                f"{each.metric}: found 95 times of 100 is a rise from {100 * each.base:.3g} %"
                f" to {100 * each.raised:.3g} % (by {100 * (each.raised - each.base):.2g} points{ratio}) or more"
                + (f", if it is not cleared first (less than {self.worse:g} times the odds)" if mild else "")
            )
        slowest = max(self.findings, key=lambda each: float("inf") if each.seconds is None else each.seconds)
        if slowest.seconds is None:
            told.append(f"a healthy canary is never cleared ({slowest.metric}): declare what share is negligible")
        elif self.clears:
            told.append(f"a healthy canary is cleared in about {slowest.seconds:.0f} s or less")
        else:
            told.append(
                f"a healthy canary needs about {slowest.seconds:.0f} s to be cleared ({slowest.metric}): longer than"
                " this, so that the verdict may be inconclusive; give it more time, a larger share, or declare"
                " a larger share as negligible"
            )
        return told


def outlook(expected: Expected, seconds: float, settings: Settings, end: float | None = None) -> Outlook:
    """What *seconds* with one split can tell.

    *end*: how many of them the test at the horizon counts, where those are not the horizon's; 0 for none of them.
    """
    findings = []
    end = settings.horizon if end is None else end
    for metric, base, negligible, weights in _metrics(expected, settings):
        most = _judged(expected, seconds, settings)
        ended = _judged(expected, end, settings) if _at_the_end(metric, seconds, end, settings) else 0.0
        raised = _smallest(base, expected.share, weights, most, ended, settings)
        findings.append(Finding(metric, base, raised, _to_clear(expected, metric, base, negligible, settings)))
    return Outlook(seconds, int(_judged(expected, seconds, settings)), tuple(findings), settings.worse)


def seconds_to_find(
    expected: Expected, raised: float, settings: Settings, metric: str = "errors", end: float | None = None
) -> float:
    """How long a step must be for the share of *metric* that rises to *raised* to be found 95 times of 100.

    *metric* is called as in :func:`outlook`, and *end* is as there.
    """
    base, weights = {name: (base, weights) for name, base, _negligible, weights in _metrics(expected, settings)}[metric]
    if not base < raised <= 1:
        raise ValueError(f"expected a rise from {base:g} to at most 1, but found {raised!r}")
    alpha, gate, end_alpha = weights
    requests = requests_at_every_poll(base, raised, expected.share, alpha, settings.effect, gate)
    seconds = _seconds(expected, requests * settings.burst, settings)
    end = settings.horizon if end is None else end
    if end is None or seconds <= end or not _at_the_end(metric, end, end, settings):
        return seconds
    ended = _judged(expected, end, settings)
    return end if _found_at_the_end(base, raised, expected.share, end_alpha, ended, settings) else seconds


def _called(edge: float | str) -> str:
    return edge if isinstance(edge, str) else f"slower than {edge:g} s"


def _metrics(expected: Expected, settings: Settings) -> list[tuple[str, float, float, tuple[float, float, float]]]:
    """Each metric's name, base share and negligible share; and the alpha of its test at every poll, the weight that
    fits in the evidence against harmless odds, and the alpha of the test at the horizon."""
    latency = expected.measured > 0
    weights = settings.weights(latency)
    weighed = [("errors", expected.errors, settings.negligible_errors, weights["errors"])]
    for edge, base in expected.slow.items():
        weighed.append((_called(edge), base, settings.negligible_slow, weights["latency"] / expected.measured or 1e-12))
    end_alpha = settings.horizon_alpha(latency)
    return [
        (
            metric,
            base,
            negligible,
            (settings.sequential_alpha * weight, weight * AT_ONCE * GATE[metric != "errors"], end_alpha),
        )
        for metric, base, negligible, weight in weighed
    ]


def _judged(expected: Expected, seconds: float | None, settings: Settings) -> float:
    return expected.rps * expected.share * max(0.0, (seconds or 0.0) - settings.warmup)


def _seconds(expected: Expected, requests: float, settings: Settings) -> float:
    return settings.warmup + ceil(requests) / (expected.rps * expected.share)


def _at_the_end(metric: str, seconds: float, end: float | None, settings: Settings) -> bool:
    return metric == "errors" and settings.horizon is not None and end is not None and seconds >= end


def _smallest(
    base: float, share: float, weights: tuple[float, float, float], most: float, ended: float, settings: Settings
) -> float | None:
    """The smallest raised share that *most* requests find at a poll, or *ended* ones in the test at the end."""
    alpha, gate, end_alpha = weights

    def found(raised: float) -> bool:
        polls = requests_at_every_poll(base, raised, share, alpha, settings.effect, gate)
        if polls * settings.burst <= most:
            return True
        return _found_at_the_end(base, raised, share, end_alpha, ended, settings)

    # Below the border of what is harmless nothing is ever called a regression.
    low, high = settings.effect * base / (1 + (settings.effect - 1) * base), 1.0
    if base >= 1 or not found(high):
        return None
    for _step in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) else (middle, high)
    return high


def _found_at_the_end(base: float, raised: float, share: float, alpha: float, ended: float, settings: Settings) -> bool:
    end = requests_at_the_end(base, raised, share, alpha)
    harmful = requests_at_the_end(base, raised, share, DOUBT, settings.effect)
    return max(end, harmful) * settings.burst <= ended


def _to_clear(expected: Expected, metric: str, base: float, negligible: float, settings: Settings) -> float | None:
    """Seconds until a healthy canary is cleared, by the quickest of the ways that trial.py knows."""
    odds, rare, common = CLEARANCE
    heaviest = max(weight for _part, weight in Rarity.WEIGHTS)
    ways = [
        requests_to_clear(base, expected.share, settings.worse, settings.beta * odds),
        requests_to_be_rare(base, negligible, settings.beta * rare * heaviest),
    ]
    if metric != "errors":
        baseline = requests_to_be_rare(1 - base, negligible, settings.beta * common * heaviest)
        ways.append(baseline * expected.share / (1 - expected.share))
    requests = max(min(ways) * settings.burst, float(settings.min_requests))
    return None if isinf(requests) else _seconds(expected, requests, settings)
