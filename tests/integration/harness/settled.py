# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One consistent state: journal, load balancers, hosts and lease all say the same, and nothing is left running."""

from __future__ import annotations

import subprocess
from collections import Counter

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History, fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import Event, parse
from ansible_collections.seamless.delivery.plugins.plugin_utils.operator import gone

from .site import BALANCERS, Site


def events(site: Site) -> list[Event]:
    """The journal's events; fails where it is torn or altered."""
    reading = parse(site.journal())
    assert reading.torn == "", f"the journal's last line is torn: {reading.torn!r}"
    return list(reading.events)


def history(site: Site) -> History:
    """What the journal adds up to."""
    return fold(events(site))


def settled(site: Site, release: str) -> None:
    """Fail unless *release* is live everywhere, by every account, and nobody is still at work."""
    known = history(site)
    assert known.current is None, f"rollout {known.current.id} is still open"
    assert known.live_release == release, f"the journal says {known.live_release} is live, not {release}"
    green = 100 if known.live_color == "green" else 0
    shown = {host: site.green(host) for host in BALANCERS}
    assert shown == {host: [green, green] for host in BALANCERS}, f"in memory and on file: {shown}, {green} expected"
    assert _free(site), f"nobody gave the lease back, and its holder is still there: {site.lease()}"
    _running(site, known.live_color or "", release)
    assert watching(site) == "", "a probe of a rollout still runs"
    _nothing_twice(site)


def watching(site: Site) -> str:
    """The command lines of the probes that rollouts have started here and not stopped."""
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in listing.splitlines() if f"{site.record}/" in line)


def _free(site: Site) -> bool:
    """Whether nobody is at work: the lease was given back, or its holder died right after its last event."""
    lease = site.lease()
    return lease is None or lease["released_at"] is not None or gone(lease["holder"]) is not None


def _running(site: Site, color: str, release: str) -> None:
    for host in site.members[color]:
        unit = f"{site.service['name']}-{color}"
        assert site.sh(host, f"systemctl is-active {unit}", check=False).strip() == "active", f"{unit} on {host}"
        environment = site.sh(host, f"cat /etc/{site.service['name']}/{color}.env")
        assert f'RELEASE_ID="{release}"' in environment, f"{host} runs something else than {release}"


def _nothing_twice(site: Site) -> None:
    """Each thing is said to be done at most once in each rollout: whoever resumes does not repeat."""
    done = Counter(
        (event.rollout, event.type, event.data.get("phase"))
        for event in events(site)
        if event.type in ("rollout.opened", "phase.done", "rollback.done", "rollout.closed")
    )
    twice = [what for what, count in done.items() if count > 1]
    assert twice == [], f"done more than once: {twice}"
