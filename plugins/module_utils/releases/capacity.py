# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An Auto Scaling group as a rollout sees it: its release, its capacity, and what is held down on it meanwhile. Pure.

What is held down stands in a tag of the group before it is held down, so that whoever comes after a crash gives back
that, and not what somebody else has suspended.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

#: What takes instances away that still pass their health checks, and could take users' capacity during a rollout.
#: Groups still grow by their alarms. Terminate alone would leave AZRebalance to add instances without end
#: (https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-how-suspending-processes-affects-other-processes.html).
SCALE_IN = frozenset({"AZRebalance", "Terminate"})

HELD_TAG = "seamless:held"
KEPT_TAG = "seamless:kept-until"
SWAP_TAG = "seamless:refresh"

_DESCRIPTION = re.compile(r"release (\S+) on (\d+)")


@dataclass(frozen=True)
class Sizes:
    """How many instances a group has: at least, at most, and now."""

    min: int
    max: int
    desired: int

    def like(self, other: Sizes, running: int = 0) -> Sizes:
        """These sizes for a group that is to take over from *other*; never less than one, nor than is *running*."""
        if not other.max:
            return self
        most = max(other.max, running)
        return Sizes(other.min, most, min(max(self.desired, other.desired, other.min, running, 1), most))


PARKED = Sizes(0, 0, 0)


@dataclass(frozen=True)
class Held:
    """The *processes* of a group that a *rollout* has suspended."""

    rollout: str
    processes: frozenset[str]

    def tag(self) -> str:
        """As the group's tag says it."""
        return f"{self.rollout}:{' '.join(sorted(self.processes))}"

    @classmethod
    def parse(cls, tag: str) -> Held:
        """What a tag says."""
        rollout, _colon, processes = tag.rpartition(":")
        return cls(rollout, frozenset(processes.split()))


@dataclass(frozen=True)
class Swap:
    """The versions of a launch template between which a *rollout* replaces a group's instances in place.

    ``target`` takes the place of ``source``; with ``back`` it leaves again.
    """

    rollout: str
    source: str
    target: str
    back: bool = False

    def tag(self) -> str:
        """As the group's tag says it."""
        return f"{self.rollout}:{self.source}:{self.target}:{'back' if self.back else 'on'}"

    @classmethod
    def parse(cls, tag: str) -> Swap:
        """What a tag says."""
        rollout, source, target, way = tag.rsplit(":", 3)
        return cls(rollout, source, target, way == "back")


@dataclass(frozen=True)
class Group:
    """A group, and the version of its launch template from which it starts instances.

    ``instances`` has the version of each instance by its id, of those ``in_service``, ``coming``, and the others.
    """

    name: str
    template: str
    version: str
    sizes: Sizes
    instances: Mapping[str, str]
    in_service: frozenset[str]
    suspended: frozenset[str]
    held: Held | None
    kept_until: float | None
    #: None as soon as it is to be deleted, which takes a while: ``leaving`` until then.
    warm_pool: Mapping[str, Any] | None
    leaving: bool
    target_groups: Sequence[str]
    mixed: Mapping[str, Any] | None
    #: What its version is called, with which user data (in base64), and the number of the version to build on.
    described: str = ""
    user_data: str = ""
    default: str = ""
    swap: Swap | None = None
    coming: frozenset[str] = frozenset()
    #: What other versions are called from which its instances were started, as far as there is one.
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def release(self) -> str:
        """The release that its instances get; "" for none."""
        return release_of(self.described)

    def releases(self) -> dict[str, int]:
        """How many instances have which release; a version that is none is named by its number."""
        names = {**self.others, self.version: self.described}
        counted = Counter(self.instances.values())
        return {
            release_of(names.get(one, "")) or f"version {one or '?'}": number for one, number in sorted(counted.items())
        }

    def at(self, version: str) -> frozenset[str]:
        """The instances in service that were started from a *version*."""
        return frozenset(one for one in self.in_service if self.instances[one] == version)

    @property
    def parked(self) -> bool:
        """Whether it has no capacity, and autoscaling can give it none."""
        return self.sizes.max == 0

    def serving(self) -> frozenset[str]:
        """The instances in service that were started from its version."""
        return self.at(self.version)

    def set(self) -> dict[str, Any]:
        """What rollouts set, in words."""
        return {
            "id": self.release,
            "version": self.version,
            **asdict(self.sizes),
            "warm_pool": bool(self.warm_pool),
            "held": sorted(self.held.processes) if self.held else [],
            "kept_until": self.kept_until,
        }

    def swapped(self) -> dict[str, Any]:
        """What is replaced in place, in words."""
        return {"version": self.version, "releases": self.releases(), "swap": self.swap.tag() if self.swap else ""}

    def shown(self) -> dict[str, Any]:
        """The same, and what has become of it."""
        others = sorted(one for one, version in self.instances.items() if version != self.version)
        return {
            **self.set(),
            "active": bool(self.serving()),
            "whole": not others,
            "problem": f"started from another version: {', '.join(others)}" if others else "",
            "parked": self.parked,
            "in_service": len(self.in_service),
            "releases": self.releases(),
        }


