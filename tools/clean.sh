#!/usr/bin/env bash
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Removes what the targets made here. By name, not "whatever git ignores": that may be an editor's or a person's
# own. The lab's containers stay (make lab-down).

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rm -rf .venv .cache .ansible .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
rm -rf dist reports tests/output examples/*/dist
find . -name __pycache__ -type d -prune -exec rm -rf {} +
