#!/usr/bin/env bash
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes .venv what the requirements say, and does nothing (in a few milliseconds) when it already is.
#
#   tools/venv.sh        what a controller needs          (requirements.txt)
#   tools/venv.sh dev    what contributors and CI need    (requirements-dev.txt)
#
# PYTHON=... picks the interpreter; without it, the first of python3, python3.14 ... python3.11 that fits.
# A stamp is written last: a run that was interrupted leaves none, and the next one starts afresh.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly venv=.venv
level=${1:-run}
case $level in
    run) files=(requirements.txt) ;;
    dev) files=(requirements.txt requirements-dev.txt) ;;
    *)
        echo "tools/venv.sh: expected nothing or 'dev', found '$level'." >&2
        exit 2
        ;;
esac

say() { printf 'venv: %s\n' "$*"; }
give_up() { printf 'venv: %s\n' "$@" >&2; exit 1; }

# The path belongs to the stamp, since a venv's scripts hold it: a checkout that was moved needs a new one.
fingerprint() { { pwd -P; cat "$@"; } | sha256sum | cut -c1-32; }

is_current() {
    [[ -x $venv/bin/python && -f $venv/.stamp-$1 && $(<"$venv/.stamp-$1") == "$2" ]]
}

fits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local name
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if command -v "$name" >/dev/null && fits "$name"; then
            command -v "$name"
            return
        fi
    done
    give_up "Python 3.11 or newer is needed (ansible-core 2.19 runs on no older one); found:" \
        "  $(${PYTHON:-python3} --version 2>&1 || echo "no ${PYTHON:-python3}")" \
        "Install one (on Debian or Ubuntu: apt-get install python3 python3-venv), or say PYTHON=/path/to/python3."
}

may_use_apt() {
    [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null && grep -qE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release
}

# Debian and Ubuntu ship `venv` (ensurepip) and the headers apart from python3 itself. Only the distribution's
# interpreter gets them from apt: for another one, packages named python3-* would be those of the wrong Python.
complete_python() {
    local python=$1 missing=()
    "$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
    "$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' \
        || missing+=(python3-dev)
    [[ ${#missing[@]} -eq 0 ]] && return
    if [[ $(readlink -f "$python") == /usr/bin/* ]] && may_use_apt; then
        say "installing ${missing[*]} (apt-get)"
        export DEBIAN_FRONTEND=noninteractive
        if ! { apt-get -qq update && apt-get -qq install -y "${missing[@]}" >/dev/null; }; then
            give_up "apt-get could not install ${missing[*]} (see above). Install them by hand, then run this again."
        fi
    elif [[ " ${missing[*]} " == *" python3-venv "* ]]; then
        give_up "$python has no module 'venv' or 'ensurepip'." \
            "Install it (as root, on Debian or Ubuntu: apt-get install ${missing[*]}), then run this again."
    fi
    # Missing headers alone stop nobody: every requirement has a wheel on the common platforms.
}

build() {
    local python started=$SECONDS
    python=$(find_python)
    complete_python "$python"
    if [[ $level == dev && ! -f $venv/.stamp-dev ]] && is_current run "$(fingerprint requirements.txt)"; then
        say "adding the tools of requirements-dev.txt"
    else
        say "creating .venv with $("$python" --version) ($python)"
        "$python" -m venv --clear "$venv"
    fi
    rm -f "$venv"/.stamp-*
    # Bytecode of the ~100 bundled collections is never used, and writing it takes longer than all the rest:
    # what the controller imports at every start is compiled afterwards.
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-compile --requirement "${files[-1]}" \
        || give_up "pip could not install ${files[-1]} (see above). Is a package index reachable? Then run this again."
    "$venv/bin/python" -m compileall -qq -j 0 -x '/ansible_collections/' "$venv"/lib/python3*/site-packages || true
    fingerprint requirements.txt >"$venv/.stamp-run"
    if [[ $level == dev ]]; then fingerprint "${files[@]}" >"$venv/.stamp-dev"; fi
    say "ready after $((SECONDS - started)) s"
}

wanted=$(fingerprint "${files[@]}")
is_current "$level" "$wanted" && exit 0

# Two at once (two terminals, or make -j) would tear each other's venv apart: the second waits, then looks again.
mkdir -p .cache
exec 9>.cache/venv.lock
if command -v flock >/dev/null; then flock 9; fi
is_current "$level" "$wanted" && exit 0
build
