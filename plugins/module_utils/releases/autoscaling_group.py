# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a release gets onto a stack's Auto Scaling groups, and how their capacity follows the users.

Each step compares what is there with what should be, so that a run that died anywhere is gone on with by the next one.

API: Amazon EC2 Auto Scaling, version 2011-01-01, and Amazon EC2, version 2016-11-15.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from ..aws.patience import until
from ..aws.resource import StackError
from ..aws.session import Aws
from ..rollout.split import COLORS, other
from .capacity import HELD_TAG, KEPT_TAG, PARKED, SCALE_IN, Group, Held, Sizes, description, group, started_from
from .capacity import versions_asked as asked
from .target_health import Health

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
_MOST_USER_DATA = 16384
_SIZES = {"min": "MinSize", "max": "MaxSize", "desired": "DesiredCapacity"}
_PAUSE = 5.0
# Instances drain (deregistration delay, lifecycle hooks) before they end.
_ENDS = 1800.0


class Groups:
    """Both colors' groups of one stack. With *dry_run* it is told what would be done, and nothing is."""

    def __init__(self, aws: Aws, dry_run: bool = False, now: Callable[[], float] = time.time) -> None:
        self.aws = aws
        self.dry_run = dry_run
        self.now = now
        #: What was done, a line each.
        self.did: list[str] = []
        self._versions_known: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        self.of = self._read()

    def shown(self) -> dict[str, dict[str, Any]]:
        """Each color's group in words."""
        return {color: self.of[color].shown() for color in COLORS}

    # -- what a rollout asks for -----------------------------------------------------------------

    def install(self, color: str, release: str, user_data: str, rollout: str, deadline: float) -> None:
        """Bring *release* onto *color*, which has no users, with the capacity of the other one.

        At the end both are held: neither loses an instance to autoscaling while users are moved.
        """
        encoded = encoded_user_data(user_data)
        it, live = self.of[color], self.of[other(color)]
        if live.parked:
            raise StackError(f"expected the capacity of {live.name} to give to {it.name}, but found it parked")
        version = self._version(color, release, encoded)
        if set(it.instances.values()) - {version} or (it.warm_pool and it.version != version):
            self._empty(color)
        elif it.kept_until is not None:
            self._release(color)
        self._hold(color, rollout)
        self._start(color, version, release)
        self._until_ready(color, deadline)
        self._hold(other(color), rollout)

    def warm(self, color: str, deadline: float, enough: float = 100) -> None:
        """Give *color*, to which users are to go back, the capacity of the other one, with the release that it has.

        Returns once *enough* percent of it is healthy: the rest comes while users are back.
        """
        it = self.of[color]
        if not it.release:
            raise StackError(f"{it.name} has never had a release: users cannot go back there")
        # Autoscaling may want fewer by now; those that run are there all the same while it is held.
        self._resize(color, it.sizes.like(self.of[other(color)].sizes, len(it.serving())))
        self._until_ready(color, deadline, enough)

    def give_back(self, color: str, keep_minutes: float | None = None) -> None:
        """Leave *color*, which has all the users, to autoscaling, with a warm pool where the other one has one.

        The other one keeps its capacity for *keep_minutes*, with 0 none; without, autoscaling has it back, too.
        """
        it, old = self.of[color], self.of[other(color)]
        if old.warm_pool and not it.warm_pool and keep_minutes is not None:
            self._warm_pool(color, old.warm_pool)
        if it.held:  # or what was to be scaled in would be, with all the users back
            desired = max(it.sizes.desired, min(len(it.serving()), it.sizes.max))
            self._resize(color, replace(it.sizes, desired=desired))
        self._release(color)
        if keep_minutes is None:
            self._release(other(color))
        elif keep_minutes == 0:
            self.park(other(color))
        elif not old.parked and old.kept_until is None:
            until_then = round(self.now() + keep_minutes * 60)
            self._tag(other(color), f"keep it for {keep_minutes:g} minutes", {KEPT_TAG: str(until_then)})
            self._now(other(color), kept_until=until_then)

    def park(self, color: str, due: bool = False) -> None:
        """Take all capacity from *color*, which has no users. If *due*, only once it was kept long enough."""
        it = self.of[color]
        if due and (it.kept_until is None or it.kept_until > self.now()):
            return
        if it.warm_pool:
            self._call("delete_warm_pool", f"remove the warm pool of {it.name}", color, ForceDelete=True)
            self._now(color, warm_pool=None)
        self._resize(color, PARKED)
        self._release(color)

    # -- its steps -------------------------------------------------------------------------------

    def _version(self, color: str, release: str, user_data: str) -> str:
        """The version of the launch template that has *release*, made unless the group has it."""
        it = self.of[color]
        described = description(release, it.default)
        if (it.described, it.user_data) == (described, user_data):
            return it.version
        self.did.append(f"make a version of the launch template of {it.name} with {release}")
        if self.dry_run:
            return "new"
        token = hashlib.sha256("\n".join((it.template, described, user_data)).encode()).hexdigest()
        made = self.aws.call(
            "ec2",
            "create_launch_template_version",
            LaunchTemplateId=it.template,
            SourceVersion=it.default,
            VersionDescription=described,
            LaunchTemplateData={"UserData": user_data},
            # A run that died after this is answered with the version that it made.
            ClientToken=token,
        )
        return str(made["LaunchTemplateVersion"]["VersionNumber"])

    def _empty(self, color: str) -> None:
        """No instance of an earlier release stays, and none of a warm pool."""
        self.park(color)
        if not self.dry_run:
            name = self.of[color].name
            self.of[color] = until(lambda: self._if_empty(color), f"the instances of {name} to end", _ENDS, _PAUSE)

    def _if_empty(self, color: str) -> Group | None:
        it = self._read()[color]
        return None if it.instances or it.warm_pool or it.leaving else it

    def _start(self, color: str, version: str, release: str) -> None:
        it = self.of[color]
        sizes = it.sizes.like(self.of[other(color)].sizes)
        if (it.version, it.sizes) == (version, sizes):
            return
        self._call(
            "update_auto_scaling_group",
            f"start {sizes.desired} instances in {it.name}, at least {sizes.min} and at most {sizes.max}",
            color,
            **_told(sizes),
            **started_from(it.template, version, it.mixed),
        )
        self._now(color, version=version, described=description(release, it.default), sizes=sizes)

    def _resize(self, color: str, sizes: Sizes) -> None:
        it = self.of[color]
        if it.sizes == sizes:
            return
        does = "park" if sizes == PARKED else f"give {sizes.desired} instances to"
        self._call("update_auto_scaling_group", f"{does} {it.name}", color, **_told(sizes))
        self._now(color, sizes=sizes)

    def _warm_pool(self, color: str, like: Mapping[str, Any]) -> None:
        known = ("MinSize", "MaxGroupPreparedCapacity", "PoolState", "InstanceReusePolicy")
        pool = {key: like[key] for key in known if like.get(key) is not None}
        self._call("put_warm_pool", f"give {self.of[color].name} a warm pool", color, **pool)
        self._now(color, warm_pool=pool)

    def _hold(self, color: str, rollout: str) -> None:
        """Let autoscaling take no instance from *color*; what it may not do is written down first."""
        it = self.of[color]
        ours = it.held.processes if it.held else frozenset()
        held = Held(rollout, ours | (SCALE_IN - it.suspended))
        if held.processes and held != it.held:
            self._tag(color, f"note what {rollout} holds down", {HELD_TAG: held.tag()})
        if missing := sorted(held.processes - it.suspended):
            self._call(
                "suspend_processes", f"hold down {', '.join(missing)} of {it.name}", color, ScalingProcesses=missing
            )
        self._now(color, held=held if held.processes else None, suspended=it.suspended | held.processes)

    def _release(self, color: str) -> None:
        """Give back what a rollout has held down, and forget what it has noted."""
        it = self.of[color]
        if it.held:
            processes = sorted(it.held.processes)
            self._call(
                "resume_processes", f"give {', '.join(processes)} back to {it.name}", color, ScalingProcesses=processes
            )
            self._now(color, suspended=it.suspended - it.held.processes)
        if tags := [HELD_TAG] * bool(it.held) + [KEPT_TAG] * (it.kept_until is not None):
            about = {"ResourceId": it.name, "ResourceType": "auto-scaling-group"}
            self._call(
                "delete_tags", f"forget {' and '.join(tags)} of {it.name}", Tags=[{**about, "Key": tag} for tag in tags]
            )
            self._now(color, held=None, kept_until=None)

    def _tag(self, color: str, line: str, tags: Mapping[str, str]) -> None:
        name = self.of[color].name
        about = {"ResourceId": name, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
        told = [{**about, "Key": key, "Value": value} for key, value in tags.items()]
        self._call("create_or_update_tags", f"{line} ({name})", Tags=told)

    def _until_ready(self, color: str, deadline: float, enough: float = 100) -> None:
        """Returns once *enough* percent of the desired instances are in service at its version, and healthy."""
        if not self.dry_run:
            self.of[color] = Health(self.aws, lambda: self._read()[color]).wait(deadline, enough)

    # -- calls -----------------------------------------------------------------------------------

    def _call(self, operation: str, line: str, color: str = "", **parameters: Any) -> None:
        self.did.append(line)
        if not self.dry_run:
            named = {"AutoScalingGroupName": self.of[color].name} if color else {}
            self.aws.call("autoscaling", operation, **named, **parameters)

    def _now(self, color: str, **changed: Any) -> None:
        self.of[color] = replace(self.of[color], **changed)

    def _read(self) -> dict[str, Group]:
        names = {f"{self.aws.stack}-{color}": color for color in COLORS}
        answer = self.aws.call("autoscaling", "describe_auto_scaling_groups", AutoScalingGroupNames=list(names))
        described = [one for one in answer["AutoScalingGroups"] if self.aws.ours(one.get("Tags"))]
        if len(described) < len(names):
            missing = sorted(set(names) - {one["AutoScalingGroupName"] for one in described})
            raise StackError(
                f"expected Auto Scaling groups of the stack, but {', '.join(missing)} is none of it: declare compute"
            )
        versions = self.aws.together(*(lambda one=one: self._versions(*asked(one)) for one in described))
        return {
            names[one["AutoScalingGroupName"]]: self._with_others(group(one, its))
            for one, its in zip(described, versions)
        }

    def _with_others(self, it: Group) -> Group:
        """With the names of what instances run that were not started from the group's own version."""
        others = sorted({*it.instances.values()} - {it.version, ""})
        if not others:
            return it
        # One that was deleted is not there to be named; instances may run from it all the same.
        found = self._versions(it.template, others, "InvalidLaunchTemplateId.VersionNotFound")
        return replace(it, others={str(one["VersionNumber"]): one.get("VersionDescription", "") for one in found})

    def _versions(self, template: str, versions: list[str], *absent: str) -> list[dict[str, Any]]:
        key = (template, *versions)
        if key not in self._versions_known:
            operation = "describe_launch_template_versions"
            answer = self.aws.call("ec2", operation, *absent, LaunchTemplateId=template, Versions=versions)
            self._versions_known[key] = answer.get("LaunchTemplateVersions", [])
        return self._versions_known[key]


def encoded_user_data(user_data: str) -> str:
    """As a launch template has it. Raises StackError where AWS would not take it."""
    size = len(user_data.encode())
    if size > _MOST_USER_DATA:
        raise StackError(f"user_data: expected at most {_MOST_USER_DATA} bytes, as AWS does, but found {size}")
    return base64.b64encode(user_data.encode()).decode()


def _told(sizes: Sizes) -> dict[str, int]:
    return {_SIZES[key]: value for key, value in asdict(sizes).items()}
