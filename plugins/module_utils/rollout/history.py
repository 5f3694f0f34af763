# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the journal's events add up to: every rollout's state, and what is live.

A pure fold. Events only ever add; an event that is repeated (a run that died after the write and
before it knew) changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from .journal import PHASES, Event, in_place, kind
from .split import Split

#: The kinds of a rollout that has stages instead of colors (:mod:`.campaign`).
CAMPAIGNS = ("campaign", "campaign_rollback")


@dataclass(frozen=True)
class Rollout:
    """One run of a strategy for one release. Times are epoch seconds; ``outcome`` is None while it is open.

    ``release`` goes to ``color``; ``previous`` is the release that was live in ``live_color`` before, or
    None for the first one ever. ``kind`` is ``release``, or ``rollback`` where a finished rollout is undone;
    ``campaign`` or ``campaign_rollback`` where its phases are stages, and it has no color of its own.
    ``steps`` are the plan's, each with its ``phase`` and the ``split`` that holds from its end on; ``asked`` is what
    people asked of it while it went on, each with ``seq``, ``at``, ``action``, ``reason`` and ``who``.
    """

    id: str
    release: str
    previous: str | None
    color: str
    live_color: str
    opened_at: float
    fence: int
    who: Mapping[str, Any]
    kind: str = "release"
    intended: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    failed: Mapping[str, Any] = field(default_factory=dict)
    rollback_reason: str | None = None
    rolled_back: bool = False
    outcome: str | None = None
    closed_at: float | None = None
    steps: tuple[Mapping[str, Any], ...] = ()
    asked: tuple[Mapping[str, Any], ...] = ()

    @property
    def in_place(self) -> bool:
        """Whether it replaces the release that is live on the live color's own instances, and moves no user."""
        told = {"color": self.color, "live_color": self.live_color, "release": self.release, "from": self.previous}
        return in_place(told)

    @property
    def open(self) -> bool:
        """Whether it has not been closed yet."""
        return self.outcome is None

    @property
    def traffic_touched(self) -> bool:
        """Whether users may have been moved: a shift was intended, whether or not it was done.

        A rollback of a finished rollout intends nothing but that, so it says so by being opened.
        """
        # A rolling release begins with a drain, which takes a host from its users, or with a refresh of instances.
        touching = ("shift", "drain", "refresh", "stage")
        return any(kind(phase) in touching for phase in self.intended) or self.kind == "rollback"

    @property
    def campaign(self) -> bool:
        """Whether it is a campaign, or the undoing of one."""
        return self.kind in CAMPAIGNS

    @property
    def back_to(self) -> tuple[str, str | None]:
        """The color and the release that users have once this rollout is rolled back."""
        return (self.color, self.release) if self.kind == "rollback" else (self.live_color, self.previous)

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases of its plan, in their order."""
        return tuple(step["phase"] for step in self.steps) or PHASES

    @property
    def next_phase(self) -> str | None:
        """The first phase that is not done yet; None when all are."""
        return next((phase for phase in self.phases if phase not in self.done), None)

    def splits(self) -> frozenset[Split]:
        """What a router may show now: the split of the last shift that was done, and of one that was only intended."""
        found = Split.all_on(self.live_color)
        for phase in self.phases:
            if kind(phase) != "shift" or phase not in self.intended:
                continue
            after = self._after(phase)
            if phase not in self.done:
                return frozenset({found, after})
            found = after
        return frozenset({found})

    def _after(self, phase: str) -> Split:
        step = next((step for step in self.steps if step["phase"] == phase), None)
        return Split.parse(step["split"]) if step else Split.all_on(self.color)

    def as_dict(self) -> dict[str, Any]:
        """The state for templates, with the derived ``open``, ``traffic_touched`` and ``next_phase``."""
        return {
            **asdict(self),
            "open": self.open,
            "traffic_touched": self.traffic_touched,
            "next_phase": self.next_phase,
        }


@dataclass(frozen=True)
class History:
    """All that a journal says of one service.

    ``live_color`` and ``live_release`` are what the last closed rollout left live (None before the
    first one); ``went_back`` is whether it came back by a rollback; ``installed`` is the release that
    was last installed in each color, unless that was never finished or failed before it had users.
    ``replaced`` is the release that the live one has replaced in its own color, None where the other color has it.
    """

    live_color: str | None = None
    live_release: str | None = None
    went_back: bool = False
    installed: Mapping[str, str] = field(default_factory=dict)
    replaced: str | None = None
    rollouts: tuple[Rollout, ...] = ()

    @property
    def current(self) -> Rollout | None:
        """The rollout that is open, if any: at most the last one."""
        last = self.last
        return last if last is not None and last.open else None

    @property
    def last(self) -> Rollout | None:
        """The newest rollout, open or closed."""
        return self.rollouts[-1] if self.rollouts else None

    def as_dict(self, most: int = 10) -> dict[str, Any]:
        """The state for templates, with the newest *most* rollouts."""
        return {
            **self.carried(),
            "current": self.current.as_dict() if self.current else None,
            "last": self.last.as_dict() if self.last else None,
            "rollouts": [rollout.as_dict() for rollout in self.rollouts[-most:]],
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> History:
        """The inverse of :meth:`as_dict`, for as many rollouts as that gave."""
        names = {item.name for item in fields(Rollout)}
        rollouts = (
            Rollout(
                **{
                    **{key: item for key, item in rollout.items() if key in names},
                    "intended": tuple(rollout.get("intended", ())),
                    "done": tuple(rollout.get("done", ())),
                    "steps": tuple(rollout.get("steps", ())),
                    "asked": tuple(rollout.get("asked", ())),
                }
            )
            for rollout in value.get("rollouts") or ()
        )
        return cls(
            live_color=value.get("live_color"),
            live_release=value.get("live_release"),
            went_back=bool(value.get("went_back")),
            installed=dict(value.get("installed") or {}),
            replaced=value.get("replaced"),
            rollouts=tuple(rollouts),
        )

    def carried(self) -> dict[str, Any]:
        """What a new segment of the journal begins with, so that the old ones may go."""
        return {
            "live_color": self.live_color,
            "live_release": self.live_release,
            "went_back": self.went_back,
            "installed": dict(self.installed),
            "replaced": self.replaced,
        }


def fold(events: Iterable[Event]) -> History:
    """The history that *events*, oldest first, add up to."""
    history = History()
    for event in events:
        history = _apply(history, event)
    return history


def _apply(history: History, event: Event) -> History:
    data = event.data
    if event.type == "ledger.carried":
        state = data["state"]
        return replace(
            history,
            live_color=state.get("live_color"),
            live_release=state.get("live_release"),
            went_back=bool(state.get("went_back")),
            installed=dict(state.get("installed") or {}),
            replaced=state.get("replaced"),
        )
    if event.type == "rollout.opened":
        if any(rollout.id == event.rollout for rollout in history.rollouts):
            return history
        opened = Rollout(
            id=event.rollout,
            release=data["release"],
            previous=data["from"],
            color=data["color"],
            live_color=data["live_color"],
            opened_at=event.at,
            fence=event.fence,
            who=dict(event.who),
            kind=data.get("kind", "release"),
            steps=_steps(data["plan"]),
        )
        return replace(history, rollouts=(*history.rollouts, opened))
    current = history.current
    if current is None or current.id != event.rollout:
        return history
    return _recorded(_with(history, _stepped(current, event)), event)


def _stepped(rollout: Rollout, event: Event) -> Rollout:
    phase = str(event.data.get("phase"))
    if event.type == "phase.intended" and phase not in rollout.intended:
        return replace(rollout, intended=(*rollout.intended, phase), failed=_without(rollout.failed, phase))
    if event.type == "phase.done" and phase not in rollout.done:
        return replace(rollout, done=(*rollout.done, phase), failed=_without(rollout.failed, phase))
    if event.type == "phase.failed":
        return replace(rollout, failed={**rollout.failed, phase: event.data["error"]})
    if event.type == "rollback.intended":
        return replace(rollout, rollback_reason=event.data["reason"])
    if event.type == "rollback.done" and "phase" not in event.data:  # with one, a single stage of a campaign is back
        return replace(rollout, rolled_back=True)
    if event.type == "rollout.asked":
        ask = {"seq": event.seq, "at": event.at, "who": dict(event.who), **event.data}
        return replace(rollout, asked=(*rollout.asked, ask))
    return rollout


def _steps(plan: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], ...]:
    """What has to be known of a plan in order to go on with it."""
    return tuple({"phase": step["phase"], "split": step["split"]} for step in (plan or {}).get("steps", ()))


def _recorded(history: History, event: Event) -> History:
    rollout = history.rollouts[-1]
    if rollout.campaign:
        return _campaigned(history, rollout, event)
    installed = dict(history.installed)
    # Where a release is replaced in place, an installation touches nothing: the end alone says what is there.
    installs = [] if rollout.in_place else [phase for phase in rollout.phases if kind(phase) == "install"]
    if event.type == "phase.intended" and event.data["phase"] in installs:
        installed.pop(rollout.color, None)
    if event.type == "phase.done" and event.data["phase"] in installs[-1:]:
        installed[rollout.color] = rollout.release
    history = replace(history, installed=installed)
    if event.type != "rollout.closed":
        return history
    outcome = event.data["outcome"]
    if outcome in ("failed", "abandoned") and any(phase in rollout.intended for phase in installs):
        installed.pop(rollout.color, None)  # it never proved itself: no rollback may lead users to it
        history = replace(history, installed=installed)
    history = _with(history, replace(rollout, outcome=outcome, closed_at=event.at))
    if outcome == "succeeded":
        return _live(history, rollout, rollout.color, rollout.release, went_back=False)
    if outcome == "rolled_back":
        color, release = rollout.back_to
        # Driving the routers to the color that is live anyway undoes no release: the way back stays open.
        converged = rollout.kind == "rollback" and color == history.live_color and not rollout.in_place
        return _live(history, rollout, color, release, went_back=history.went_back if converged else True)
    return history


def _campaigned(history: History, rollout: Rollout, event: Event) -> History:
    """A campaign installs nothing and has no color: what is live is the release that went through all stages."""
    if event.type != "rollout.closed":
        return history
    outcome = event.data["outcome"]
    history = _with(history, replace(rollout, outcome=outcome, closed_at=event.at))
    if outcome == "succeeded":
        return replace(history, live_release=rollout.release, went_back=False)
    if outcome == "rolled_back":
        undone = rollout.kind == "campaign_rollback"
        return replace(history, live_release=rollout.release if undone else history.live_release, went_back=True)
    return history


def _live(history: History, rollout: Rollout, color: str, release: str | None, went_back: bool) -> History:
    """What is live once *rollout* has ended, and what a way back from there leads to."""
    history = replace(history, live_color=color, live_release=release, went_back=went_back)
    if not rollout.in_place:
        return history if rollout.kind == "rollback" else replace(history, replaced=None)
    installed = {**history.installed, **({color: release} if release else {})}
    return replace(history, installed=installed, replaced=None if went_back else rollout.previous)


def _with(history: History, rollout: Rollout) -> History:
    return replace(history, rollouts=(*history.rollouts[:-1], rollout))


def _without(failed: Mapping[str, Any], phase: str) -> dict[str, Any]:
    return {key: value for key, value in failed.items() if key != phase}
