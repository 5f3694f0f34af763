#!/usr/bin/env bash
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ansible-test sanity on what is published: the files of the tarball, and nothing else.
# Arguments go to ansible-test: tools/sanity.sh --test pep8
# The results are also written as JUnit, to .cache/checks/sanity.xml, where the checks are counted.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
export PATH="$root/.venv/bin:$PATH"

# ansible-test insists on the path .../ansible_collections/NAMESPACE/NAME and tests every file below it.
work=$root/.cache/sanity
tree=$work/ansible_collections/seamless/delivery
rm -rf "$work"
mkdir -p "$tree"
ansible-galaxy collection build --output-path "$work" >/dev/null
tar --extract --file="$(echo "$work"/seamless-delivery-*.tar.gz)" --directory="$tree"
cp galaxy.yml "$tree" # the tarball has MANIFEST.json instead, but ansible-test wants the source's file
# What is imported from the collections that this one depends on.
collections=$(python -c 'import ansible_collections; print(ansible_collections.__path__[0])')
mkdir -p "$work/ansible_collections/amazon"
cp -r "$collections/amazon/aws" "$work/ansible_collections/amazon/"
cd "$tree"
# Else ansible-test asks the checkout's git, which ignores .cache, and finds nothing to test.
git init --quiet .

log=$work/log
python_version=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
run() {
    ansible-test sanity --color no --junit --python "$python_version" "$@" 2>&1 | tee "$log"
}

status=0
run "$@" || status=$?
# ansible-test bootstraps pip with a script that it downloads. Where that host is not reachable but a package
# index is, pip's own wheel does as well.
missing=$(sed -n 's/^The bootstrap script can be manually downloaded and saved to: //p' "$log")
if [[ $status -ne 0 && -n $missing ]]; then
    version=$(sed -n 's/.*get_pip_\(.*\)\.py$/\1/p' <<<"$missing" | tr _ .)
    echo "sanity: the pip script of ansible-test cannot be downloaded; using pip $version's wheel instead"
    python -m pip download -qq --disable-pip-version-check --no-deps --dest "$(dirname "$missing")" "pip==$version"
    cp "$root/tools/ansible_test_get_pip.py" "$missing"
    status=0
    run "$@" || status=$?
fi

python "$root/tools/merge_junit.py" "$root/.cache/checks/sanity.xml" "$tree"/tests/output/junit/*.xml
exit "$status"
