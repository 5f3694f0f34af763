# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether there is anything to judge: polls without data, a canary that nobody reaches, traffic that vanished."""

from __future__ import annotations

from collections import deque

from .settings import Settings
from .windows import USUAL, Window

#: So many requests were to be expected: that chance alone gives none of them has a probability of 0.00005.
EXPECTED = 10.0
#: A canary without any request yet is taken to have at least this share of the baseline's.
SHARE = 0.01
#: Seconds of the baseline that say whether the service itself is failing, and the requests that this takes.
RECENT = 60.0
FEW = 20


class Traffic:
    """Folds windows into what is missing. Nothing here is evidence for or against the canary."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._unmeasured = 0
        self._unmeasured_seconds = 0.0
        self._split: int | None = None
        self._canary = self._all = 0
        self._seconds = 0.0
        self._idle_polls = 0
        self._idle_seconds = self._idle_baseline = 0.0
        self._recent: deque[tuple[float, int, int]] = deque()
        self.gaps: dict[str, str] = {}
        self._windows = 0
        self._left_out: dict[str, tuple[int, str]] = {}

    def take(self, window: Window) -> None:
        """One more window, in the order of time."""
        if window.split != self._split:
            self._split, self._canary, self._all, self._seconds = window.split, 0, 0, 0.0
            self._idle_polls, self._idle_seconds, self._idle_baseline = 0, 0.0, 0.0
        self.gaps = dict(window.gaps)
        self._windows += 1
        for origin, why in window.gaps.items():
            if why not in USUAL:
                self._left_out[origin] = (self._left_out.get(origin, (0, ""))[0] + 1, why)
        if not window.measured:
            # Not the first one's own time: it may be all that a watch was interrupted for.
            self._unmeasured_seconds += window.ended - window.began if self._unmeasured else 0.0
            self._unmeasured += 1
            return
        self._unmeasured, self._unmeasured_seconds = 0, 0.0
        canary, baseline = window.canary_total, window.baseline_total
        self._recent.append((window.ended, baseline.requests, baseline.errors))
        while self._recent[0][0] < window.ended - RECENT:
            self._recent.popleft()
        if canary.requests:
            self._idle_polls, self._idle_seconds, self._idle_baseline = 0, 0.0, 0.0
        else:
            self._idle_polls += 1
            self._idle_seconds += window.ended - window.began
            self._idle_baseline += baseline.requests
        self._canary += canary.requests
        self._all += canary.requests + baseline.requests
        self._seconds += window.ended - window.began

    @property
    def left_out(self) -> dict[str, str]:
        """Which origins were left out of how many windows so far, and why lately: each in a sentence."""
        return {
            origin: f"{number} of {self._windows} windows, lately: {why}"
            for origin, (number, why) in self._left_out.items()
        }

    @property
    def blind(self) -> bool:
        """Whether nothing could be measured just now, and not for want of anything new: what was seen is the past."""
        return self._unmeasured > 0 and any(why not in USUAL for why in self.gaps.values())

    @property
    def service_down(self) -> bool:
        """Whether the baseline itself mostly fails now: then a comparison says nothing about who is to blame."""
        requests = sum(requests for _ended, requests, _errors in self._recent)
        errors = sum(errors for _ended, _requests, errors in self._recent)
        return requests >= FEW and errors >= self._settings.outage * requests

    @property
    def vanished(self) -> bool:
        """Whether both colors have no requests any more, although there were some before."""
        busy = self._seconds - self._idle_seconds
        expected = self._all / busy * self._idle_seconds if busy > 0 else 0.0
        return self._long_idle and not self._idle_baseline and expected >= EXPECTED

    @property
    def unreached(self) -> bool:
        """Whether the baseline has requests and the canary, which should have some, has none."""
        before = self._all - self._idle_baseline
        share = self._canary / before if self._canary else SHARE
        expected = self._idle_baseline * share / (1 - share) if share < 1 else 0.0
        return self._long_idle and expected >= EXPECTED

    @property
    def _long_idle(self) -> bool:
        return self._idle_polls >= self._settings.missing_polls

    @property
    def missing(self) -> str | None:
        """Why there is nothing to judge, in a sentence; None while there is, or may still be."""
        seconds = self._settings.missing
        long = seconds is not None and self._unmeasured_seconds >= seconds
        if self._unmeasured >= self._settings.missing_polls or long:
            why = "; ".join(f"{origin}: {reason}" for origin, reason in sorted(self.gaps.items()))
            return f"nothing was measured in {self._unmeasured} polls in a row ({why or 'no origin answered'})"
        if self.vanished:
            return f"the traffic of both releases vanished {self._idle_seconds:.0f} s ago"
        if self.unreached:
            return (
                f"no request reached the new release in {self._idle_seconds:.0f} s, while the old one had"
                f" {self._idle_baseline:,.0f}: check the split on the load balancers"
            )
        return None
