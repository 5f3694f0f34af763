# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found in each watched step, in words: for the page, and in two lines for the terminal."""

from __future__ import annotations

from typing import Any

from .words import count, counted, duration, instant, names, one_line, percent, phase_name

_TONES = {"healthy": "good", "regressed": "bad", "inconclusive": "warn"}
_CAME = {"promote": "went on", "abort": "users went back", "hold": "watched no longer"}
_DASH = "\N{EM DASH}"


def short_names(document: dict[str, Any]) -> tuple[str, str]:
    """What the new release and the old one are called for short; 'before' where there was none."""
    new, old = names(document["release"], document["from"])
    return new, old or "before"


def colors(document: dict[str, Any]) -> tuple[str, str]:
    """The color of the new release, and that of the one before."""
    new = document["color"] or "green"
    return new, "blue" if new == "green" else "green"


def steps(document: dict[str, Any]) -> list[dict[str, Any]]:
    """[{title, word, tone, came, lead, sentences, rows, edge}] for each watch; *rows* make a table of both releases."""
    return [_step(document, watch) for watch in document["watches"]]


def _step(document: dict[str, Any], watch: dict[str, Any]) -> dict[str, Any]:
    verdict = watch["verdict"] or {}
    rows = _judged_rows(document, verdict) or _counted_rows(document, watch)
    slower = any(row["slower"] for row in rows)
    return {
        "title": phase_name(watch["phase"]).capitalize(),
        "word": watch["word"],
        "tone": _TONES[watch["word"]],
        "came": _CAME.get(watch["action"], ""),
        "lead": _lead(document, watch),
        "sentences": _sentences(document, watch, verdict),
        "rows": rows,
        "judged": any(row["between"] for row in rows),
        "edge": f"{verdict['edge']:g} s" if slower and isinstance(verdict.get("edge"), (int, float)) else None,
    }


def _lead(document: dict[str, Any], watch: dict[str, Any]) -> str:
    """'5 % of users on 2.0.0 for 1 min 03 s, who were given 312 answers.'"""
    users = "Users" if watch["percent"] is None else f"{watch['percent']:g} % of users"
    new = short_names(document)[0]
    lasted = "" if watch["seconds"] is None else f" for {duration(watch['seconds'])}"
    given = f", and {counted(watch['requests'], 'answer')} to them" if watch["requests"] else ""
    return f"{users} on {new}{lasted}{given}."


def _sentences(document: dict[str, Any], watch: dict[str, Any], verdict: dict[str, Any]) -> list[str]:
    """Why the step ended, then the judge's own lines: without those that the table shows, and releases named short."""
    tabled = [f"{arm['name']}: {count(arm['requests'])} requests" for arm in _arms(verdict)]
    lines = [line for line in watch["lines"] if not any(line.startswith(each) for each in tabled)]
    lines = _led_by(watch["why"], lines)
    new, old = short_names(document)
    shown = []
    for line in lines:
        shorter = line.replace(document["release"], new)
        shorter = shorter.replace(document["from"], old) if document["from"] else shorter
        shown.append(shorter[:1].upper() + shorter[1:])
    return shown


def _led_by(why: str, lines: list[str]) -> list[str]:
    """The lines with the reason for the step's end in front, unless the first of them says the same."""
    first = lines[0] if lines else ""
    if not why or (first and (why.startswith(first) or why in first)):
        return lines
    reason = first.partition(": ")[2]
    return [why, *(lines[1:] if reason and reason in why else lines)]


def _arms(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    return [verdict[arm] for arm in ("canary", "baseline") if verdict.get(arm)]


def _judged_rows(document: dict[str, Any], verdict: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each release, over all steps so far; none where the judge compared nothing."""
    arms = _arms(verdict)
    if len(arms) < 2:
        return []
    rows = []
    for arm, color, name in zip(arms, colors(document), short_names(document), strict=True):
        slower = None if arm["slower"] is None else _share(arm["slower"], arm["requests"])
        row = _row(color, name, arm["requests"], arm["errors"])
        rows.append(row | {"between": _between(arm["errors_rate"]), "slower": slower})
    return rows


def _counted_rows(document: dict[str, Any], watch: dict[str, Any]) -> list[dict[str, Any]]:
    """What was counted in this step alone, where nobody compared."""
    rows = []
    known = dict(zip((document["release"], document["from"]), colors(document), strict=True))
    for release, counts in sorted(watch["colors"].items(), key=lambda found: found[0] != document["release"]):
        name = short_names(document)[0 if release == document["release"] else 1] if release in known else release
        if counts["requests"] is not None and counts["errors"] is not None:
            rows.append(_row(known.get(release, "other"), name, counts["requests"], counts["errors"]))
    return rows


def _row(color: str, name: str, requests: int, errors: int) -> dict[str, Any]:
    return {
        "color": color,
        "name": name,
        "requests": count(requests),
        "errors": count(errors),
        "rate": _share(errors, requests),
        "between": None,
        "slower": None,
    }


def _share(events: int, requests: int) -> str:
    return percent(events, requests) if requests else _DASH


def _between(bounds: dict[str, float | None]) -> str:
    low, high = bounds["low"], bounds["high"]
    return _DASH if low is None or high is None else f"{percent(low, 1).removesuffix(' %')} to {percent(high, 1)}"


def terminal(document: dict[str, Any]) -> list[tuple[str, str]]:
    """[(text, tone)]: two lines at most. The word on each step, then both releases' errors as the last one saw them."""
    watches = document["watches"]
    if not watches:
        return []
    words = [f"{_where(watch)} {watch['word']}" for watch in watches]
    # The last steps count most: what does not fit into a terminal is the beginning.
    said = ", ".join(words[-4:])
    said = f"\N{HORIZONTAL ELLIPSIS} {said}" if len(words) > 4 else said
    tones = {_TONES[watch["word"]] for watch in watches}
    tone = next(each for each in ("bad", "warn", "good") if each in tones)
    compared = next((watch["verdict"] for watch in reversed(watches) if len(_arms(watch["verdict"] or {})) == 2), None)
    return [(said, tone), *([(_compared(document, compared), "")] if compared else [])]


def _where(watch: dict[str, Any]) -> str:
    percent_ = watch["percent"]
    return phase_name(watch["phase"]) if percent_ in (None, 100) else f"{percent_:g} %"


def _compared(document: dict[str, Any], verdict: dict[str, Any]) -> str:
    said = [
        f"{_share(arm['errors'], arm['requests'])} of {count(arm['requests'])} with {one_line(name)}"
        for arm, name in zip(_arms(verdict), short_names(document), strict=True)
    ]
    driver = verdict["driver"] or {}
    since = driver.get("since")
    began = f", worse since {instant(since)[11:]}" if isinstance(since, (int, float)) else ""
    return f"errors {', '.join(said)}{began}"
