# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was made of a watch: by journal and report, and what was counted in it, added up by hand."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Reading, Sample
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.record import Record

from .run import Run
from .settled import events, settled
from .site import Site

#: (origin, color, "requests" or "errors") to a number.
Sums = Counter[tuple[str, str, str]]


def went_back(site: Site, done: Run, live: str, why: str) -> dict[str, Any]:
    """The last watch by the report; fails unless users went back to *live*, and all say *why*."""
    assert done.status == 2, done.output[-3000:]
    settled(site, live)
    report = site.report()
    watch: dict[str, Any] = report["watches"][-1]
    ours = [event for event in events(site) if event.rollout == report["rollout"]]
    intended = [event.data["reason"] for event in ours if event.type == "rollback.intended"]
    assert (report["outcome"], ours[-1].type, ours[-1].data["outcome"]) == (
        "rolled_back",
        "rollout.closed",
        "rolled_back",
    )
    assert report["split"][-1][report["color"]] == 0
    assert watch["action"] == "abort"
    told = {"run": done.told, "journal": " ".join(intended), "report": report["closed_because"], "watch": watch["why"]}
    silent = {who: words[-600:] for who, words in told.items() if why not in words}
    assert not silent, f"{why!r} was expected of each of these"
    return watch


def went_on(site: Site, done: Run) -> dict[str, Any]:
    """The last watch by the report; fails unless every user got the new release, on a verdict."""
    assert done.ok, done.output[-5000:]
    report = site.report()
    settled(site, report["release"])
    watch: dict[str, Any] = [each for each in report["watches"] if each["jury"] == "canary"][-1]
    assert (report["outcome"], watch["action"], watch["word"]) == ("succeeded", "promote", "healthy")
    return watch


def readings(site: Site, phase: str = "watch-1") -> list[Reading]:
    """All that was read of the load balancers in a phase of the last rollout."""
    return [reading for _at, reading in Record(site.record / site.report()["rollout"], phase).readings()]


def counted(found: list[Reading]) -> Sums:
    """What each load balancer counted from one look at it to the next; nothing where it began anew in between."""
    sums: Sums = Counter()
    by_origin: dict[str, list[Sample]] = {}
    for reading in found:
        for sample in reading.samples:
            by_origin.setdefault(sample.origin, []).append(sample)
    for origin, samples in by_origin.items():
        for before, after in pairwise(samples):
            if before.incarnation == after.incarnation:
                sums.update(_of(origin, after))
                sums.subtract(_of(origin, before))
    return sums


def _of(origin: str, sample: Sample) -> Sums:
    sums: Sums = Counter()
    for color, routes in sample.counts.items():
        for counts in routes.values():
            sums.update({(origin, color, "requests"): counts.requests, (origin, color, "errors"): counts.errors})
    return sums


def reported(site: Site, watch: dict[str, Any]) -> dict[tuple[str, str], int]:
    """What the report says of a watch: (color, "requests" or "errors") to a number."""
    report = site.report()
    new, old = report["color"], "blue" if report["color"] == "green" else "green"
    colors = {report["release"]: new, report["from"]: old}
    return {
        (next(color for release, color in colors.items() if release.startswith(name)), what): number
        for name, counts in watch["colors"].items()
        for what, number in counts.items()
    }


def pooled(sums: Sums) -> dict[tuple[str, str], int]:
    """The same over all load balancers."""
    total: Counter[tuple[str, str]] = Counter()
    for (_origin, color, what), number in sums.items():
        total[color, what] += number
    return dict(total)
