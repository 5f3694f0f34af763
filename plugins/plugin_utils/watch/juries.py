# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who finds whether the new release is well: the canary judge, a ceiling for errors, or the probe alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.arithmetic import NOTHING, plus
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts, Reading
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.judge import Judge
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.verdict import HEALTHY, INCONCLUSIVE
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.verdict import REGRESSED as WORSE
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.windows import USUAL, Window, Windows
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import other

from .watcher import Finding

Kept = Iterable[tuple[float, Reading]]

#: Fewer errors than these say nothing about a rate, however small the ceiling.
LEAST_ERRORS = 20
#: Points of a watch that a report draws: more than it has pixels for would only make the journal heavy.
MOST_POINTS = 240


class CanaryJury:
    """Both releases on the same traffic: *earlier* are the readings of the steps before, *kept* those of this one."""

    def __init__(
        self, rules: Settings, color: str, names: tuple[str, str], earlier: Sequence[Kept] = (), kept: Kept = ()
    ) -> None:
        """*names* are what sentences call the new release and the one before."""
        self._judge = Judge(rules, *names)
        self._names = names
        self._color = color
        for number, readings in enumerate(earlier):
            self._begin(number)
            for at, reading in readings:
                self.observe(at, reading)
        self._begin(len(earlier))
        for at, reading in kept:
            self.observe(at, reading)

    def observe(self, at: float, reading: Reading) -> Finding:
        """Take one more reading into account."""
        try:
            window = self._windows.add(reading, at)
        except ValueError as error:
            return self._finding(INCONCLUSIVE, False, str(error), lost=str(error))
        if window is None:
            return self._finding(INCONCLUSIVE, False, "the first look", lost="")
        self._new = plus(self._new, window.canary_total)
        self._old = plus(self._old, window.baseline_total)
        found = self._judge.observe(window)
        evidence = found.regression / found.threshold if found.threshold else 0.0
        lost = found.reason if found.word == INCONCLUSIVE and found.decided else ""
        lines = found.lines()
        why = "; ".join(lines[:1] + ([lines[3]] if found.driver else [])) if found.decided else found.reason
        notes = [f"left out: {origin}: {said}" for origin, said in sorted(found.gaps.items()) if said not in USUAL]
        if found.service_down:
            notes.append("the service itself is failing: the old release, too, answers with errors")
            why += f"; {notes[-1]}"
        return replace(
            self._finding(found.word, found.decided, why, lost, max(0.0, evidence)),
            notes=notes,
            detail=found.as_dict,
            history=lambda: thinned(self._judge.history()),
        )

    def _begin(self, number: int) -> None:
        self._windows = Windows(self._color, other(self._color), split=number)
        self._new = self._old = NOTHING

    def _finding(self, word: str, decided: bool, why: str, lost: str, evidence: float = 0.0) -> Finding:
        new, old = self._names
        colors = {old: shown(self._old), new: shown(self._new)}
        return Finding(word, decided, why, self._new.requests, colors, evidence, lost)


class CeilingJury:
    """All users are on the new release: its errors may not be above *percent* of all answers."""

    def __init__(self, percent: float, color: str, release: str, kept: Kept = (), missing_polls: int = 15) -> None:
        self._percent = percent
        self._release = release
        self._missing_polls = missing_polls
        self._silent = 0
        self._windows = Windows(color, other(color))
        self._seen = NOTHING
        for at, reading in kept:
            self.observe(at, reading)

    def observe(self, at: float, reading: Reading) -> Finding:
        """Take one more reading into account."""
        window = self._windows.add(reading, at)
        self._count(window)
        seen = self._seen
        colors = {self._release: shown(seen)}
        limit = self._percent / 100 * seen.requests
        evidence = min(1.0, seen.errors / limit) if limit else 0.0
        if seen.errors >= LEAST_ERRORS and seen.errors > limit:
            said = f"{seen.errors} of {seen.requests} answers are errors, and {self._percent:g} % are allowed"
            return Finding(WORSE, True, said, seen.requests, colors, 1.0)
        lost = ""
        if self._silent >= self._missing_polls:
            lost = "; ".join(f"{origin}: {why}" for origin, why in sorted(reading.missing.items())) or "no counts"
        if not seen.requests:
            return Finding(INCONCLUSIVE, False, "no answer has been counted yet", 0, colors, 0.0, lost)
        said = f"{seen.errors} of {seen.requests} answers are errors"
        return Finding(HEALTHY, True, said, seen.requests, colors, evidence, lost)

    def _count(self, window: Window | None) -> None:
        if window is None:
            return
        self._silent = 0 if window.measured else self._silent + 1
        self._seen = plus(self._seen, window.canary_total)


class ProbeJury:
    """Nobody counts users' answers: what the probe meets is another gate of the watch, and decides alone."""

    def observe(self, at: float, reading: Reading) -> Finding:  # noqa: ARG002 - the protocol of juries
        """Nothing stands against the release here."""
        return Finding(HEALTHY, True, "the probe has met nothing that its gate does not allow", 0, {})


def shown(counts: Counts) -> dict[str, int]:
    """What is shown of counts."""
    return {"requests": counts.requests, "errors": counts.errors}


def thinned(points: Sequence[Mapping[str, Any]], most: int = MOST_POINTS) -> list[Mapping[str, Any]]:
    """At most so many of the points, evenly taken, the last one among them."""
    if len(points) <= most:
        return list(points)
    stride = len(points) / most
    return [points[min(len(points) - 1, round((index + 1) * stride) - 1)] for index in range(most)]
