# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An AWS of one's own, for tests and for the lab: moto's server, extended."""

#: What is in the user agent of a client that a test looks up things with.
from __future__ import annotations

BY_TESTS = "seamless-tests"
