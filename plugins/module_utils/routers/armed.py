# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a router's host owes its users: to take them back at a deadline, unless somebody confirms before it.

The deadline is an instant of the wall clock (``CLOCK_REALTIME``, epoch seconds), for it must be the same on every
load balancer. It is kept in a file of its own, so that a reload, a restart and a reboot all find it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.lease import clock
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

from .durable import replace

LONGEST = 86400.0  # seconds: silence that may last longer than a day is no deadline
_SUFFIX = ".armed.json"


@dataclass(frozen=True)
class Revert:
    """What a write asks for in case of silence: back *to* that split, *after* so many seconds, for that *rollout*."""

    to: Split
    after: float
    rollout: str

    def __post_init__(self) -> None:
        if not 0 < self.after <= LONGEST:
            raise ValueError(
                f"revert_after: expected more than 0 and at most {LONGEST:.0f} seconds, but found {self.after}"
            )


def asked(params: Mapping[str, Any]) -> Revert | None:
    """What a module's options ask for in case of silence; None where they confirm. Raises ValueError."""
    if params["revert_after"] is None:
        return None
    back = Revert(Split.parse(params["revert_to"]), params["revert_after"], params["rollout"])
    if back.to == Split.parse(params["split"]):
        raise ValueError(f"revert_to: expected another split than the one to put in force, but both are {back.to}")
    return back


@dataclass(frozen=True)
class Armed:
    """What happens here at *deadline*: users go to *back_to*. Both times are epoch seconds.

    ``fence`` is the number of the write that armed it.
    """

    back_to: Split
    deadline: float
    armed_at: float
    fence: int
    rollout: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "back_to": self.back_to.as_dict(),
            "deadline": self.deadline,
            "armed_at": self.armed_at,
            "fence": self.fence,
            "rollout": self.rollout,
        }

    def unconfirmed(self) -> str:
        """Why users go back, as the note says it."""
        return f"rollout {self.rollout} was not confirmed by {clock(self.deadline)}"


@dataclass(frozen=True)
class WentBack:
    """That the guard took users back *at* an instant, under *fence*: nobody had confirmed *rollout* by *deadline*."""

    rollout: str
    deadline: float
    at: float
    fence: int


@dataclass(frozen=True)
class Standing:
    """What is armed now, and when the guard last acted; None for what is not. ``problem``: the file cannot be read."""

    armed: Armed | None = None
    went_back: WentBack | None = None
    problem: str = ""


class ArmedFile:
    """``<service>.armed.json`` under *directory*. Who writes holds the lock of the service's `HostState`."""

    def __init__(self, service: str, directory: str) -> None:
        self.service = service
        self._path = Path(directory) / f"{service}{_SUFFIX}"

    def read(self) -> Standing:
        """What stands here. A file that only a hand or a failing disk can leave is told of, and stops no write."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Standing()
        except OSError as error:
            return Standing(problem=f"cannot read {self._path}: {error.strerror}")
        try:
            found = json.loads(text)
            return Standing(
                _armed(found["armed"]), None if found["went_back"] is None else WentBack(**found["went_back"])
            )
        except (ValueError, KeyError, TypeError):
            return Standing(
                problem=f"expected what is armed in {self._path}, but found {text[:60]!r}. The next write replaces it."
            )

    def arm(self, armed: Armed) -> None:
        """From now on users go back at the deadline, whatever becomes of who asked for it."""
        self._write(armed, self.read().went_back)

    def restore(self, standing: Standing) -> None:
        """As it was before an `arm` that came to nothing."""
        self._write(standing.armed, standing.went_back)

    def settle(self, went_back: WentBack | None = None) -> None:
        """Nobody has to go back any more: confirmed, or *went_back*. Where nothing was armed it costs no write."""
        standing = self.read()
        if standing.armed is not None or standing.problem:
            self._write(None, went_back or standing.went_back)

    def overtaken(self, fence: int) -> str | None:
        """That the guard is why *fence* is stale, and what to do; None where it is not."""
        went = self.read().went_back
        if went is None or fence >= went.fence:
            return None
        return (
            f"the guard of this load balancer took users of {self.service} back at {clock(went.at)}, since nobody had"
            f" confirmed rollout {went.rollout} by {clock(went.deadline)}. Nothing was changed. Read the status, then"
            " deploy again."
        )

    def _write(self, armed: Armed | None, went_back: WentBack | None) -> None:
        document = {
            "armed": None if armed is None else armed.as_dict(),
            "went_back": None if went_back is None else vars(went_back),
        }
        replace(str(self._path), json.dumps(document, sort_keys=True) + "\n", mode=0o600)


def services(directory: str) -> list[str]:
    """The services of which *directory* knows that something is armed, or once was."""
    return sorted(path.name.removesuffix(_SUFFIX) for path in Path(directory).glob(f"*{_SUFFIX}"))


def _armed(found: Mapping[str, Any] | None) -> Armed | None:
    return None if found is None else Armed(**{**found, "back_to": Split.parse(found["back_to"])})
