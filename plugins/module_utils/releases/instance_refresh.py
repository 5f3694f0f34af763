# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the live group's instances get a release in place, share by share, and the one before again.

Between which versions of the launch template instances are replaced stands in a tag of the group before the first one
is. Each share is a refresh that ends at its checkpoint by itself, whatever becomes of whoever started it; until all
are new the group itself keeps the old version, which is what autoscaling starts meanwhile.

API: Amazon EC2 Auto Scaling, version 2011-01-01, ``StartInstanceRefresh``.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from ..aws.patience import until
from ..aws.resource import StackError
from ..rollout.refreshing import checkpoint, goal
from .autoscaling_group import Groups, encoded_user_data
from .capacity import SWAP_TAG, Group, Swap, description, release_of, started_from
from .target_health import Health

_BUSY = ("Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking")
#: Without these AWS replaces nothing, and says nothing.
#: https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-how-suspending-processes-affects-other-processes.html
_NEEDED = frozenset({"InstanceRefresh", "Launch", "Terminate"})
_ALL = 100
_FIRST, _PAUSE = 0.5, 5.0
_ENDS = 1800.0


@dataclass(frozen=True)
class Pace:
    """How instances are replaced: percentages of the desired ones that stay healthy at least and exist at most,
    *alarms* at which AWS takes a share back, seconds until one instance is healthy, and until a share is replaced."""

    require_healthy: int
    max_healthy: int
    alarms: tuple[str, ...]
    start_deadline: float
    within: float


