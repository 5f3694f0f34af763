# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A campaign: one release, through stages one after the other, and back through them in reverse order.

A pure fold of the journal's events of one campaign, and what a run makes of it. A stage is *begun* with its intent,
*done* with its outcome, and *undone* once it is known to be as it was found. What was begun may have changed something,
whether or not it was done: it is what has to be undone. Whether there is anything to undo is for its own
journal, or its router, to say (:mod:`.stage_back`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from .history import History
from .journal import Event
from .lease import clock


class CampaignError(Exception):
    """The journal and what is asked for cannot both be followed; the message says how to go on."""


@dataclass(frozen=True)
class Stage:
    """One stage: ``declared`` as it was when the campaign was opened, and what the journal says of it.

    ``begun`` is the data of its intent: what was found before anything was done. ``done`` is its result,
    ``ended_at`` (epoch seconds) the moment of that. ``failed`` and ``stuck`` are why it, or its undoing, failed last.
    """

    phase: str
    declared: Mapping[str, Any]
    begun: Mapping[str, Any] | None = None
    done: Mapping[str, Any] | None = None
    ended_at: float | None = None
    failed: str | None = None
    undone: Mapping[str, Any] | None = None
    stuck: str | None = None

    @property
    def name(self) -> str:
        """As declared."""
        return str(self.declared["name"])

    @property
    def kind(self) -> str:
        """``rollout`` or ``router``."""
        return "rollout" if "rollout" in self.declared else "router"

    @property
    def in_flight(self) -> bool:
        """Whether a run may be in the middle of it, if that run is still there."""
        return self.begun is not None and self.done is None and self.failed is None

    def as_dict(self) -> dict[str, Any]:
        """The stage for templates, with the derived ``name``, ``kind`` and ``in_flight``."""
        known = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**known, "name": self.name, "kind": self.kind, "in_flight": self.in_flight}


@dataclass(frozen=True)
class Campaign:
    """What the journal says of one campaign. ``undoing`` is why it goes back; ``outcome`` is None while it is open."""

    id: str
    release: str
    previous: str | None
    stages: tuple[Stage, ...]
    undoing: str | None = None
    outcome: str | None = None

    @property
    def left(self) -> tuple[Stage, ...]:
        """The stages that are not done yet, in their order."""
        return tuple(stage for stage in self.stages if stage.done is None)

    @property
    def to_undo(self) -> tuple[Stage, ...]:
        """What may have changed something and is not known to be back: the last one begun comes first."""
        return tuple(stage for stage in reversed(self.stages) if stage.begun is not None and stage.undone is None)

    def as_dict(self) -> dict[str, Any]:
        """The campaign for templates, with the phases that are ``left``, and the stages ``to_undo``."""
        return {
            "id": self.id,
            "release": self.release,
            "previous": self.previous,
            "undoing": self.undoing,
            "outcome": self.outcome,
            "stages": [stage.as_dict() for stage in self.stages],
            "left": [stage.phase for stage in self.left],
            "to_undo": [stage.as_dict() for stage in self.to_undo],
            "undoing_opens": opens(
                {"declared": one.declared, "begun": one.begun, "done": one.done} for one in self.stages
            ),
        }


def phases(count: int) -> list[str]:
    """The names of so many stages' phases."""
    return [f"stage-{number}" for number in range(1, count + 1)]


