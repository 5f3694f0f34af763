# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the judge is told in advance. Nothing of it may change while a rollout is being judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any


@dataclass(frozen=True)
class Settings:
    """How sure, how long, how much. Durations in seconds from the first window's beginning.

    ``alpha``: at most this part of healthy canaries is aborted. ``beta``: at most this part of those with at least
    ``worse`` times the odds of an error (or a slow answer) is promoted. ``effect``: an odds ratio up to this one is
    harmless, however certain. ``warmup``: this long only errors of about ten times the odds count, and up to three
    times are forgiven. ``horizon``: the moment of one exact test at the end, which costs half of alpha; None for none.
    ``limit``: the longest that a canary is watched; None leaves that to the caller. ``errors_weight``: the part of the
    evidence that errors carry where latency is measured as well. ``fast_weight``: the part of the warm-up's quick test.
    ``min_requests``: the canary's requests that each split needs before a promotion. ``missing_polls``: so many
    polls in a row without the canary's data end in ``inconclusive``, and so do ``missing`` seconds, however few
    polls these were: a poll waits for who does not answer. ``negligible_errors`` and
    ``negligible_slow``: shares below which a rise is nobody's concern. ``outage``: a baseline with this share of
    errors is itself failing. ``burst``: what logarithms of likelihoods are divided by, see burst.py.
    """

    alpha: float = 0.01
    beta: float = 0.01
    effect: float = 1.25
    worse: float = 2.0
    warmup: float = 30.0
    horizon: float | None = None
    limit: float | None = None
    errors_weight: float = 0.5
    fast_weight: float = 0.1
    min_requests: int = 100
    missing_polls: int = 3
    missing: float | None = None
    negligible_errors: float = 0.001
    negligible_slow: float = 0.005
    outage: float = 0.2
    burst: float = 1.0

    def __post_init__(self) -> None:
        for name, (low, high, what) in RANGES.items():
            value = getattr(self, name)
            if value is None and name in OPTIONAL:
                continue
            whole = name in WHOLE
            number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
            if not number or not isfinite(value) or not low <= value <= high:
                kind = "a whole number" if whole else "a number"
                raise ValueError(f"judge: {name} must be {kind} from {low:g} to {high:g} ({what}), but found {value!r}")
        if self.worse <= self.effect:
            raise ValueError(
                f"judge: worse ({self.worse:g}) must be above effect ({self.effect:g}): what no canary may be promoted"
                " with has to be more than what is called harmless"
            )
        for name in MOMENTS:
            moment = getattr(self, name)
            if moment is not None and moment <= self.warmup:
                raise ValueError(f"judge: {name} ({moment:g} s) must be after the warm-up ({self.warmup:g} s)")
        if None not in (self.horizon, self.limit) and self.limit < self.horizon:  # type: ignore[operator]
            raise ValueError(f"judge: limit ({self.limit:g} s) must not be before horizon ({self.horizon:g} s)")

    @classmethod
    def parse(cls, declared: object) -> Settings:
        """The settings from a plain mapping; what is not in it has its default. Raises ValueError."""
        if not isinstance(declared, Mapping):
            raise ValueError(f"judge: expected a mapping such as {{alpha: 0.01, horizon: 600}}, but found {declared!r}")
        known = [field.name for field in fields(cls)]
        unknown = sorted(str(key) for key in declared if key not in known)
        if unknown:
            raise ValueError(f"judge: unknown {', '.join(unknown)}; expected some of {', '.join(known)}")
        return cls(**declared)

    def as_dict(self) -> dict[str, Any]:
        """The settings for the journal and for :meth:`parse`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def sequential_alpha(self) -> float:
        """The part of alpha that the test at every poll has; the horizon's has the other half, where there is one."""
        return self.alpha if self.horizon is None else self.alpha / 2

    def horizon_alpha(self, latency: bool) -> float:
        """The horizon's test is of errors: of its half of alpha it has what errors weigh, where latency is measured."""
        return self.alpha / 2 * (self.errors_weight if latency else 1.0)

    def weights(self, latency: bool) -> dict[str, float]:
        """What the tests ``errors``, ``latency`` and ``fast`` weigh in the evidence of a regression; the sum is 1."""
        fast = self.fast_weight if self.warmup > 0 else 0.0
        errors = self.errors_weight if latency else 1.0
        return {"fast": fast, "errors": (1 - fast) * errors, "latency": (1 - fast) * (1 - errors)}


MOMENTS = ("horizon", "limit")
OPTIONAL = (*MOMENTS, "missing")
WHOLE = ("min_requests", "missing_polls")
RANGES = {
    "alpha": (1e-6, 0.2, "the part of healthy canaries that may be aborted"),
    "beta": (1e-6, 0.2, "the part of bad canaries that may be promoted"),
    "effect": (1, 5, "an odds ratio that is harmless"),
    "worse": (1.1, 20, "an odds ratio that must not be promoted"),
    "warmup": (0, 86400, "seconds"),
    "horizon": (1, 604800, "seconds"),
    "limit": (1, 604800, "seconds"),
    "errors_weight": (0.01, 1, "a part of the evidence"),
    "fast_weight": (0, 0.5, "a part of the evidence"),
    "min_requests": (0, 10_000_000, "requests of the canary"),
    "missing_polls": (1, 1_000_000, "polls"),
    "missing": (0.1, 604800, "seconds"),
    "negligible_errors": (0, 0.2, "a share of requests"),
    "negligible_slow": (0, 0.2, "a share of requests"),
    "outage": (0.01, 1, "a share of requests"),
    "burst": (1, 100, "see burst.py"),
}