def group(one: Mapping[str, Any], versions: Sequence[Mapping[str, Any]]) -> Group:
    """A group as ``DescribeAutoScalingGroups`` has it, with those of the launch template's *versions* that count."""
    template = _template(one)
    tags = {tag["Key"]: tag["Value"] for tag in one.get("Tags", ())}
    default = next((str(version["VersionNumber"]) for version in versions if version["DefaultVersion"]), "")
    named = template.get("Version", "$Default")
    number = default if named == "$Default" else named
    its = next((version for version in versions if str(version["VersionNumber"]) == number), {})
    pool = one.get("WarmPoolConfiguration") or {}
    leaving = pool.get("Status") == "PendingDelete"
    instances = {each["InstanceId"]: _started_from(each) for each in one.get("Instances", ())}
    return Group(
        name=one["AutoScalingGroupName"],
        template=template.get("LaunchTemplateId", ""),
        version=number,
        sizes=Sizes(one["MinSize"], one["MaxSize"], one["DesiredCapacity"]),
        instances=instances,
        in_service=frozenset(
            each["InstanceId"] for each in one.get("Instances", ()) if each["LifecycleState"] == "InService"
        ),
        suspended=frozenset(each["ProcessName"] for each in one.get("SuspendedProcesses", ())),
        held=Held.parse(tags[HELD_TAG]) if HELD_TAG in tags else None,
        kept_until=float(tags[KEPT_TAG]) if KEPT_TAG in tags else None,
        warm_pool=None if leaving else pool or None,
        leaving=leaving,
        target_groups=tuple(one.get("TargetGroupARNs", ())),
        mixed=one.get("MixedInstancesPolicy") or None,
        described=its.get("VersionDescription", ""),
        user_data=its.get("LaunchTemplateData", {}).get("UserData", ""),
        default=default,
        coming=frozenset(
            each["InstanceId"] for each in one.get("Instances", ()) if each["LifecycleState"].startswith("Pending")
        ),
        swap=Swap.parse(tags[SWAP_TAG]) if SWAP_TAG in tags else None,
    )


def description(release: str, source: str) -> str:
    """What the version of a launch template is called that has a *release*, built on the version *source*."""
    return f"release {release} on {source}"


def release_of(described: str) -> str:
    """The release that a version has which is called so; "" for none."""
    found = _DESCRIPTION.fullmatch(described)
    return found[1] if found else ""


def started_from(template: str, version: str, mixed: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a group is told so that it starts its instances from another *version*, and all else stays as it was."""
    specification = {"LaunchTemplateId": template, "Version": version}
    if mixed is None:
        return {"LaunchTemplate": specification}
    launch = {**mixed["LaunchTemplate"], "LaunchTemplateSpecification": specification}
    return {"MixedInstancesPolicy": {**mixed, "LaunchTemplate": launch}}


def versions_asked(one: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Of a described group, the launch template, and those of its versions that :func:`group` needs."""
    template = _template(one)
    return template.get("LaunchTemplateId", ""), sorted({template.get("Version", "$Default"), "$Default"})


def _template(one: Mapping[str, Any]) -> Mapping[str, Any]:
    policy = one.get("MixedInstancesPolicy")
    found = policy["LaunchTemplate"]["LaunchTemplateSpecification"] if policy else one.get("LaunchTemplate")
    return found or {}


def _started_from(instance: Mapping[str, Any]) -> str:
    return str((instance.get("LaunchTemplate") or {}).get("Version", ""))