def opens(stages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the opening of a campaign says of its *stages*: each ``declared``, and how far it has come."""
    given = [dict(one) for one in stages]
    return {"plan": {"steps": [{"phase": phase, "split": None} for phase in phases(len(given))]}, "stages": given}


def fold(events: Iterable[Event]) -> Campaign | None:
    """The campaign that its *events*, oldest first, add up to; None where it was never opened."""
    campaign = None
    for event in events:
        if event.type == "rollout.opened":
            campaign = campaign if campaign and campaign.id == event.rollout else _opened(event)
        elif campaign is not None and campaign.id == event.rollout:
            campaign = _stepped(campaign, event)
    return campaign


def _opened(event: Event) -> Campaign:
    """The undoing of a finished campaign brings along what that one had begun and done."""
    given = event.data.get("stages")
    if given is None:
        raise CampaignError(
            f"{event.rollout} in this journal is no campaign, but a rollout of {event.service}:"
            " give the campaign a name that no service has"
        )
    stages = tuple(
        Stage(phase, one["declared"], begun=one.get("begun"), done=one.get("done"))
        for phase, one in zip(phases(len(given)), given)
    )
    release, previous = event.data["release"], event.data["from"]
    if event.data["kind"] == "campaign_rollback":
        release, previous = previous, release
    return Campaign(event.rollout, release, previous, stages)


def _stepped(campaign: Campaign, event: Event) -> Campaign:
    data, phase = event.data, event.data.get("phase")
    if event.type == "rollback.intended" and phase is None:
        return replace(campaign, undoing=data["reason"])
    if event.type == "rollout.closed":
        return replace(campaign, outcome=data["outcome"])
    changes: dict[str, Any] = {}
    if event.type == "phase.intended":
        changes = {"begun": dict(data), "failed": None}
    elif event.type == "phase.done":
        changes = {"done": dict(data.get("result") or {}), "ended_at": event.at, "failed": None}
    elif event.type == "phase.failed":
        changes = {"stuck" if campaign.undoing is not None else "failed": str(data["error"].get("message", ""))}
    elif event.type == "rollback.done" and phase is not None:
        changes = {"undone": dict(data.get("result") or {}), "stuck": None}
    stages = tuple(replace(one, **changes) if changes and one.phase == phase else one for one in campaign.stages)
    return replace(campaign, stages=stages)


@dataclass(frozen=True)
class Decision:
    """How to go on: ``start``, ``resume`` at the first stage that is not done, or ``go_back``; and why, for people."""

    action: str
    message: str
    campaign: Campaign | None = None
    opens: Mapping[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The decision for templates; ``opens`` is what a first event says of the stages."""
        known = self.campaign.as_dict() if self.campaign else None
        return {"action": self.action, "message": self.message, "campaign": known, "opens": self.opens}


def decide(history: History, events: Iterable[Event], release: str, declared: Sequence[Mapping[str, Any]]) -> Decision:
    """How to bring *release* through the *declared* stages, given the ledger's *history* and its newest *events*.

    Raises CampaignError when another release is on its way, or when the stages are others than were begun.
    """
    current = history.current
    if current is None:
        before = ", which went through all of them before" if history.live_release == release else ""
        message = f"release {release}{before}, goes through {len(declared)} stages"
        return Decision("start", message, opens=opens({"declared": one} for one in declared))
    campaign = fold(events)
    if campaign is None or campaign.id != current.id:
        raise CampaignError(f"rollout {current.id} is open, and its events are not in the journal: restore the ledger")
    if campaign.undoing is not None or current.kind == "campaign_rollback":
        return Decision("go_back", f"campaign {campaign.id} was being undone ({campaign.undoing})", campaign)
    since = f"campaign {campaign.id} of {campaign.release} is open since {clock(current.opened_at)}"
    if campaign.release != release:
        raise CampaignError(
            f"{since}. Start {campaign.release} again to finish it, or run campaign_rollback.yml; then start {release}"
        )
    begun = [(stage.name, stage.kind) for stage in campaign.stages]
    now = [(Stage("", one).name, Stage("", one).kind) for one in declared]
    if begun != now:
        raise CampaignError(
            f"{since}, with the stages {', '.join(name for name, _kind in begun)}, but declared are"
            f" {', '.join(name for name, _kind in now)} now. Declare them as they were, or run campaign_rollback.yml"
        )
    where = f"at stage {campaign.left[0].name}" if campaign.left else "at its end"
    return Decision("resume", f"campaign {campaign.id} was interrupted; it goes on {where}", campaign)


def way_back(history: History, events: Iterable[Event]) -> Campaign:
    """What a rollback undoes: the open campaign, or the newest, where that went through. Raises CampaignError."""
    last, campaign = history.last, fold(events)
    if last is None or campaign is None or campaign.id != last.id:
        raise CampaignError("no campaign is in the journal: there is nothing to undo. Take services back one by one")
    if last.open or last.outcome == "succeeded":
        return campaign
    raise CampaignError(f"campaign {last.id} is over and {last.outcome}: there is nothing to undo")


def plan_lines(release: str, declared: Sequence[Mapping[str, Any]], stood: Mapping[str, str]) -> list[str]:
    """The plan for people: each stage with its place, its bake and its longest. *stood* is what was found, by name."""
    lines, total = [], 0.0
    for number, stage in enumerate(declared, start=1):
        lasts, what = _lasts(stage)
        total += lasts
        found = f"; now {stood[stage['name']]}" if stage["name"] in stood else ""
        checked = f", then {stage['check']}" if stage["check"] else ""
        lines.append(f"  {number}. {stage['name']}: {what}{checked}; at most {lasts:g} s{found}")
    return [f"campaign of {release}: {len(declared)} stages, at most {total:g} s without checks", *lines]


def _lasts(stage: Mapping[str, Any]) -> tuple[float, str]:
    bake = stage["bake"]
    if "rollout" in stage:
        rollout = stage["rollout"]
        return rollout["longest"] + bake, f"rollout of {', '.join(rollout['inventory'])}, bake {bake:g} s"
    steps = stage["steps"]
    to = stage["to"] or "the other color"
    what = (
        f"{stage['router']['type']} {stage['service']} to {to} by {', '.join(map(str, steps))} %, bake {bake:g} s each"
    )
    return bake * len(steps), what


def story(campaign: Campaign) -> list[str]:
    """What became of the campaign, for people: a line for each stage that was begun."""
    lines = [f"campaign {campaign.id} of {campaign.release}: {campaign.outcome or 'open'}"]
    for stage in campaign.stages:
        if stage.begun is None:
            continue
        if stage.undone is not None:
            told = {"roll_back": "users are back", "nothing": "nothing to undo", "leave": "left alone"}[
                stage.undone["how"]
            ]
            told += f" ({stage.undone['why']})"
        elif stage.stuck is not None:
            told = f"not back: {stage.stuck}"
        elif stage.done is not None:
            told = "done" if stage.done.get("changed") else "was there already"
        else:
            told = stage.failed or "begun"
        lines.append(f"  {stage.name}: {told}")
    return lines
