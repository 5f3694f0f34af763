# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a load balancer on AWS splits its traffic: the forward actions of listeners and rules that name both colors.

API: Elastic Load Balancing, version 2015-12-01. ``DescribeRules`` gives a listener's default action as well, as its
default rule, so that one call shows a whole listener.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS, Split

from .aws_calls import AwsCalls
from .base import Pool, RouterError, UnknownPool
from .fence_table import as_tag

#: Not on their way to serve, and so no part of the pool: they leave it, or are not in a zone of the load balancer.
_LEAVING = ("draining", "unavailable")
_HEALTHY = "healthy"
_NOTE = "seamless:break-glass"


@dataclass(frozen=True)
class Place:
    """One forward action, of a listener (its default) or of a rule, in which both colors stand."""

    listener: str
    rule: str | None
    weights: Mapping[str, int]
    stickiness: Mapping[str, Any]

    @property
    def arn(self) -> str:
        """The ARN of what is modified."""
        return self.rule or self.listener

    def split(self) -> Split:
        """Its weights as percentages. Raises RouterError where they are no whole ones."""
        total = sum(self.weights.values())
        if not total or any(weight * 100 % total for weight in self.weights.values()):
            weights = ", ".join(f"{color} {weight}" for color, weight in self.weights.items())
            raise RouterError(
                f"expected weights of {self.arn} that are whole percentages, but found {weights}: set them to some,"
                " or break the glass"
            )
        return Split(**{color: self.weights[color] * 100 // total for color in COLORS})


class Forwards:
    """The forward actions of *listeners* (ARNs) between the target groups *pools* (ARN by color)."""

    def __init__(self, listeners: Sequence[str], pools: Mapping[str, str], calls: AwsCalls) -> None:
        self.listeners = list(listeners)
        self.pools = dict(pools)
        self.calls = calls

    def places(self) -> list[Place]:
        """Every action that forwards to both colors. Raises UnknownPool where there is none."""
        found = [place for listener in self.listeners for place in self._of(listener)]
        if not found:
            raise UnknownPool(
                f"expected {', '.join(self.listeners)} to forward to the target groups of both colors"
                f" ({', '.join(self.pools.values())}), the idle one at weight 0, but no action does: without that the"
                " load balancer would not check the idle one. Let aws_load_balancer declare them"
            )
        return found

    def pool(self, color: str) -> Pool:
        """A color's target group as the load balancer sees it. All of its targets come in one answer, however many."""
        answer = self.calls.patiently("describe_target_health", TargetGroupArn=self.pools[color])
        states = {
            f"{one['Target']['Id']}:{one['Target'].get('Port', '')}": _state(one["TargetHealth"])
            for one in answer["TargetHealthDescriptions"]
            if one["TargetHealth"]["State"] not in _LEAVING
        }
        healthy = sum(state == _HEALTHY for state in states.values())
        return Pool(healthy=healthy, total=len(states), sessions=0, members=states)

    def write(self, place: Place, split: Split) -> Place:
        """Give *place* the weights of *split*; returns it as the load balancer answers that it is now.

        Raises Again where the write may be made once more, and where it may have been made already.
        """
        actions = self.actions(place, split)
        if place.rule:
            answer = self.calls.once("modify_rule", RuleArn=place.rule, Actions=actions)["Rules"][0]["Actions"]
        else:
            answer = self.calls.once("modify_listener", ListenerArn=place.listener, DefaultActions=actions)
            answer = answer["Listeners"][0]["DefaultActions"]
        written = self._place(place.listener, place.rule, answer)
        if written is None or written.split() != split:
            raise RouterError(
                f"{place.arn} was given {split}, but answers with {answer}: run status.yml, then this again"
            )
        return written

    def actions(self, place: Place, split: Split) -> list[dict[str, Any]]:
        """What *place* does with *split*, as AWS takes it."""
        groups = [{"TargetGroupArn": self.pools[color], "Weight": split.share(color)} for color in COLORS]
        config = {"TargetGroups": groups, "TargetGroupStickinessConfig": dict(place.stickiness)}
        return [{"Type": "forward", "ForwardConfig": config}]

    def note(self, entry: Mapping[str, Any]) -> None:
        """Write down on the load balancer itself what was done while the ledger's table was out of reach."""
        tag = {"Key": _NOTE, "Value": as_tag(entry)}
        self.calls.patiently("add_tags", ResourceArns=self.listeners, Tags=[tag])

    def noted(self) -> list[str]:
        """What was written down there, one text for all listeners; none where nothing was."""
        tags = self.calls.patiently("describe_tags", ResourceArns=self.listeners)["TagDescriptions"]
        return sorted({tag["Value"] for one in tags for tag in one["Tags"] if tag["Key"] == _NOTE})

    def forget_note(self) -> None:
        """Drop it: the ledger holds it now."""
        self.calls.patiently("remove_tags", ResourceArns=self.listeners, TagKeys=[_NOTE])

    def _of(self, listener: str) -> list[Place]:
        rules = self.calls.patiently("describe_rules", ListenerArn=listener)["Rules"]
        found = [
            self._place(listener, None if rule["IsDefault"] else rule["RuleArn"], rule["Actions"]) for rule in rules
        ]
        return [place for place in found if place]

    def _place(self, listener: str, rule: str | None, actions: Sequence[Mapping[str, Any]]) -> Place | None:
        config = actions[-1].get("ForwardConfig", {})
        weights = {one["TargetGroupArn"]: one.get("Weight", 1) for one in config.get("TargetGroups", ())}
        if not set(self.pools.values()) <= set(weights):
            return None
        if len(actions) > 1 or len(weights) > len(self.pools):
            raise RouterError(
                f"expected {rule or listener} to do nothing but forward to the two colors, but it does other things,"
                " which a new split would drop. Nothing was changed: declare those as rules of their own"
            )
        stickiness = config.get("TargetGroupStickinessConfig") or {"Enabled": False}
        return Place(listener, rule, {color: weights[self.pools[color]] for color in COLORS}, stickiness)


def _state(health: Mapping[str, str]) -> str:
    reason = health.get("Reason", "")
    return health["State"] + (f" ({reason})" if reason else "")
