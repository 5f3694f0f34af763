# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The canary judge: is the new release worse than the old one, on the same traffic, at the same time?

It may be asked at every poll without its false alarms growing. Data flows one way: counts (``Reading``, what a
source gives) -> ``Windows`` (differences) -> ``Judge`` (evidence) -> ``Verdict`` (a word, and why)::

    settings = Settings.parse(declared)              # a plain mapping; ValueError names the key
    judge = Judge(settings, canary="green", baseline="blue")
    for number, split in enumerate(splits):          # windows are never pooled across splits: evidence carries over
        windows = Windows("green", "blue", split=number)
        ...
        window = windows.add(source.read(), at=now)  # None for the first reading of a split
        if window is not None:
            verdict = judge.observe(window)
            verdict.word                             # healthy | regressed | inconclusive
            verdict.decided                          # False: go on watching
            verdict.lines()                          # plain sentences
            verdict.as_dict()                        # for the journal
    judge.history()                                  # each window's rates, bounds and evidence, for drawing

``judge(windows, settings, canary, baseline)`` says the same of a whole list of windows. What may be promoted is
``healthy`` alone. ``inconclusive`` and ``decided`` together say that watching on does not help by itself: data or
traffic are missing, or the limit has passed. ``service_down`` says that the old release fails as well.

The files, in the order in which data passes them: counts, arithmetic, windows; settings; strata, table; likelihood,
evidence, onset, trial; horizon, case; traffic; confidence, verdict, history; judge. And before a rollout: burst,
detectable. docs/judge.md has the formulas.
"""

from __future__ import annotations
