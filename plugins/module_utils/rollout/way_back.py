# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a rollback goes: read from the journal, or, when that is out of reach, from the routers themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .history import History
from .split import Split, other


class NoWayBack(Exception):
    """There is nothing to go back to, or it cannot be told; the message says what to do."""


@dataclass(frozen=True)
class Way:
    """The way back: users go to ``release`` in ``color``.

    ``rollout`` is the open rollout that this ends, or None where a finished one is undone (a rollout
    of its own is opened for that). ``leaves`` is the release that users leave, where it is known; it equals
    ``release`` when they are back already. With ``in_place`` no user is moved: instances are replaced again.
    """

    color: str
    release: str | None
    leaves: str | None
    rollout: str | None
    message: str
    in_place: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The way for templates, with the split to write."""
        return {**asdict(self), "split": Split.all_on(self.color).as_dict()}


def way_back(history: History) -> Way:
    """The way back that the journal knows. Raises NoWayBack when there is none."""
    current = history.current
    if current is not None:
        color, release = current.back_to
        if release is None:
            raise NoWayBack(
                f"rollout {current.id} brings the first release of all: there is nothing to go back to."
                f" If a run was at work on it, it has stopped; deploy {current.release} again to go on"
            )
        return Way(
            color=color,
            release=release,
            leaves=current.previous if current.kind == "rollback" else current.release,
            rollout=current.id,
            message=f"rollout {current.id} is ended; users go back to {release} in {color}",
            in_place=current.in_place,
        )
    if history.live_color is None:
        raise NoWayBack("no release has ever been rolled out: there is nothing to go back to. Deploy a release first")
    if history.went_back:
        return Way(
            color=history.live_color,
            release=history.live_release,
            leaves=history.live_release,
            rollout=None,
            message=(
                f"users were brought back to {history.live_release} in {history.live_color} before: nothing to change"
            ),
        )
    if history.replaced is not None:
        return Way(
            color=history.live_color,
            release=history.replaced,
            leaves=history.live_release,
            rollout=None,
            message=f"{history.replaced} replaces {history.live_release} in {history.live_color} again",
            in_place=True,
        )
    color = other(history.live_color)
    release = history.installed.get(color)
    if release is None:
        raise NoWayBack(
            f"{color} holds no complete release to go back to ({history.live_release} is live in {history.live_color})."
            " Deploy the release that you want instead"
        )
    return Way(
        color=color,
        release=release,
        leaves=history.live_release,
        rollout=None,
        message=f"users go from {history.live_release} in {history.live_color} back to {release} in {color}",
    )


def way_back_without_journal(shown: Mapping[str, Any], declared: str | None) -> Way:
    """The way back where the ledger cannot be reached: the color that the operator *declared*.

    Which release is the good one stands in the journal alone, so nothing is guessed: without a declared
    color, NoWayBack tells the split that each router has *shown* (by host) and what to say.
    """
    if not declared:
        said = (
            "; ".join(f"{host}: {Split.parse(split)}" for host, split in sorted(shown.items()))
            or "no load balancer answers"
        )
        raise NoWayBack(
            f"without the ledger nobody knows which color has the good release. Now: {said}."
            " Say why, and where users shall go, with"
            ' -e \'{"rollout_reason": "<your reason>", "rollout_to": "blue"}\' (or green)'
        )
    other(declared)
    return Way(
        color=declared,
        release=None,
        leaves=None,
        rollout=None,
        message=f"break glass: the ledger cannot be used; all users go to {declared}",
    )
