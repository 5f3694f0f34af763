# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a rollout: from its journal and its probe to a page that a person can trust.

`journal` and `traffic` read events, `watches` brings what the judge saw into shape, `document.build` makes the
report document (docs/report.schema.json) out of them, and `html.render`, `summary.render_summary` and `store.write`
show and keep it.
Everything but `store` and `watched` is pure: no clock, no files, so the same evidence always gives the same bytes.
"""

from __future__ import annotations
