# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that every module has which writes a split (module_utils/routers/split_options.py)."""

    DOCUMENTATION = r"""
options:
  split:
    description: The percentage of each color; whole numbers that add up to 100.
    type: dict
    suboptions:
      blue:
        description: The percentage of blue.
        type: int
        required: true
      green:
        description: The percentage of green.
        type: int
        required: true
  expect:
    description:
      - The split that must be found, or a list of acceptable ones. Left out, any is accepted.
      - A split that already is O(split) is always accepted, so that an interrupted run can be repeated.
    type: raw
  fence:
    description: The fencing number of the lease under which this is written. Required, unless O(break_glass) is given.
    type: int
  require_healthy:
    description:
      - The percentage of the members of each pool with traffic that the router itself must see as healthy.
      - One member at least is always needed.
    type: float
    default: 100
  at:
    description:
      - The moment at which to switch, in seconds since the epoch. Everything is validated before.
      - Refused when it is more than half a second past, or more than 60 seconds ahead.
    type: float
  break_glass:
    description:
      - The reason for a change without a lease. Passes by the fence and raises it, so that a rollout in progress stops
        at its next write.
      - Noted down where the fence is kept. The module that reads this router's split returns the notes until they are
        cleared with O(clear_notes).
    type: str
  who:
    description: Who breaks the glass. By default the user who runs the module, or who became root for it.
    type: str
  clear_notes:
    description: Drop this many of the oldest break-glass notes, which the ledger holds by now.
    type: int
attributes:
  check_mode:
    support: full
    description: Makes every check and says whether the split would change.
  diff_mode:
    support: full
    description: Shows the split before and after.
"""

    REVERT = r"""
options:
  revert_to:
    description: The split to go back to; required with O(revert_after).
    type: dict
    suboptions:
      blue:
        description: The percentage of blue.
        type: int
        required: true
      green:
        description: The percentage of green.
        type: int
        required: true
  rollout:
    description: What the note says was not confirmed; required with O(revert_after).
    type: str
"""

    # Goes before the others: of two fragments that describe an option, the first one has the word.
    AWS = r"""
options:
  break_glass:
    description:
      - The reason for a change without a lease. Passes by the fence and raises it, so that a rollout in progress stops
        at its next write.
      - Noted down in the table, or in a tag of what is changed where the table is out of reach (and the fence cannot be
        raised then). The module that reads this router's split returns the notes until they are cleared with
        O(clear_notes).
    type: str
"""
