# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the machine has few of: inotify instances, which root in all labs shares with root outside."""

from __future__ import annotations

from pathlib import Path

from .console import say

INSTANCES = Path("/proc/sys/fs/inotify/max_user_instances")
A_HOST = 4  # measured: systemd 3, dbus 1
THE_MACHINE = 8  # its own systemd, the engine


def warn_when_short(hosts: int) -> None:
    """Say what to do where ``hosts``, counted over all labs, need more than the machine allows.

    The setting is the machine's, not the lab's, so it is left to the person.
    """
    try:
        limit = int(INSTANCES.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return  # not Linux, or hidden: nothing to say
    needed = hosts * A_HOST + THE_MACHINE
    if needed > limit:
        say(
            f"{hosts} hosts in all labs need about {needed} inotify instances, this machine allows {limit}, and units "
            f"will fail for lack of them: stop a lab, or `sysctl fs.inotify.max_user_instances={max(1024, 2 * needed)}`"
        )
