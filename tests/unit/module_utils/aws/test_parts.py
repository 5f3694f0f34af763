# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an anchor says of its parts."""

from __future__ import annotations

from ansible_collections.seamless.delivery.plugins.module_utils.aws import parts


def anchored(text, **declared):
    """Parts whose anchor says *text*, and what was written to it."""
    written = []
    its = parts.Parts(declared, lambda sorts: written.append(parts.said(sorts)))
    its.read(text)
    return its, written


def test_without_an_anchor_everything_is_looked_for_and_nothing_is_written():
    its, written = anchored(None, hooks=[])
    its.remember("hooks")
    assert its.sought("hooks")
    assert written == []
    assert its.sorts == frozenset(), "the anchor is made with what is declared"


def test_an_anchor_leaves_only_what_it_says_or_is_declared():
    its, _ = anchored("logs", dashboard=True, subscriptions=[])
    assert [its.sought(sort) for sort in ("logs", "dashboard", "subscriptions")] == [True, True, False]
    assert parts.said(its.sorts) == "dashboard logs"


def test_what_was_found_is_said_though_it_is_not_declared():
    its, _ = anchored(None, logs=[])
    its.saw(["logs"])
    assert its.sorts == {"logs"}


def test_an_anchor_is_written_once_and_keeps_what_it_said():
    its, written = anchored("logs", dashboard=True)
    its.remember("dashboard")
    its.remember("dashboard")
    its.remember("logs")
    assert written == ["dashboard logs"]
    its.read("dashboard logs")
    assert its.sorts == {"dashboard", "logs"}


def test_tags():
    assert parts.tag(()) == []
    assert parts.tagged(parts.tag({"b", "a"})) == "a b"
    assert parts.tagged(None) == ""
