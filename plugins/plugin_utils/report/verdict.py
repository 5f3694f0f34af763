# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report comes to, in a badge and two lines: shared by the page and the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .words import counted, milliseconds, names, one_line, phase_name

# good: proven. warn: users were hurt, or the proof is missing. bad: it failed. calm: nothing happened.
TONES = ("good", "warn", "bad", "calm")


@dataclass(frozen=True)
class Verdict:
    """`tone` is one of TONES; `badge` one or two words; `title` and `sentence` have no control characters."""

    tone: str
    badge: str
    title: str
    sentence: str


def moved_ms(document: dict[str, Any]) -> float | None:
    """Milliseconds from the commit until every user was served by the new release; None where not measured.

    The later of the first new answer and the last (fast) old one: only then has everybody moved.
    """
    probe = document["probe"]
    if probe is None or document["traffic"] != "moved" or probe["first_to_ms"] is None:
        return None
    if document["strategy"] == "canary":
        return None  # they moved over minutes, on purpose
    return float(max(0.0, probe["first_to_ms"], probe["last_from_ms"] or 0.0))


def harm(document: dict[str, Any]) -> int | None:
    """How often a user was hurt, broken long-lived connections included; None where nothing was measured."""
    probe = document["probe"]
    if probe is None or not probe["sent"]:
        return None
    broken = (document["long_lived"] or {"broken": 0})["broken"]
    return int(probe["failed"] + probe["wrong_release"] + broken)


def verdict(document: dict[str, Any]) -> Verdict:
    """The verdict on a report document."""
    new, old = (one_line(name) if name else None for name in names(document["release"], document["from"]))
    service = one_line(document["service"])
    move = f"{service} {old} \N{RIGHTWARDS ARROW} {new}" if old else f"{service} {new}"
    stays = f"{service} stays on {old}" if old else f"{service} {new} is not live"
    # "Users moved in" is a boast: only for a move that lasted.
    seen = _seen(document, boast=document["outcome"] == "succeeded")
    outcome = document["outcome"]
    if outcome == "succeeded":
        # Only proof makes it green: unmeasured is not the same as unharmed.
        return Verdict(*_proven(document), move, _capital(seen))
    if outcome == "unchanged":
        return Verdict(
            "calm", "unchanged", f"{service} is already on {_alone(document)}", "Nothing to do, and nothing was done."
        )
    if outcome == "rolled_back" and document["kind"] == "rollback":
        # It undoes an earlier rollout (or drives stray routers to one split): what was asked for was done.
        badge = "converged" if document["strategy"] == "converge" else "rolled back"
        title = move if old and old != new else f"{service} stays on {new}"
        return Verdict("calm", badge, title, f"Users are on {new}, in {document['color']}. {_capital(seen)}")
    if outcome == "rolled_back":
        return Verdict("warn", "rolled back", stays, f"{new} was taken back. {_capital(seen)}")
    if outcome == "failed":
        return Verdict("bad", "failed", *_failed(document, stays, move, new or "", seen))
    if outcome == "abandoned":
        title, sentence = _failed(document, stays, move, new or "", seen, "was abandoned")
        return Verdict("warn", "abandoned", title, sentence)
    unfinished = f"The journal ends after {_last_phase(document)}, with no outcome. {_capital(seen)}"
    return Verdict("warn", "not closed", move, unfinished)


def _proven(document: dict[str, Any]) -> tuple[str, str]:
    hurt = harm(document)
    if hurt is None:
        return "warn", "succeeded, unproven"
    return ("warn", "succeeded, with failures") if hurt else ("good", "succeeded")


def _failed(
    document: dict[str, Any], stays: str, move: str, new: str, seen: str, how: str = "failed"
) -> tuple[str, str]:
    where = f"{how} in {_last_phase(document)}"
    if document["traffic"] == "untouched":
        color = document["live_color"]
        untouched = f"{color}, the live color, was never touched" if color else "no traffic was ever moved"
        return stays, f"{new} {where}: {untouched}. {_capital(seen)}"
    if document["traffic"] == "uncertain":
        return (
            f"{move}: not finished",
            f"It {where}, and the journal does not prove where the traffic is. {_capital(seen)}",
        )
    last = document["split"][-1] if document["split"] else None
    split = f"traffic is at blue {last['blue']:g} %, green {last['green']:g} %" if last else "the split is not known"
    return f"{move}: not finished", f"It {where} after traffic had moved: {split}. {_capital(seen)}"


def _last_phase(document: dict[str, Any]) -> str:
    failed = [phase["name"] for phase in document["phases"] if phase["outcome"] == "failed"]
    entered = failed or [phase["name"] for phase in document["phases"]] or ["the opening"]
    return one_line(phase_name(entered[-1]))


def _alone(document: dict[str, Any]) -> str:
    """The release's short name, where it stands with no other to be told from."""
    return one_line(names(document["release"], None)[0])


def _seen(document: dict[str, Any], boast: bool) -> str:
    """What users saw: '12,345 requests, 0 failed, users moved in 8 ms.'"""
    probe, lived = document["probe"], document["long_lived"]
    if probe is None:
        return "no probe ran, so what users saw is not known."
    if not probe["sent"]:
        return "the probe sent nothing, so what users saw is not known."
    said = [counted(probe["sent"], "request"), f"{probe['failed']:,} failed"]
    if probe["wrong_release"]:
        said.append(f"{probe['wrong_release']:,} answered by the wrong release")
    if lived and lived["broken"]:
        said.append(f"{counted(lived['broken'], 'long-lived connection')} broken")
    moved = moved_ms(document)
    if boast and moved is not None:
        said.append(f"users moved in {milliseconds(moved)}")
    return ", ".join(said) + "."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
