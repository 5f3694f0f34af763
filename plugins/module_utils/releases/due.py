# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is still to be done until a color runs its release with its configuration; nothing where it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .environment import environment_file
from .files import File, differences
from .place import Place, outdated
from .unit import Run, starting, unit

_HEADER = "# Ansible managed\n"


@dataclass(frozen=True)
class Due:
    """Files to write, and the commands to run then."""

    files: list[File]
    commands: list[list[str]]

    def __bool__(self) -> bool:
        return bool(self.files or self.commands)

    def diff(self) -> list[dict[str, str]]:
        """As a module gives it; secrets are not in it."""
        return differences(self.files)

    def carry_out(self, run: Run) -> None:
        """Write and run. Raises OSError where a file cannot be written; nothing was started anew then."""
        for file in self.files:
            file.write()
        for command in self.commands:
            run(command)


def due(place: Place, color: str, wanted: Mapping[str, Any], run: Run, monotonic: float) -> Due:
    """What *color* lacks of *wanted* (``environment`` and ``secrets``, by name, and the text of its ``unit``).

    Raises ValueError for a variable that cannot be given to a process; the message has its name alone.
    """
    environment, secrets, unit_file = place.configuration(color)
    files = [
        File(environment, _HEADER + environment_file(wanted["environment"]), 0o600),
        File(secrets, _HEADER + environment_file(wanted["secrets"]), 0o600, secret=True),
        File(unit_file, wanted["unit"], 0o644),
    ]
    missing = [file for file in files if not file.in_place()]
    found = unit(place.unit(color), run)
    old = found.active and outdated(found.started, place.read_by(color), place.now(), monotonic)
    return Due(missing, starting(found, anew=bool(missing) or old, reload=files[-1] in missing))
