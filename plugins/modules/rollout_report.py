#!/usr/bin/python
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The work is done by the action plugin of the same name, on the controller. This file is its documentation.

from __future__ import annotations

DOCUMENTATION = r"""
module: rollout_report
version_added: 1.0.0
short_description: Write the report of a rollout, and show its verdict
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Makes one document out of a rollout's journal and the probe's analysis, keeps it as JSON and as one
    self-contained HTML page, and shows a summary of a few lines.
  - The page fetches nothing and runs no script, so that it can be archived, mailed and opened years later.
  - Evidence that is missing is said, in RV(missing) and on the page; it is never filled in.
notes:
  - Runs on the controller, whatever host the task is for. Use it once for a rollout, with C(run_once).
  - C(latest.json) and C(latest.html) always are the report that was written last.
attributes:
  action:
    description: Has a corresponding action plugin, which does all of the work on the controller.
    support: full
  check_mode:
    description: Builds and shows the report, and writes nothing.
    support: full
  diff_mode:
    description: Shows what would change.
    support: none
  idempotent:
    description: The same evidence gives the same bytes, and files that have them already are left alone.
    support: full
options:
  events:
    description:
      - The events of the rollout's journal, as M(seamless.delivery.ledger_info) returns them.
      - Events of other rollouts may be among them.
    type: list
    elements: dict
    required: true
  analysis:
    description:
      - What the probe's analysis returned.
      - Leave it out when no probe ran; the report then says that what users saw was not measured.
    type: dict
  rollout:
    description: The id of the rollout to report. By default the one that was opened last.
    type: str
  environment:
    description: The name of the environment, to be shown.
    type: str
  directory:
    description: Where reports are kept. A relative path starts where Ansible was started.
    type: path
    default: reports
  keep:
    description: How many reports to keep. The oldest beyond that are removed; other files never are.
    type: int
    default: 50
  watched:
    description:
      - The directory in which watched phases left what they saw, C(watch-1.watch.json) for example.
      - Leave it out where nothing was watched. What is missing there or cannot be read is said in RV(missing).
    type: path
  summary:
    description: Whether to show the summary on the terminal.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Write the report
  seamless.delivery.rollout_report:
    events: "{{ __ledger.events }}"
    analysis: "{{ __probe.analysis }}"
    environment: staging
    watched: "{{ __record }}"
  run_once: true

- name: Write the report of a rollout that no probe watched, elsewhere
  seamless.delivery.rollout_report:
    events: "{{ __ledger.events }}"
    rollout: storefront-20260301T120000Z
    directory: /srv/reports
    keep: 200
  run_once: true
"""

RETURN = r"""
outcome:
  description: How the rollout ended. V(open) where the journal has no closing event.
  returned: success
  type: str
  sample: succeeded
tone:
  description: >-
    V(good) is proven to have hurt nobody, V(warn) is not, V(bad) failed, and V(calm) is a run that had nothing to do.
  returned: success
  type: str
  sample: good
headline:
  description: The verdict on one line.
  returned: success
  type: str
  sample: "storefront 1.0.0 \u2192 2.0.0: 12,345 requests, 0 failed, users moved in 8 ms."
summary:
  description: The lines of the summary, without colors.
  returned: success
  type: list
  elements: str
missing:
  description: Sentences that name what the report cannot say, and why.
  returned: success
  type: list
  elements: str
  sample: ["No probe ran: what users saw was not measured."]
json:
  description: Path of the JSON document. Its schema is C(docs/report.schema.json).
  returned: when not in check mode
  type: str
  sample: /srv/reports/storefront-20260301T120000Z.json
html:
  description: Path of the page.
  returned: when not in check mode
  type: str
  sample: /srv/reports/storefront-20260301T120000Z.html
pruned:
  description: Names of the reports that were removed, because more than O(keep) were there.
  returned: when not in check mode
  type: list
  elements: str
"""
