# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures worth a tile at the head of the page, and the particulars worth a row at its foot."""

from __future__ import annotations

from typing import Any

from .verdict import moved_ms
from .words import count, counted, duration, instant, milliseconds, percent

_UNKNOWN = "\N{EM DASH}"
_STRATEGIES = {"blue_green": "blue-green", "canary": "canary", "rolling": "rolling"}


def _tile(label: str, value: str | None, note: str, tone: str = "") -> dict[str, str]:
    return {"label": label, "value": value or _UNKNOWN, "note": note, "tone": tone}


def tiles(document: dict[str, Any]) -> list[dict[str, str]]:
    """[{label, value, note, tone}]; a figure that was not measured is a dash, and its note says so."""
    probe = document["probe"]
    found = []
    if document["outcome"] != "unchanged" or probe:
        found += [*_requests(probe), _moved(document)]
    if probe and any(probe["latency"].values()):
        found.append(_latency(probe["latency"]))
    lived = document["long_lived"]
    if lived and lived["opened"]:
        note = "streams and websockets, " + (f"{count(lived['broken'])} broken" if lived["broken"] else "none broken")
        found.append(_tile("Long-lived", count(lived["opened"]), note, "bad" if lived["broken"] else ""))
    seconds = document["seconds"]
    if seconds is None:
        found.append(_tile("Duration", None, "not closed"))
    else:
        found.append(_tile("Duration", duration(seconds), _strategy(document) or "from opening to closing"))
    return found


def _strategy(document: dict[str, Any]) -> str | None:
    strategy: str | None = document["strategy"]
    return _STRATEGIES.get(strategy or "", strategy)


def _requests(probe: dict[str, Any] | None) -> list[dict[str, str]]:
    if probe is None:
        return [_tile("Requests", None, "no probe ran"), _tile("Failed", None, "not measured", "warn")]
    rate = f"{probe['rate']:,.0f} a second" if probe["rate"] is not None else "rate not known"
    sent, failed = probe["sent"], probe["failed"]
    share = f"{percent(failed, sent)} of all" if failed and sent else f"of {count(sent)}"
    tone = "bad" if failed else "good" if sent else "warn"
    return [_tile("Requests", count(sent), rate), _tile("Failed", count(failed), share, tone)]


def _moved(document: dict[str, Any]) -> dict[str, str]:
    if document["traffic"] == "untouched":
        return _tile("Users moved", "none", "traffic was not touched")
    if document["traffic"] == "moved" and document["outcome"] != "succeeded":
        # How fast users moved is no comfort when they were to stay; how many were exposed is what one asks.
        most = (
            max((point[document["color"]] for point in document["split"]), default=None) if document["color"] else None
        )
        return _tile("Exposed at most", None if most is None else f"{most:g} %", "of users, to the new release")
    moved = moved_ms(document)
    hosts = (document["commit"] or {}).get("hosts") or {}
    skew = (document["commit"] or {}).get("skew_ms")
    note = "not measured" if moved is None else "from commit to last old answer"
    if len(hosts) > 1 and skew is not None:
        note = f"{counted(len(hosts), 'load balancer')} {milliseconds(skew)} apart"
    return _tile("Users moved in", None if moved is None else milliseconds(moved), note)


def _latency(periods: dict[str, Any]) -> dict[str, str]:
    p99 = {name: found["p99"] for name, found in periods.items() if found and found["p99"] is not None}
    name = next((name for name in ("during", "after", "before") if name in p99), "before")
    others = [f"{milliseconds(value)} {other}" for other, value in p99.items() if other != name]
    label = "p99 while moving" if name == "during" else f"p99 {name}"
    return _tile(label, milliseconds(p99[name]) if p99 else None, ", ".join(others) or "99 % were faster")


def particulars(document: dict[str, Any]) -> list[tuple[str, str]]:
    """(name, value) rows: who, what, when, where. Rows without a value are left out."""
    who = document["who"]
    person = " on ".join(part for part in (who["name"], who["host"]) if part)
    commit = document["commit"]
    colors = [color for color in (document["live_color"], document["color"]) if color]
    rows = [
        ("Service", document["service"]),
        ("Environment", document["environment"]),
        ("Release", document["release"]),
        ("Replaces", document["from"] or "nothing: the first release"),
        ("Colors", " \N{RIGHTWARDS ARROW} ".join(colors)),
        ("Strategy", _strategy(document)),
        ("Started by", f"{person} (process {who['pid']})" if person and who["pid"] else person),
        ("Opened", instant(document["started"])),
        ("Opened because", document["opened_because"]),
        ("Traffic moved", instant(commit["at"], precise=True) if commit else None),
        *_commits(commit),
        ("Closed", instant(document["finished"]) if document["finished"] is not None else None),
        ("Closed because", document["closed_because"]),
        ("Probe woke late", _late(document["probe"])),
        ("Rollout", document["rollout"]),
    ]
    return [(name, value) for name, value in rows if value]


def _commits(commit: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Each load balancer's distance from the instant that they had agreed on."""
    rows: list[tuple[str, str]] = []
    if commit is None:
        return rows
    for host, at in commit["hosts"].items():
        distance = 1000 * (at - commit["at"])
        side = "after" if distance >= 0 else "before"
        rows.append((f"On {host}", f"{milliseconds(round(abs(distance), 1))} {side} that instant"))
    return rows


def _late(probe: dict[str, Any] | None) -> str | None:
    """How late the probe itself was: a slow client must not be read as a slow service."""
    late = (probe or {}).get("late_ms")
    if isinstance(late, dict):
        return ", ".join(f"{name} {value:g}" for name, value in late.items()) or None
    return None if late is None else milliseconds(late)
