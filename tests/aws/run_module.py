# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs one module in this process, as Ansible would: its name and arguments come as JSON on standard input."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from ansible.module_utils.testing import patch_module_args
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

_AnsibleCollectionFinder(paths=[str(Path(__file__).resolve().parents[2] / ".collections")])._install()

asked = json.load(sys.stdin)
with patch_module_args(asked["arguments"]):
    importlib.import_module(f"ansible_collections.seamless.delivery.plugins.modules.{asked['name']}").main()
