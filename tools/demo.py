# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make deploy``: from nothing to a release that goes live under traffic, in the lab; with ENV=aws-emulated, on AWS's.

Lab up, load balancers provisioned, example built; where nothing is live yet the first release goes first, and
then the other one takes over.
"""

from __future__ import annotations

import sys
import time

from seamless_demo.entry import EntryError, live_release
from seamless_demo.environments import chosen
from seamless_demo.steps import deploy, lab_down, lab_up, playbook

VERSIONS = ("1.0.0", "2.0.0")


def to_deploy(live: str | None, wanted: str | None) -> list[str]:
    """The versions to take live, in order. *live* is a release id such as ``1.0.0-1a2b3c4d``, None for none yet."""
    if wanted:
        return [wanted]
    if live is None:
        return list(VERSIONS)
    return [next(version for version in reversed(VERSIONS) if not live.startswith(f"{version}-"))]


def main(arguments: list[str]) -> int:
    """``[VERSION or FILE]``, ``--up`` or ``--down``; 0, or the status of the step that failed."""
    started = time.monotonic()
    if arguments == ["--down"]:
        lab_down()
        return 0
    lab_up()
    if arguments == ["--up"]:
        return 0
    playbook("Provision", "provision")
    try:
        live = live_release()
    except EntryError as error:
        print(f"make deploy: {error}", file=sys.stderr)
        return 1
    print(f"\nLive now: {live or 'nothing yet'}", flush=True)
    for release in to_deploy(live, arguments[0] if arguments else None):
        deploy(release)
    back = "make rollback" if chosen().name == "lab" else f"make rollback ENV={chosen().name}"
    print(f"\nDone in {time.monotonic() - started:.0f} s. What users saw: reports/latest.html. Back: {back}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
