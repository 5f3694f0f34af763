#!/usr/bin/env bash
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What Galaxy does with an upload, with Galaxy's own importer. (It does not run ansible-test: tools/sanity.sh does.)

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.venv/bin:$PATH"

work=$PWD/.cache/import
rm -rf "$work"
mkdir -p "$work"
cat >"$work/galaxy-importer.cfg" <<'CONFIG'
[galaxy-importer]
CHECK_REQUIRED_TAGS = True
REQUIRE_V1_OR_GREATER = False
RUN_ANSIBLE_TEST = False
LOG_LEVEL_MAIN = INFO
CONFIG
ansible-galaxy collection build --output-path "$work" >/dev/null
cd "$work"
GALAXY_IMPORTER_CONFIG=$work/galaxy-importer.cfg python -m galaxy_importer.main seamless-delivery-*.tar.gz
