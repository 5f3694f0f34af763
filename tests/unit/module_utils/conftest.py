# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Property tests without a deadline: a busy machine is no defect."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("seamless", deadline=None, max_examples=30)
settings.load_profile("seamless")
