# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One release after the other, of two: what repetition shows and a single release does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .settled import settled
from .site import Site


@dataclass
class Rounds:
    """Seconds of each command, distance of its commits (ms), and its cutover as Users.saw takes it."""

    seconds: list[float] = field(default_factory=list)
    skews_ms: list[float] = field(default_factory=list)
    cutovers: list[dict[str, Any]] = field(default_factory=list)


def to_and_fro(
    site: Site, releases: Sequence[Path], number: int, tell: Callable[[str], None] = lambda _line: None
) -> Rounds:
    """*number* releases, the first of *releases* first; fails where one does, or leaves more than one state."""
    rounds = Rounds()
    for index in range(number):
        rounds.seconds.append(site.must("deploy", "-e", f"@{releases[index % len(releases)]}").seconds)
        report = site.report()
        settled(site, report["release"])
        rounds.skews_ms.append(report["commit"]["skew_ms"])
        at = max(report["commit"]["hosts"].values())
        rounds.cutovers.append({"at": at, "from": report["from"], "to": report["release"]})
        tell(f"round {index + 1}/{number}: {rounds.seconds[-1]:.1f} s, skew {rounds.skews_ms[-1]:.3f} ms")
    return rounds
