# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventories of the checkout: no secret in plain text, nothing shared, and stacks on AWS well declared."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.inventory.manager import InventoryManager
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.manager import VariableManager

from ansible_collections.seamless.delivery.plugins.module_utils.aws.environment.production import looked_at, missing
from ansible_collections.seamless.delivery.plugins.module_utils.aws.whole import SECTIONS
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.aws_holds import stack_of
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.isolation import shared
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.assessment import assessed
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.footprint import footprint
from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain
from ansible_collections.seamless.delivery.plugins.plugin_utils.scaling.document import build

INVENTORIES = Path(__file__).resolve().parents[2] / "inventories"
ALL = sorted(path.name for path in INVENTORIES.iterdir() if path.is_dir())
ON_AWS = ["aws-production", "aws-staging"]

# -- secrets --------------------------------------------------------------------------------------------

LOOKUPS = r"amazon\.aws\.(ssm_parameter|secretsmanager_secret)|community\.hashi_vault\.\w+"
SECRET_KEY = re.compile(r"(?i)password|passwd|secret|token|api_?key|access_?key|private_?key|credential")
# A key may be named after a secret and say something else about it.
NO_SECRET_KEY = re.compile(r"(?i)(_|^)(names|rotation|policy|arn|file)$")
SECRET_VALUE = {
    "an access key of AWS": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a password within a URL": re.compile(r"://[^\s/:@{]+:[^\s@{]+@"),
    "a token": re.compile(r"\b(ghp_|glpat-|xox[abp]-|hvs\.|sk_live_)\w{8,}"),
}
FROM_A_STORE = re.compile(rf"\{{\{{\s*(lookup\(\s*'({LOOKUPS})'.*|vault_\w+\s*)\}}\}}", re.DOTALL)


def plain_secrets(value: Any, way: str = "", secret: bool = False) -> Iterator[str]:
    """Where a secret is written down: a value that looks like one, or a plain text under a key that names one."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            below = secret or (bool(SECRET_KEY.search(str(key))) and not NO_SECRET_KEY.search(str(key)))
            yield from plain_secrets(inner, f"{way}.{key}" if way else str(key), below)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from plain_secrets(inner, f"{way}[{index}]", secret)
    elif isinstance(value, str):
        yield from (f"{way}: {what}" for what, pattern in SECRET_VALUE.items() if pattern.search(value))
        if secret and value and not FROM_A_STORE.fullmatch(value.strip()):
            yield f"{way}: a plain text"
    elif secret and value is not None and not isinstance(value, bool):
        yield f"{way}: a plain {type(value).__name__}"


class _Loader(yaml.SafeLoader):
    """An encrypted value is none in plain text."""


_Loader.add_constructor("!vault", lambda _loader, _node: None)


def plain_secrets_of(folder: Path, lab: bool = False) -> list[str]:
    """All of an inventory's. A lab makes its keys itself, in files that it throws away: they may be read from there."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.read_text().startswith("$ANSIBLE_VAULT")]
    assert files
    return [
        f"{path.relative_to(folder)}: {found}"
        for path in files
        for found in plain_secrets(yaml.load(_read(path, lab), _Loader))
    ]


def _read(path: Path, lab: bool) -> str:
    text = path.read_text(encoding="utf-8")
    return (
        re.sub(r"lookup\('ansible\.builtin\.file', lab_", "lookup('community.hashi_vault.lab', ", text) if lab else text
    )


@pytest.mark.parametrize("name", ALL)
def test_no_inventory_has_a_secret_in_plain_text(name):
    lab = name not in ("staging", "production", *ON_AWS)
    assert plain_secrets_of(INVENTORIES / name, lab) == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("release_secrets: {DATABASE_URL: hunter2}", "release_secrets.DATABASE_URL: a plain text"),
        ("aws_stack_database: {password: 'hunter2'}", "aws_stack_database.password: a plain text"),
        ("private_key: \"{{ lookup('ansible.builtin.file', lab_key) }}\"", "private_key: a plain text"),
        ("db_password: 1234", "db_password: a plain int"),
        ("db_password: \"{{ lookup('env', 'PASSWORD') }}\"", "db_password: a plain text"),
        ("db_password: \"{{ 'hunter2' }}\"", "db_password: a plain text"),
        ("tokens: [{ci: abc}]", "tokens[0].ci: a plain text"),
        ("note: AKIAIOSFODNN7EXAMPLE", "note: an access key of AWS"),
        ("url: postgres://shop:hunter2@db/shop", "url: a password within a URL"),
        ("pem: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MII", "pem: a private key"),
    ],
)
def test_a_secret_in_plain_text_is_caught(tmp_path, written, told):
    (tmp_path / "vars.yml").write_text(written, encoding="utf-8")
    assert plain_secrets_of(tmp_path) == [f"vars.yml: {told}"]


