# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service looks like now, and where its parts disagree. Pure: facts in, sentences out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .following import asked
from .history import History
from .lease import clock
from .split import COLORS, Split, other

_PROMPT = 2.0  # seconds that a guard may take to go back before it is told of


@dataclass(frozen=True)
class Status:
    """``lines`` for people; ``disagreements``, each a sentence that says how to converge; ``live`` is the color
    that all routers agree on, or None."""

    lines: tuple[str, ...]
    disagreements: tuple[str, ...]
    live: str | None


def status(
    service: str,
    routers: Mapping[str, Mapping[str, Any]],
    ledger: Mapping[str, Any] | None,
    releases: Mapping[str, Mapping[str, Any]],
    hosts: Mapping[str, list[str]],
) -> Status:
    """The status of *service*.

    *routers* are the answers of ``haproxy_split_info`` by host (``failed`` and ``msg`` where there was none),
    *ledger* that of ``ledger_info`` (None where it cannot be reached), *releases* by host what runs in each
    color, *hosts* the members of ``routers``, ``blue`` and ``green``.
    """
    answering = {host: answer for host, answer in routers.items() if not answer.get("failed")}
    splits = {host: Split.parse(answer["split"]) for host, answer in answering.items()}
    lives = {split.live() for split in splits.values()}
    live = lives.pop() if len(lives) == 1 else None
    history = History.from_dict(ledger["history"]) if ledger else None
    lines = [
        f"{service}: {_headline(live, history)}",
        *_router_lines(routers),
        *_pool_lines(hosts, releases),
        *_journal_lines(ledger),
    ]
    wrong = [
        *_router_disagreements(routers, splits),
        *_journal_disagreements(history, ledger, live, any(answer.get("notes") for answer in answering.values())),
        *_pool_disagreements(service, history, hosts, releases),
    ]
    return Status(tuple(lines), tuple(wrong), live)


def _headline(live: str | None, history: History | None) -> str:
    if live is None:
        return "no color is live on every load balancer"
    release = history.live_release if history is not None and history.live_color == live else None
    return f"{release or 'an unknown release'} is live in {live}"


