# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How numbers, instants and untrusted text are written for people."""

from __future__ import annotations

import datetime
import re
import unicodedata

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import PHASE

# Terminal escapes, and the bidirectional controls that make a text read differently from what it says.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_RELEASE_ID = re.compile(r"^(?P<version>.+)-[0-9a-f]{8}$")


def clean(text: object) -> str:
    """`text` without characters that could drive a terminal or reorder what is read; keeps tab and newline."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(text))


def one_line(text: object) -> str:
    """`clean` on a single line, runs of white space made one."""
    return " ".join(clean(text).split())


def count(number: int) -> str:
    """12345 -> '12,345'."""
    return f"{number:,}"


def counted(number: int, thing: str) -> str:
    """(1, 'request') -> '1 request'; (1200, 'request') -> '1,200 requests'."""
    return f"{count(number)} {thing}" if number == 1 else f"{count(number)} {thing}s"


def milliseconds(value: float) -> str:
    """A latency in ms, three significant digits at most: '0.4 ms', '8.2 ms', '132 ms', '2.4 s'."""
    if value >= 999.5:
        return duration(value / 1000)
    return f"{value:.1f} ms" if value < 9.95 and value != int(value) else f"{value:.0f} ms"


def duration(seconds: float) -> str:
    """A duration in seconds: '8 ms', '2.1 s', '48 s', '2 min 05 s', '1 h 04 min'."""
    if seconds < 0.9995:
        return milliseconds(max(seconds, 0.0) * 1000)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def percent(part: float, whole: float) -> str:
    """A share that never rounds something to '0 %' nor 'not quite all' to '100 %'."""
    share = 100.0 * part / whole
    if 0 < share < 0.01:
        return "< 0.01 %"
    if 99.99 < share < 100:
        return "> 99.99 %"
    return f"{share:.2f}".rstrip("0").rstrip(".") + " %"


def instant(at: float, precise: bool = False) -> str:
    """Epoch seconds -> '2026-03-01 12:00:00 UTC' (with milliseconds when `precise`)."""
    moment = datetime.datetime.fromtimestamp(at, tz=datetime.UTC)
    fraction = f".{moment.microsecond // 1000:03d}" if precise else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} UTC"


def names(new: str, old: str | None) -> tuple[str, str | None]:
    """Short names of two releases: their versions, or their full ids where only the configuration differs."""
    short = [match["version"] if (match := _RELEASE_ID.match(name)) else name for name in (new, old or "")]
    if short[0] == short[1]:
        return new, old
    return short[0], short[1] or None


def phase_name(phase: str) -> str:
    """'watch-2' -> 'watch 2'; a name that is none of a plan's phases stays as it is."""
    return phase.replace("-", " ") if PHASE.fullmatch(phase) else phase


def lane(phase: str) -> tuple[str, str]:
    """('watch', '2') for 'watch-2': phases of a kind share a lane of a drawing, told apart by their number."""
    name, _dash, numeral = phase.partition("-") if PHASE.fullmatch(phase) else (phase, "", "")
    return name, numeral


def columns(text: str) -> int:
    """How many terminal columns `text` takes (wide East Asian characters and emoji take two, combining marks none)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def fit(text: str, width: int) -> str:
    """`text` cut to `width` terminal columns, with an ellipsis where something was cut."""
    if columns(text) <= width:
        return text
    kept = ""
    for char in text:
        if columns(kept + char) >= width:
            break
        kept += char
    return kept.rstrip() + "\N{HORIZONTAL ELLIPSIS}" if width > 0 else ""
