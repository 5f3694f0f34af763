# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make soak``: deploy back and forth under the probe's traffic, and add up what users saw.

``tools/soak.py [ROUNDS]``. Fails at the end when one request of any round failed, was answered by the wrong
release, or when a round left no evidence.
"""

from __future__ import annotations

import json
import sys

from seamless_demo.entry import live_release
from seamless_demo.steps import ROOT, deploy

VERSIONS = ("1.0.0", "2.0.0")
COUNTED = ("sent", "failed", "slow", "wrong_release")


def evidence() -> dict[str, int]:
    """What the newest report counted at the clients' side; raises SystemExit where no probe ran."""
    report = json.loads((ROOT / "reports" / "latest.json").read_text(encoding="utf-8"))
    probe = report.get("probe") or {}
    if not probe.get("sent"):
        sys.exit(f"{report.get('rollout')}: the report has no evidence of a probe, so this round proves nothing")
    return {key: int(probe[key]) for key in COUNTED}


def main(arguments: list[str]) -> int:
    """Run the rounds; 0 when no user was hurt."""
    rounds = int(arguments[0]) if arguments else 10
    if live_release() is None:
        sys.exit("nothing is live yet: run `make deploy` first")
    total = dict.fromkeys(COUNTED, 0)
    for number in range(1, rounds + 1):
        live = live_release() or ""
        deploy(VERSIONS[0] if live.startswith(f"{VERSIONS[1]}-") else VERSIONS[1])
        counted = evidence()
        total = {key: total[key] + counted[key] for key in COUNTED}
        print(f"\nround {number}/{rounds}: {counted}; so far: {total}", flush=True)
    return 1 if total["failed"] or total["wrong_release"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