class Refreshing(Groups):
    """The groups of a stack, of which one has its instances replaced in place."""

    def prepare(self, color: str, release: str, user_data: str, rollout: str, pace: Pace) -> None:
        """Make a version of *color*'s launch template with *release*, and note from which to which; replace nothing.

        Raises StackError for a group with which it cannot be done, before anything is changed.
        """
        encoded, it = encoded_user_data(user_data), self.of[color]
        known = it.swap if it.swap and it.swap.rollout == rollout and not it.swap.back else None
        if known and self._has(it, known.target, release, encoded):
            return
        self._must_be_possible(it, pace)
        if busy := self._busy(color):
            raise StackError(f"{_told(busy)} of {it.name} goes on already: wait for its end, or cancel it")
        if it.held:  # by a rollout that has died: what ends no instance replaces none
            self._release(color)
        version = self._version(color, release, encoded)
        self._note(color, Swap(rollout, it.version, version))

    def refresh(self, color: str, rollout: str, percent: int, pace: Pace) -> None:
        """Replace instances of *color* until *percent* of them have what was prepared for *rollout*, and are healthy.

        Raises StackError where that does not come; nothing goes on then.
        """
        it, swap = self.of[color], self.of[color].swap
        if swap is None or swap.rollout != rollout or swap.back:
            found = f"that of {swap.rollout}{', which goes back' if swap.back else ''}" if swap else "none"
            raise StackError(f"{it.name}: expected in its tag {SWAP_TAG} what {rollout} prepared, but found {found}")
        try:
            self._drive(color, swap.target, percent, pace)
        except StackError:
            with suppress(StackError):  # what went wrong is the better word
                self._stop(color, swap.target)
            raise
        if not self.dry_run:
            self._stop(color, swap.target)
            self._reread(color)
            # Where AWS had ended the refresh before it was stopped, the group has its version.
            line = _replaces(it, swap.target, percent)
            self._start_from(color, swap.target if percent == _ALL else swap.source, line)

    def back(self, color: str, release: str, pace: Pace) -> None:
        """Replace again what was replaced, until every instance of *color* has what it had before.

        *release* is what that is expected to be, "" where nobody knows. Instances that still have it are left alone.
        """
        it, swap = self.of[color], self.of[color].swap
        busy = self._busy(color)
        if release == it.release and it.at(it.version) == it.in_service and not (it.coming or busy):
            return  # nothing was replaced yet, or all of it has been again
        if swap is None:
            raise StackError(f"{it.name} has no tag {SWAP_TAG} that says what to go back to: deploy what you want")
        named = release_of(self._one(it, swap.source).get("VersionDescription", ""))
        if release not in ("", named):
            raise StackError(f"expected {release} as what {it.name} had before, but its tag leads to {named or 'none'}")
        if not swap.back:  # from now on the run that is overtaken starts nothing any more
            self._note(color, replace(swap, back=True))
        if busy and _version(busy) == swap.target:
            self.did.append(f"stop {_told(busy)} of {it.name}")
            self._stop(color, swap.target, hasten=True)
        self._start_from(color, swap.source, f"let {it.name} start instances from version {swap.source}")
        # As many as are healthy now stay so; what never got healthy is in nobody's way.
        healthy = 0 if self.dry_run else self._healthy_percent(color)
        kept = replace(pace, alarms=(), require_healthy=min(pace.require_healthy, healthy))
        self._drive(color, swap.source, _ALL, kept, pace.require_healthy)

    # -- its steps -------------------------------------------------------------------------------

    def _must_be_possible(self, it: Group, pace: Pace) -> None:
        if stopped := sorted((it.suspended - (it.held.processes if it.held else frozenset())) & _NEEDED):
            raise StackError(f"{', '.join(stopped)} of {it.name} is suspended, so AWS would replace nothing: resume it")
        if it.sizes.desired == 0:
            raise StackError(f"expected instances of {it.name} to replace, but it has none")
        if it.sizes.desired == 1 and pace.max_healthy == _ALL:
            raise StackError(
                f"{it.name} has one instance, whose users need another one meanwhile: expected two at least, or"
                " service.strategy.refresh.max_healthy above 100"
            )

    def _drive(self, color: str, to: str, percent: int, pace: Pace, enough: int = _ALL) -> None:
        """Returns once *percent* of the instances run version *to* and *enough* percent of these are healthy.

        With 100 nothing goes on then.
        """
        self._say_drive(color, to, percent)
        if self.dry_run:
            return
        watch = _Watch(pace)
        started, mine, blunt = -1, "", False
        while True:
            it = self._reread(color)
            # What AWS has done by itself counts, so that a run after a crash goes on with it.
            busy, there = self._busy(color), len(it.at(to))
            wanted = goal(it.sizes.desired, percent)
            healthy = self._healthy(it, to)
            others = it.in_service - it.at(to)
            coming = any(it.instances[one] != to for one in it.coming)
            if healthy >= goal(wanted, enough) and (percent < _ALL or not (busy or others or coming)):
                return
            if busy:
                if _version(busy) != to:
                    raise StackError(f"{_told(busy)} of {it.name} goes on, which is none of this: wait, or cancel it")
                mine = mine if busy["Status"] == "Cancelling" else busy["InstanceRefreshId"]
            elif mine and (ended := self._ended(color, mine)):
                why = ended.get("StatusReason") or "AWS gives no reason"
                raise StackError(f"{it.name}: {_told(ended)} ended as {ended['Status']}: {why}")
            elif there < wanted or (percent == _ALL and others):
                if blunt and there == started:
                    raise StackError(f"{it.name}: AWS ended a refresh after {there} of {wanted} instances")
                # One that replaced nothing was reached already, in AWS's eyes, by those that it skips.
                blunt, started = there == started, there
                asked = percent if blunt else checkpoint(it.sizes.desired, there, wanted)
                mine = self._start_refresh(color, to, None if percent == _ALL else asked, pace)
            if watch.stalled((healthy, (busy or {}).get("PercentageComplete"), mine)):
                found = replace(it, version=to, described=self._one(it, to).get("VersionDescription", ""))
                health = Health(self.aws, lambda found=found: found)
                said = health.why(found, health.states(found), watch.waited)
                raise StackError("; ".join([said, *([f"AWS says: {busy['StatusReason']}"] if _reasoned(busy) else [])]))

    def _start_refresh(self, color: str, to: str, asked: int | None, pace: Pace) -> str:
        it = self.of[color]
        preferences: dict[str, Any] = {
            "MinHealthyPercentage": pace.require_healthy,
            "MaxHealthyPercentage": min(pace.max_healthy, pace.require_healthy + _ALL),
            "SkipMatching": True,
        }
        if asked is not None:
            # Without 100 at its end AWS stops there:
            # https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-adding-checkpoints-instance-refresh.html
            preferences["CheckpointPercentages"] = [asked]
        if pace.alarms:
            preferences |= {"AlarmSpecification": {"Alarms": list(pace.alarms)}, "AutoRollback": True}
        answer = self.aws.call(
            "autoscaling",
            "start_instance_refresh",
            AutoScalingGroupName=it.name,
            DesiredConfiguration=started_from(it.template, to, it.mixed),
            Preferences=preferences,
        )
        return str(answer["InstanceRefreshId"])

    def _stop(self, color: str, target: str, hasten: bool = False) -> None:
        """No refresh to *target* goes on; with *hasten* what it has under way is not waited for."""
        busy = None if self.dry_run else self._busy(color)
        if not busy or _version(busy) != target:
            return
        name = self.of[color].name
        if busy["Status"] not in ("Cancelling", "RollbackInProgress"):
            # One that has come to its end meanwhile needs no stopping.
            absent = "ActiveInstanceRefreshNotFound"
            how = {"AutoScalingGroupName": name, "WaitForTransitioningInstances": not hasten}
            self.aws.call("autoscaling", "cancel_instance_refresh", absent, **how)
        until(lambda: None if self._busy(color) else True, f"the refresh of {name} to end", _ENDS, 1.0)
        self._reread(color)

    def _start_from(self, color: str, version: str, line: str) -> None:
        """Autoscaling starts instances of *color* from *version*, from now on."""
        it = self.of[color]
        if it.version == version:
            return
        if line not in self.did:
            self.did.append(line)
        if not self.dry_run:
            how = {"AutoScalingGroupName": it.name, **started_from(it.template, version, it.mixed)}
            self.aws.call("autoscaling", "update_auto_scaling_group", **how)
        described = self._one(it, version).get("VersionDescription", "")
        names = {**it.others, it.version: it.described}
        self._now(color, version=version, described=described, others=names)

    def _note(self, color: str, swap: Swap) -> None:
        if swap != self.of[color].swap:
            does = f"go back to version {swap.source}" if swap.back else f"replace version {swap.source}"
            self._tag(color, f"note that {swap.rollout} is to {does}", {SWAP_TAG: swap.tag()})
            self._now(color, swap=swap)

    def _say_drive(self, color: str, to: str, percent: int) -> None:
        it = self.of[color]
        there, others = it.at(to), sorted(it.in_service - it.at(to))
        missing = len(others) if percent == _ALL else goal(it.sizes.desired, percent) - len(there)
        if missing <= 0:
            return
        self.did.append(_replaces(it, to, percent))
        if self.dry_run:
            described = self._one(it, to).get("VersionDescription", "")
            instances = {**it.instances, **dict.fromkeys(others[:missing], to)}
            now = {"version": to, "described": described} if percent == _ALL else {}
            names = {**it.others, it.version: it.described, to: described}
            self._now(color, instances=instances, others=names, **now)

    # -- what there is ---------------------------------------------------------------------------

    def _reread(self, color: str) -> Group:
        self.of[color] = self._read()[color]
        return self.of[color]

    def _one(self, it: Group, version: str) -> Mapping[str, Any]:
        return next(iter(self._versions(it.template, [version])), {})

    def _has(self, it: Group, version: str, release: str, user_data: str) -> bool:
        found = self._one(it, version)
        described, data = found.get("VersionDescription"), found.get("LaunchTemplateData", {}).get("UserData")
        return (described, data) == (description(release, it.default), user_data)

    def _healthy(self, it: Group, version: str) -> int:
        serving = it.at(version)
        states = Health(self.aws, lambda: it).states(it) if serving else {}
        return sum(states[one] == "healthy" for one in serving)

    def _healthy_percent(self, color: str) -> int:
        it = self._reread(color)
        healthy = sum(self._healthy(it, version) for version in {*it.instances.values()})
        return min(100, 100 * healthy // max(1, it.sizes.desired))

    def _refreshes(self, color: str) -> list[dict[str, Any]]:
        name = self.of[color].name
        answer = self.aws.call("autoscaling", "describe_instance_refreshes", AutoScalingGroupName=name)
        return list(answer["InstanceRefreshes"])

    def _busy(self, color: str) -> dict[str, Any] | None:
        return next((one for one in self._refreshes(color) if one["Status"] in _BUSY), None)

    def _ended(self, color: str, name: str) -> dict[str, Any] | None:
        """The refresh *name*, where it has ended otherwise than well."""
        ended = (one for one in self._refreshes(color) if one["InstanceRefreshId"] == name)
        return next((one for one in ended if one["Status"] != "Successful"), None)


class _Watch:
    """Waits between two looks, and knows when what is looked at has not changed for too long."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.seen: Any = None
        self.waited = pace.start_deadline
        self._began = self._since = time.monotonic()
        self._pause = _FIRST

    def stalled(self, seen: Any) -> bool:
        """Whether *seen* is the same for longer than an instance may take, or all of it takes too long."""
        now = time.monotonic()
        if seen != self.seen:
            self.seen, self._since, self._pause = seen, now, _FIRST
        if now - self._began >= self.pace.within:
            self.waited = self.pace.within
            return True
        if now - self._since >= self.pace.start_deadline:
            return True
        time.sleep(self._pause)
        self._pause = min(_PAUSE, self._pause * 1.5)
        return False


def _replaces(it: Group, to: str, percent: int) -> str:
    return f"replace instances of {it.name} by ones from version {to}, up to {percent} %"


def _version(refresh: Mapping[str, Any]) -> str:
    """The version of the launch template that *refresh* brings; "" where it brings none."""
    desired = refresh.get("DesiredConfiguration") or {}
    mixed = (desired.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}
    found = mixed.get("LaunchTemplateSpecification") or desired.get("LaunchTemplate") or {}
    return str(found.get("Version", ""))


def _told(refresh: Mapping[str, Any]) -> str:
    return f"the instance refresh {refresh['InstanceRefreshId']}"


def _reasoned(refresh: Mapping[str, Any] | None) -> bool:
    return bool(refresh and refresh.get("StatusReason"))
