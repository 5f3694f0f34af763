# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One stage on its way out and back, as its own journal or its router shows it, never as a program's output does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .campaign import CampaignError
from .history import History
from .split import Split, other


@dataclass(frozen=True)
class Undo:
    """What to do, and why: ``roll_back``, ``nothing`` (it is as found), or ``leave`` (others have been there since)."""

    how: str
    why: str

    def as_dict(self) -> dict[str, Any]:
        """For templates."""
        return asdict(self)


def stood(history: History) -> dict[str, Any]:
    """What a stage's intent keeps of a service's journal: the release that its users have."""
    return {"live": history.live_release, "rollout": history.last.id if history.last else None}


def result(begun: Mapping[str, Any], history: History, release: str) -> dict[str, Any]:
    """The outcome of a stage whose rollout ended well. Raises CampaignError where its journal says otherwise."""
    if history.current is not None or history.live_release != release:
        open_too = f", and rollout {history.current.id} is open" if history.current else ""
        raise CampaignError(
            f"the playbook ended well, but by the service's journal {history.live_release or 'no release'} is live"
            f"{open_too}, not {release}: run its status.yml"
        )
    return {**stood(history), "changed": begun["before"]["live"] != release}


def rollout_undo(begun: Mapping[str, Any], history: History, release: str) -> Undo:
    """How to undo a stage that is a rollout, given its service's *history* now."""
    before, live, current = begun["before"]["live"], history.live_release, history.current
    if current is not None and current.kind == "rollback":
        return Undo("roll_back", f"rollback {current.id} is open there, and is finished")
    if current is not None and current.release == release:
        return Undo("roll_back", f"rollout {current.id} is open there")
    if current is not None:
        return Undo("leave", f"rollout {current.id} of {current.release} is open there: it is not the campaign's")
    if before == release:
        return Undo("nothing", f"{release} was live there before the campaign")
    if live == release:
        return Undo("roll_back", f"{release} is live there")
    if live == before:
        return Undo("nothing", f"users have {live or 'no release'} there, as before")
    return Undo("leave", f"{live} was released there since: it is not the campaign's")


# -- a router ---------------------------------------------------------------------------------------------


def opening(found: Split, to: str | None, followed: bool = False) -> dict[str, Any]:
    """What a router's stage begins with: the split *found*, and the color that everybody goes to.

    *followed*: this release went through all stages before, so that users are where they belong. Raises CampaignError.
    """
    live = found.live()
    if followed and to is None and live is not None:
        return {"found": found.as_dict(), "to": live}
    if live is None and to is None:
        raise CampaignError(
            f"the router shows {found}, and nobody says where users go: bring it to one color, or declare `to`"
        )
    return {"found": found.as_dict(), "to": to or other(str(live))}


def path(begun: Mapping[str, Any], steps: Sequence[int]) -> list[Split]:
    """The splits that the stage goes through, from the one that was found."""
    found, to = Split.parse(begun["found"]), begun["to"]
    ahead = [Split.giving(to, step) for step in steps]
    return [found, *(split for split in ahead if split.share(to) > found.share(to))]


def steps_left(begun: Mapping[str, Any], steps: Sequence[int], now: Split) -> list[dict[str, Any]]:
    """The splits still to be written and baked, each with the one ``expect``ed before it.

    A step that is in force is written again, which changes nothing, and baked again: nobody knows whether it was.
    Raises CampaignError where the router shows what no step of the stage has.
    """
    way = path(begun, steps)
    if now not in way:
        raise CampaignError(
            f"the router shows {now}, which this stage never asked for ({'; '.join(map(str, way))}):"
            " somebody has moved it meanwhile"
        )
    at = max(way.index(now), 1)
    return [{"split": split.as_dict(), "expect": before.as_dict()} for before, split in zip(way[at - 1 :], way[at:])]


def router_undo(begun: Mapping[str, Any], steps: Sequence[int], now: Split) -> Undo:
    """How to undo a stage that is a router, which shows *now*."""
    found = Split.parse(begun["found"])
    if now == found:
        return Undo("nothing", f"it shows {now}, as it was found")
    if now not in path(begun, steps):
        return Undo("leave", f"it shows {now}, which is not the campaign's: somebody has moved it since")
    return Undo("roll_back", f"it shows {now}, and goes back to {found}")
