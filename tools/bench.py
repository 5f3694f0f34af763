# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench``: seconds that an operator waits for, in the lab, as rows for docs/figures.md."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable

from seamless_demo.entry import live_release
from seamless_demo.steps import ROOT, deploy, lab_up, playbook, run

VERSIONS = ("1.0.0", "2.0.0")


def main() -> int:
    """Measure, print a table, and leave the figures in .cache/bench.json; fails with the step that failed."""
    figures = {
        "`tools/venv.sh`, nothing to do": run("venv", "tools/venv.sh"),
        "`make lab`, already up": _second(lab_up),
        "`make provision`, nothing to change": _second(lambda: playbook("Provision", "provision")),
        "`make status`": playbook("Status", "status"),
    }
    # Both directions, so that either color has been the new one.
    first, second = reversed(VERSIONS) if (live_release() or "").startswith(f"{VERSIONS[0]}-") else VERSIONS
    deploy(first)
    figures["deploy, one release to the other"] = deploy(second)
    figures["deploy again, nothing to change"] = deploy(second)
    figures["rollback"] = playbook("Rollback", "rollback")

    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("\n| what | seconds |\n| --- | ---: |")
    for what, seconds in figures.items():
        print(f"| {what} | {seconds:.1f} |")
    (ROOT / ".cache" / "bench.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _second(step: Callable[[], float]) -> float:
    """The seconds of a second run: the first may still have had something to do."""
    step()
    return step()


if __name__ == "__main__":
    sys.exit(main())
