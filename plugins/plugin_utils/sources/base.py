# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a metric source offers, whoever it asks."""

from __future__ import annotations

from typing import Protocol

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Reading


class SourceError(Exception):
    """A declaration that this source can never read by: no later try would do better."""


class Source(Protocol):
    """Gives cumulative counters, as often as it is asked."""

    def read(self) -> Reading:
        """One look at all origins, within seconds. What is away for now is in ``missing``, with its reason.

        Raises SourceError for what only a person can mend.
        """
