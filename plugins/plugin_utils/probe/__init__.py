# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe: an open-loop client that records, request by request, what users of a service get.

It imports nothing but the standard library and itself, because it runs on its own, detached from Ansible
(`python plugins/plugin_utils/probe --config FILE`), and must outlive the controller's process.

Read in this order: `rows` (what is recorded), `pace` (when requests are sent, and what latency means),
`short` and `long_lived` (what is sent), `connection` and `http1` (how), `analysis` (what it adds up to).
"""

from __future__ import annotations

VERSION = "1.0.0"
