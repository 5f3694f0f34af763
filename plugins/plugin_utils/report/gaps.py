# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says which evidence a report lacks. A gap is named here, and nowhere filled in."""

from __future__ import annotations

from typing import Any

from .words import counted, percent, phase_name

# Above this share of lost seconds, "0 failed" says little about the whole rollout. A second at either end is partial.
_TOLERATED_SILENT_SECONDS = 1


def missing(document: dict[str, Any]) -> list[str]:
    """Sentences, each naming one thing that this report cannot say and why; empty when the evidence is whole."""
    return [*_journal_gaps(document), *_probe_gaps(document)]


def _journal_gaps(document: dict[str, Any]) -> list[str]:
    gaps = []
    if document["outcome"] == "open":
        gaps.append("The journal has no closing event: the rollout is still running, or its controller died.")
    unfinished = [phase_name(phase["name"]) for phase in document["phases"] if phase["outcome"] == "unfinished"]
    if unfinished:
        gaps.append(f"The journal has no outcome for: {', '.join(unfinished)}.")
    if document["traffic"] == "uncertain":
        gaps.append("Moving traffic was intended and no outcome is known; the routers alone can say where it is.")
    if document["traffic"] == "moved":
        if document["commit"] is None:
            gaps.append("The journal does not say when the traffic moved.")
        if len(document["split"]) < 2:
            gaps.append("The journal does not say how the traffic was split after it moved.")
    return gaps


def _probe_gaps(document: dict[str, Any]) -> list[str]:
    probe, commit = document["probe"], document["commit"]
    if document["outcome"] == "unchanged" and probe is None:
        return []  # nothing was done to the users, so there is nothing to prove
    if probe is None:
        return ["No probe ran: what users saw was not measured."]
    if probe["sent"] == 0:
        return ["The probe sent no request: what users saw was not measured."]
    rows = probe["by_second"]
    if not rows:
        return ["The probe gave no counts by second: when something happened cannot be shown."]
    return [*_move_gaps(probe, rows, commit), *_record_gaps(probe, rows)]


def _move_gaps(probe: dict[str, Any], rows: list[dict[str, Any]], commit: dict[str, Any] | None) -> list[str]:
    gaps = []
    if commit and not rows[0]["second"] <= commit["at"] < rows[-1]["second"] + 1:
        gaps.append("The probe was not running at the moment the traffic moved.")
    elif commit:
        if probe["first_to_ms"] is None:
            gaps.append("The probe saw no answer from the new release: how fast users moved is not known.")
        unmeasured = [period for period, found in probe["latency"].items() if found is None]
        if unmeasured:
            gaps.append(f"No latency was measured {' and '.join(unmeasured)} the move.")
    return gaps


def _record_gaps(probe: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    gaps = []
    if probe["unreadable"]:
        gaps.append(f"{counted(probe['unreadable'], 'line')} of the probe's record could not be read.")
    span = rows[-1]["second"] - rows[0]["second"] + 1
    silent = span - sum(1 for row in rows if row["sent"])
    if silent > _TOLERATED_SILENT_SECONDS:
        gaps.append(f"The probe sent nothing in {counted(silent, 'second')} of {span} ({percent(silent, span)}).")
    return gaps
