# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of safety share: a lab that carries a service (`site`), its users (`users`), what they may see
(`verdict`), releases good and bad (`releases`), and a controller that dies where one says (`killed`)."""

from __future__ import annotations

import sys
from pathlib import Path

# So that ansible_collections.seamless.delivery is this checkout.
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / ".collections"))
