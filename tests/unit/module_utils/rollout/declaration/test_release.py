# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The release: its identity, its environment, and that no secret gets into either or into a message."""

from __future__ import annotations

import pytest


def release(declared, **changes):
    declaration = declared()
    declaration["release"] |= changes
    return declaration


def test_the_id_is_computed_from_text(declared, check):
    numbers = check(release(declared, environment={"RATE": 1}))
    texts = check(release(declared, environment={"RATE": "1"}))
    assert numbers.release == texts.release
    assert numbers.release["environment"] == {"RATE": "1"}
    assert numbers.release["id"].startswith("2.0.0-")


def test_an_id_that_is_not_the_release_s_own_is_refused(declared, check):
    (problem,) = check(release(declared, id="2.0.0-00000000")).problems
    assert problem.path == "release.id"


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "api_token", "CLIENT_SECRET", "API_KEY", "APIKEY", "SIGNING_KEYS", "AWS_CREDENTIALS", "KEY"]
)
def test_what_is_called_a_secret_is_refused_and_not_shown(declared, check, name):
    (problem,) = check(release(declared, environment={name: "hunter2"})).problems
    assert problem.path == f"release.environment.{name}"
    assert problem.hint == f"move {name} to release_secrets"
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize("name", ["KEYBOARD", "API_TOKEN_FILE", "TOKEN_TTL", "KEYSTORE_PATH"])
def test_what_only_points_at_a_secret_is_none(declared, check, name):
    assert check(release(declared, environment={name: "x"})).problems == []


@pytest.mark.parametrize("value", ["postgresql://shop:hunter2@db/shop", "redis://:hunter2@cache:6379"])
def test_a_password_in_a_url_is_a_secret(declared, check, value):
    (problem,) = check(release(declared, environment={"DATABASE_URL": value})).problems
    assert "hunter2" not in str(problem)
    assert check(release(declared, environment={"DATABASE_URL": "postgresql://shop@db:5432/shop"})).problems == []


@pytest.mark.parametrize(("environment", "path"), [
    ({"DEBUG": True}, "release.environment.DEBUG"),
    ({"LIST": [1]}, "release.environment.LIST"),
    ({"NONE": None}, "release.environment.NONE"),
    ({"TEXT": "hunter2\nhunter3"}, "release.environment.TEXT"),
    ({"1ST": "x"}, "release.environment.1ST"),
    ({"RELEASE_ID": "x"}, "release.environment.RELEASE_ID"),
    ("A=1", "release.environment"),
])  # fmt: skip
def test_what_no_environment_can_hold(declared, check, environment, path):
    (problem,) = check(release(declared, environment=environment)).problems
    assert problem.path == path
    assert "hunter" not in str(problem)


def test_names_of_secrets(declared, check):
    found = check(declared(), secret_names=("API_TOKEN", "GREETING", "bad name", "PORT")).problems
    assert [problem.path for problem in found] == [
        "release_secrets.GREETING",
        "release_secrets.bad name",
        "release_secrets.PORT",
    ]


@pytest.mark.parametrize(
    ("key", "value"), [("digest", "0a" * 32), ("digest", f"sha256:{'0A' * 32}"), ("version", "../2")]
)
def test_what_a_release_is_not(declared, check, key, value):
    (problem,) = check(release(declared, **{key: value})).problems
    assert problem.path == f"release.{key}"


def test_a_release_that_is_no_mapping(declared, check):
    (problem,) = check({**declared(), "release": "2.0.0"}).problems
    assert problem.path == "release"
