# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventories on disk: what they stand on, and what two of them share."""

from __future__ import annotations

import shutil

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.isolation import shared
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.footprint import footprint, siblings

HOSTS = """
all:
  children:
    blue: {hosts: {app1.NAME.test: {ansible_host: 10.NET.0.1}}}
    green: {hosts: {app2.NAME.test: {ansible_host: "{{ net }}.2"}}}
    local: {hosts: {ops.NAME.test: {ansible_host: 127.0.0.1}}}
"""

VARIABLES = """
service_environment: NAME
net: 10.NET.0
service:
  entry: {address: "{{ net }}.10", hostnames: [Shop.NAME.test]}
release_secrets:
  REFERENCE: "{{ vault_reference }}"
  BY_ENVIRONMENT: "{{ lookup('ansible.builtin.file', '/run/secrets/' ~ service_environment) }}"
"""


@pytest.fixture(name="write")
def _write(tmp_path):
    """Writes an inventory; returns its folder."""

    def write(name, net, more=""):
        variables = tmp_path / name / "group_vars" / "all"
        variables.mkdir(parents=True)
        for file, text in ((tmp_path / name / "hosts.yml", HOSTS), (variables / "service.yml", VARIABLES + more)):
            file.write_text(text.replace("NAME", name).replace("NET", str(net)), encoding="utf-8")
        return tmp_path / name

    return write


def vaulted(path, vault_id, text="vault_reference: hunter2\n"):
    path.write_bytes(VaultLib().encrypt(text, secret=VaultSecret(vault_id.encode()), vault_id=vault_id))


def common(one, two):
    return [problem.found for problem in shared(footprint([str(one)]), footprint([str(two)]))]


def test_what_an_inventory_stands_on(write):
    found = footprint([str(write("staging", 1))])
    assert found.environment == "staging"
    assert set(found.holds["hosts"]) == {"app1.staging.test", "app2.staging.test", "ops.staging.test"}
    assert set(found.holds["addresses"]) == {"10.1.0.1", "10.1.0.2", "10.1.0.10"}
    assert set(found.holds["hostnames"]) == {"shop.staging.test"}


def test_separate_environments_have_nothing_in_common(write):
    one, two = write("staging", 1), write("production", 2)
    vaulted(one / "group_vars" / "all" / "vault.yml", "staging")
    vaulted(two / "group_vars" / "all" / "vault.yml", "production")
    assert common(one, two) == []


def test_a_shared_address_is_found(write):
    (found,) = common(write("staging", 1), write("production", 1))
    assert found.startswith("addresses that production (")
    assert found.endswith(": 10.1.0.1, 10.1.0.10, 10.1.0.2")


@pytest.mark.parametrize(("one", "two", "shared"), [
    ("type: dynamodb, table: ours, region: eu-west-1", "type: dynamodb, table: ours, region: eu-west-1", True),
    ("type: dynamodb, table: ours, region: eu-west-1", "type: dynamodb, table: ours, region: eu-north-1", False),
    ("type: s3, bucket: ours, profile: a", "type: s3, bucket: ours, profile: b", False),
    ("type: file, host: ops1", "type: file, host: ops1", False),
])  # fmt: skip
def test_a_shared_ledger_is_found(write, one, two, shared):
    folders = [write(name, net) for name, net in (("staging", 1), ("production", 2))]
    for folder, ledger in zip(folders, (one, two), strict=True):
        variables = folder / "group_vars" / "all" / "service.yml"
        variables.write_text(variables.read_text().replace("service:\n", f"service:\n  ledger: {{{ledger}}}\n"))
    found = common(*folders)
    assert [line.endswith("ours") and line.startswith("ledgers that") for line in found] == ([True] if shared else [])


def test_a_shared_vault_id_is_found_without_its_password(write):
    one, two = write("staging", 1), write("production", 2)
    for folder in (one, two):
        vaulted(folder / "group_vars" / "all" / "vault.yml", "team")
    (found,) = common(one, two)
    assert found.endswith(": the vault id team")


def test_a_linked_file_is_found(write):
    one, two = write("staging", 1), write("production", 2)
    (one / "group_vars" / "all" / "more.yml").write_text("x: 1\n", encoding="utf-8")
    (two / "group_vars" / "all" / "more.yml").symlink_to(one / "group_vars" / "all" / "more.yml")
    (found,) = common(one, two)
    assert found.endswith(f": the file {one / 'group_vars' / 'all' / 'more.yml'}")


@pytest.mark.parametrize(
    "value", ["hunter2", "\"{{ lookup('ansible.builtin.env', 'TOKEN') }}\"", '"{{ vault_token }}"']
)
def test_a_shared_secret_is_named_and_not_shown(write, value):
    more = f"  TOKEN: {value}\nvault_token: hunter2\n"
    (found,) = common(write("staging", 1, more), write("production", 2, more))
    assert found.endswith(": release_secrets.TOKEN")


def test_a_shared_vaulted_value_is_found_by_its_ciphertext(write):
    ciphertext = VaultLib().encrypt("hunter2", secret=VaultSecret(b"x")).decode()
    more = "  TOKEN: !vault |\n" + "".join(f"    {line}\n" for line in ciphertext.splitlines())
    (found,) = common(write("staging", 1, more), write("production", 2, more))
    assert found.endswith(": release_secrets.TOKEN, the vault id default")


def test_what_cannot_be_templated_is_compared_as_it_is_written(write):
    folder = write("staging", 1, 'service_address: "{{ nowhere }}"\n')
    assert "{{ nowhere }}" in footprint([str(folder)]).holds["addresses"]


def test_variables_that_refer_to_each_other_for_ever_are_no_secret_source(write):
    more = '  TOKEN: "{{ one }}"\none: "{{ two }}"\ntwo: "{{ one }}"\n'
    assert common(write("staging", 1, more), write("production", 2, more)) == []


def test_siblings_are_the_folders_beside_with_variables(write, tmp_path):
    one, two = write("staging", 1), write("production", 2)
    (tmp_path / "other").mkdir()
    assert siblings([str(one)]) == [str(two)]
    assert siblings([str(one / "hosts.yml")]) == [str(two)]
    assert siblings(["host1,host2"]) == []


def test_only_static_files_are_read(write):
    folder = write("staging", 1)
    (folder / "cloud.aws_ec2.yml").write_text("plugin: amazon.aws.aws_ec2\n", encoding="utf-8")
    script = folder / "script.yml"
    script.write_text("all: {hosts: {from_a_script: {}}}\n", encoding="utf-8")
    script.chmod(0o755)
    assert "from_a_script" not in footprint([str(folder)]).holds["hosts"]


def test_an_inventory_of_no_environment_is_no_concern(write):
    folder = write("staging", 1)
    shutil.rmtree(folder / "group_vars")
    assert footprint([str(folder)]) is None
    assert footprint(["host1,host2"]) is None


def test_a_missing_inventory_is_said(tmp_path):
    with pytest.raises(AnsibleError, match="there is no inventory at"):
        footprint([str(tmp_path / "nowhere")])