@pytest.mark.parametrize(
    "written",
    [
        "release_secrets: {A: \"{{ lookup('amazon.aws.ssm_parameter', '/shop/a', region='eu-west-1') }}\"}",
        "release_secrets: {A: \"{{ lookup('community.hashi_vault.vault_kv2_get', 'shop/a') }}\"}",
        "release_secrets: {A: '{{ vault_a }}'}",
        "release_secrets:\n  A: !vault |\n    $ANSIBLE_VAULT;1.2;AES256;staging\n    6162",
        "managed_password: true\nsecret_arn: arn:aws:secretsmanager:eu-west-1:111122223333:secret:a\npassword:",
    ],
)
def test_a_secret_that_is_kept_elsewhere_is_none(tmp_path, written):
    (tmp_path / "vars.yml").write_text(written, encoding="utf-8")
    assert plain_secrets_of(tmp_path) == []


# -- isolation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), list(permutations(["staging", "production", *ON_AWS], 2)))
def test_two_environments_share_nothing(one, other):
    mine, theirs = footprint([str(INVENTORIES / one)]), footprint([str(INVENTORIES / other)])
    assert mine
    assert theirs
    assert list(map(str, shared(mine, theirs))) == []


def test_what_two_environments_on_aws_would_share_is_caught(tmp_path):
    """The negative control: production as somebody would copy it from staging."""
    staging, copied = INVENTORIES / "aws-staging", tmp_path / "production"
    for path in staging.rglob("*.yml"):
        target = copied / path.relative_to(staging)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        target.write_text(text.replace("service_environment: staging", "service_environment: production"))
    mine, theirs = footprint([str(copied)]), footprint([str(staging)])
    assert mine
    assert theirs
    found = {problem.found.split(" that ")[0]: problem.found.split(": ")[-1] for problem in shared(mine, theirs)}
    assert found == {
        "hosts": "alb.staging",
        "addresses": "shop.staging.example.com",
        "hostnames": "shop.staging.example.com",
        "ledgers": "dynamodb storefront-staging-ledger",
        "accounts": "111122223333",
        "stacks": "storefront-staging",
        "networks": "10.20.0.0/16",
        "resources": "shop.staging.example.com, staging.example.com",
    }


def test_no_secret_of_another_environment_is_looked_up(monkeypatch):
    asked = []
    for name in ("ssm_parameter", "secretsmanager_secret"):
        plugin = importlib.import_module(f"ansible_collections.amazon.aws.plugins.lookup.{name}").LookupModule
        monkeypatch.setattr(plugin, "run", lambda _self, terms, **_options: asked.append(terms) or ["found"])
    assert footprint([str(INVENTORIES / "aws-production")])
    assert asked == []
    # The negative control: whoever templates all of it does look them up.
    loader = DataLoader()
    manager = InventoryManager(loader=loader, sources=[str(INVENTORIES / "aws-production")])
    raw = VariableManager(loader=loader, inventory=manager).get_vars(host=manager.localhost)
    Templar(loader, variables=raw).template(raw["aws_stack_cache"])
    assert len(asked) == 1


# -- what is declared on AWS ----------------------------------------------------------------------------


def without_lookups(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: without_lookups(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_lookups(inner) for inner in value]
    return "found-where-it-is-kept" if isinstance(value, str) and "lookup(" in value else value


def variables(name: str) -> dict[str, Any]:
    """The templated variables of an inventory on AWS; a stand-in where a secret would be looked up."""
    loader = DataLoader()
    manager = InventoryManager(loader=loader, sources=[str(INVENTORIES / name)])
    raw = VariableManager(loader=loader, inventory=manager).get_vars(host=manager.localhost)
    mine = {key: raw[key] for key in raw if key.startswith(("aws_", "service"))}
    safe = without_lookups(mine)
    return {key: plain(Templar(loader, variables=safe).template(safe[key])) for key in safe}


@pytest.mark.parametrize("name", ON_AWS)
def test_each_concern_takes_what_is_declared(name):
    stack = stack_of(variables(name))
    for concern, section in SECTIONS.items():
        if concern not in stack:
            continue
        result = ArgumentSpecValidator(section.arguments).validate(stack[concern])
        assert (concern, result.error_messages) == (concern, [])


def gaps(name: str, change: Any = lambda _found: None, production: bool = True) -> list[str]:
    found = variables(name)
    change(found)
    environment = {**found["aws_environment"], "production": production}
    return list(missing(environment, looked_at(stack_of(found)), found["service"]["strategy"]))


def test_production_is_what_production_asks_for():
    assert variables("aws-production")["aws_environment"]["production"] is True
    assert gaps("aws-production") == []


def test_staging_is_not_asked_for_it_and_would_not_be_enough():
    assert gaps("aws-staging", production=variables("aws-staging")["aws_environment"]["production"]) == []
    assert [gap.partition(":")[0] for gap in gaps("aws-staging")] == [
        "deletion_protection",
        "compute.size.min",
        "database.multi_az",
        "cache.multi_az",
        "cache.replicas",
        "approval",
    ]


@pytest.mark.parametrize("name", ON_AWS)
def test_capacity_follows_within_the_limit(name):
    found = variables(name)
    assert assessed(found["service_scaling"])["refusal"] == ""
    runs = build(found["service_scaling"], found["service_traffic"])["traces"]
    assert len(runs) == 2
    assert all(run["longest_above_target"] <= found["service_scaling"]["limit"] for run in runs)