def _router_lines(routers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    lines = []
    for host, answer in routers.items():
        if answer.get("failed"):
            lines.append(f"  {host}: no answer ({answer.get('msg', 'unknown reason')})")
            continue
        pools = ", ".join(
            f"{color} {answer['pools'][color]['healthy']} of {answer['pools'][color]['total']} up" for color in COLORS
        )
        lines.append(f"  {host}: {Split.parse(answer['split'])}; {pools}; fence {answer['fence']}{_armed(answer)}")
    return lines


def _armed(answer: Mapping[str, Any]) -> str:
    armed = answer.get("armed")
    if not armed or armed["seconds_left"] < 0:
        return ""
    return (
        f"; goes back to {Split.parse(armed['back_to'])} in {armed['seconds_left']:.0f} s, unless rollout"
        f" {armed['rollout']} is confirmed"
    )


def _pool_lines(hosts: Mapping[str, list[str]], releases: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [
        f"  {host} ({color}): {_installed(releases, host, color)}" for color in COLORS for host in hosts.get(color, [])
    ]


def _installed(releases: Mapping[str, Mapping[str, Any]], host: str, color: str) -> str:
    if host not in releases:
        return "no answer"
    found = releases[host].get(color) or {}
    if not found.get("id"):
        return "nothing installed"
    told = f"{found['id']}, {'running' if found.get('active') else 'parked' if found.get('parked') else 'stopped'}"
    several = found.get("releases") or {}
    return f"{told} ({', '.join(f'{number} x {release}' for release, number in several.items())})" if several else told


def _journal_lines(ledger: Mapping[str, Any] | None) -> list[str]:
    if ledger is None:
        return ["  ledger: no answer"]
    lines = [f"  lease: {ledger['described']}" if ledger["held"] else "  lease: free"]
    if ledger["held"] and (ledger.get("lease") or {}).get("doing"):
        lines.append(f"  at this moment: {ledger['lease']['doing']}")
    lines += [f"  {asked(ask)}" for ask in (ledger["history"].get("current") or {}).get("asked") or ()]
    for rollout in reversed(ledger["history"]["rollouts"][-5:]):
        by = rollout["who"].get("name", "somebody")
        outcome = rollout["outcome"] or f"open, at {rollout['next_phase'] or 'its end'}"
        lines.append(f"  {clock(rollout['opened_at'])}: {rollout['release']} to {rollout['color']} by {by}: {outcome}")
    return lines


def _router_disagreements(routers: Mapping[str, Mapping[str, Any]], splits: Mapping[str, Split]) -> list[str]:
    wrong = [
        f"{host} does not answer: {answer.get('msg', '')}" for host, answer in routers.items() if answer.get("failed")
    ]
    if len(set(splits.values())) > 1:
        said = "; ".join(f"{host}: {split}" for host, split in splits.items())
        wrong.append(f"the load balancers show different splits ({said}): run converge.yml")
    for host, split in splits.items():
        persisted = routers[host].get("persisted")
        if persisted is not None and Split.parse(persisted) != split:
            wrong.append(f"{host} would come back with {Split.parse(persisted)} after a restart: run converge.yml")
        if notes := routers[host].get("notes"):
            guarded = "deadline" in notes[-1]
            how = f"took users back, for {notes[-1]['reason']}" if guarded else "was changed without the ledger"
            wrong.append(f"{host} {how}: the next deploy.yml or converge.yml brings that into the journal")
        wrong += _guard_disagreements(host, routers[host])
    return wrong


def _guard_disagreements(host: str, answer: Mapping[str, Any]) -> list[str]:
    armed, guard = answer.get("armed"), answer.get("guard")
    wrong = []
    if armed and armed["seconds_left"] < -_PROMPT:
        wrong.append(
            f"{host} should be back on {Split.parse(armed['back_to'])} since {-armed['seconds_left']:.0f} s, for nobody"
            f" confirmed rollout {armed['rollout']}: `journalctl -u seamless-guard` there says why it is not."
            " rollback.yml moves users without it"
        )
    if guard and not guard["running"]:
        wrong.append(f"nobody would take users back on {host}: {guard['problem']}")
    return wrong


def _journal_disagreements(
    history: History | None, ledger: Mapping[str, Any] | None, live: str | None, noted: bool
) -> list[str]:
    if history is None or ledger is None:
        return [
            "the ledger cannot be reached: no release can be deployed until it is back; rollback.yml works without it"
        ]
    wrong = []
    if ledger["torn"]:
        wrong.append("the journal's last line is torn (its writer died): the next write moves it aside")
    current = history.current
    if current is not None and not ledger["held"]:
        wrong.append(
            f"rollout {current.id} is open and nobody works on it: deploy {current.release} again to finish it,"
            " or run rollback.yml"
        )
    # Glass that was broken explains it: the journal only has to be told, and nobody must go back for its sake.
    if current is None and live is not None and history.live_color not in (None, live) and not noted:
        wrong.append(
            f"the journal says that {history.live_color} is live, the load balancers say {live}: run converge.yml with"
            f" -e converge_to={history.live_color} (as journaled) or -e converge_to={live} (as it is)"
        )
    return wrong


def _pool_disagreements(
    service: str,
    history: History | None,
    hosts: Mapping[str, list[str]],
    releases: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    if history is None or history.current is not None:
        return []
    wrong = []
    # Where a release goes host by host, it has stopped the old one, which a rollback starts again.
    host_by_host = next(("drain-1" in rollout.phases for rollout in reversed(history.rollouts) if rollout.steps), False)
    for color, release in sorted(history.installed.items()):
        for host in hosts.get(color, []):
            found = (releases.get(host) or {}).get(color) or {}
            # A parked Auto Scaling group keeps its release, and gets capacity before users go back there.
            runs = found.get("active") or ((found.get("parked") or host_by_host) and color != history.live_color)
            if found.get("id") != release or not runs:
                wrong.append(
                    f"{host} should run {release} in {color}, but: {_installed(releases, host, color)}. "
                    + (
                        _repair(service, history, color, found, host_by_host)
                        if host in releases
                        else "Bring it back first"
                    )
                )
            elif color == history.live_color and found.get("held"):
                wrong.append(f"{color} has users, but still scales in no more: run converge.yml, which gives that back")
    return wrong


def _repair(service: str, history: History, color: str, found: Mapping[str, Any], host_by_host: bool) -> str:
    """How a host that has *found* gets what *color* should have, without anything being done where users are."""
    release = history.installed[color]
    if "parked" in found:
        return "Repair that Auto Scaling group"
    if color != history.live_color and host_by_host:
        return (
            "No users are there, and no rollback can bring them back to it on that host; the next release replaces it"
        )
    if color != history.live_color:
        return f"No users are there: converge.yml with that release (-e @<the file of {release}>) puts it there again"
    if found.get("id") == release:
        return f"`systemctl enable --now {service}-{color}` there starts it"
    if history.went_back or other(color) not in history.installed:
        return (
            "Users are there, and nothing to go back to: deploy it to the other color, with one more variable in"
            " release.environment, and say why in rollout_accept_no_way_back"
        )
    return f"Users are there: run rollback.yml, which takes them away, then deploy {release} again"
