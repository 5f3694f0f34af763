# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.release import release_id

environments = st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3)
releases = st.fixed_dictionaries(
    {"version": st.sampled_from(["1", "2.0.0"]), "digest": st.sampled_from(["sha256:aa", "sha256:bb"])},
    optional={"environment": environments},
)


def identity(release: dict[str, Any]) -> tuple[Any, ...]:
    return release["version"], release["digest"], release.get("environment") or {}


@given(releases, releases)
def test_two_releases_share_an_id_only_when_they_are_the_same(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert (release_id(one) == release_id(two)) == (identity(one) == identity(two))


@given(releases)
def test_order_case_and_type_are_no_difference(release: dict[str, Any]) -> None:
    turned = dict(reversed((release.get("environment") or {}).items()))
    same = {**release, "digest": release["digest"].upper(), "environment": turned, "secrets": {"TOKEN": "x"}}
    assert release_id(same) == release_id(release)


def test_an_environment_variable_is_text() -> None:
    release = {"version": 2, "digest": "sha256:aa", "environment": {"N": 1}}
    assert release_id(release) == release_id({**release, "version": "2", "environment": {"N": "1"}})
    # Written down, for an id that changes with an upgrade would make every release a new one.
    assert release_id(release) == "2-0230393d"


@pytest.mark.parametrize("release", [{}, {"version": "", "digest": "x"}, {"version": "1"}])
def test_what_has_no_identity_is_refused(release: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"expected .*(version|digest)"):
        release_id(release)
