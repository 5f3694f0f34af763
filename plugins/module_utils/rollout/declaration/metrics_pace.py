# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How late a metric source is: what each type needs until a request is counted, and how long it may say nothing new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PATIENCE = 3
"""Scrapes, or periods: one may be late, and another one fail."""


def lag(source: Mapping[str, Any]) -> float:
    """Seconds from a request until a *source* (``service.metrics.source``) has counted it, at most."""
    if source.get("type") == "cloudwatch":
        # The period in which a step begins is no whole one; the next one has to end, and to arrive.
        return float(2 * source.get("period", 0) + source.get("delay", 0))
    return float(source.get("interval", 0))


def patience(source: Mapping[str, Any]) -> float:
    """Seconds without a new count after which one may take a *source* for gone."""
    if source.get("type") == "cloudwatch":
        return float(PATIENCE * source.get("period", 0) + source.get("delay", 0))
    return float(PATIENCE * source.get("interval", 0))
