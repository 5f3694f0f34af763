# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users may see of a release: nothing. One judgement for the real thing and for the unsafe variants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.rows import Row


class UsersHurt(AssertionError):
    """Users noticed, or nobody can say whether they did; the message has the counts."""


def unhurt(saw: Mapping[str, Any], least: int) -> None:
    """Raise UsersHurt unless at least *least* requests were sent, and each got what it asked for.

    *saw* is the probe's analysis. Too little evidence is a failure, and so is a record with holes.
    """
    wrong = []
    if saw["failed"]:
        wrong.append(f"{saw['failed']} of {saw['sent']} requests failed: {saw['errors']}")
    if saw["long_lived"]["broken"]:
        wrong.append(
            f"{saw['long_lived']['broken']} of {saw['long_lived']['opened']} streams and websockets were broken"
        )
    if saw["wrong_release"]:
        wrong.append(f"{saw['wrong_release']} requests were answered by the wrong release")
    if saw["sent"] < least:
        wrong.append(f"only {saw['sent']} requests were sent, and {least} are needed to say anything")
    if saw["unreadable"]:
        wrong.append(f"{saw['unreadable']} lines of the record cannot be read")
    if wrong:
        raise UsersHurt("; ".join(wrong))


def hurt_only(rows: Iterable[Row], excused: Callable[[Row], bool], least: int) -> None:
    """Raise UsersHurt unless at least *least* requests were sent, and each got what it asked for or is *excused*.

    For what no load balancer can save a user from: a machine that dies with the user's request in it.
    """
    sent = list(rows)
    hurt = [row for row in sent if row[5] and not excused(row)]
    if hurt:
        kinds = Counter(
            f"{kind}: {status or 'no'} status, {error}" for _sent, _ms, kind, status, _release, error in hurt
        )
        raise UsersHurt(f"{len(hurt)} of {len(sent)} requests failed without an excuse: {dict(kinds)}; {hurt[:5]}")
    if len(sent) < least:
        raise UsersHurt(f"only {len(sent)} requests were sent, and {least} are needed to say anything")
