# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever single mistake is made in a right declaration, it is found at its place, and nothing else is said."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

DATE = datetime.date(2026, 1, 1)  # what YAML makes of 2026-01-01
QUERIES = ("match", "requests", "errors", "buckets", "started", "color", "route", "origin", "blue", "green")
NULLABLE = ("ca_file", "cookie", "bucket_cookie", "contains", *QUERIES)
MAY_BE_EMPTY = ("routes",)


def ways(tree, way=()):
    """Every way to a value of *tree*, inner ones included."""
    yield way
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for part, inner in items:
        yield from ways(inner, (*way, part))


def inner(tree, way):
    for part in way:
        tree = tree[part]
    return tree


def path(way):
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in way).lstrip(".")


def wrong_for(way, value):
    """Values that are wrong where *value* is right."""
    if isinstance(value, dict):
        return ["text", 1, True, ["x"], DATE, None]
    if isinstance(value, list):
        return [1, True, DATE, {}, None] + ([] if way[-1] in MAY_BE_EMPTY else [[]])
    if isinstance(value, bool):
        return ["yes", 1, [], {}, DATE, None]
    if isinstance(value, (int, float)):
        return [str(value), True, -1, 10**9, float("nan"), [], {}, DATE, None]
    texts = [1, True, [], {}, DATE] + ([] if way[-1] in NULLABLE else [None])
    return texts if way[-1] == "post_body" else [*texts, "", "\n"]


@given(data=st.data())
def test_a_wrong_value_is_found_at_its_place(declared, check, data):
    declaration = declared()
    del declaration["release"]["environment"]  # takes texts and numbers alike: test_release.py
    way = data.draw(st.sampled_from([way for way in ways(declaration) if way]))
    value = data.draw(st.sampled_from(wrong_for(way, inner(declaration, way))))
    if way == ("release",) and value is None:
        return
    inner(declaration, way[:-1])[way[-1]] = value
    assert {problem.path for problem in check(declaration).problems} == {path(way)}


@given(data=st.data())
def test_an_unknown_key_is_found_at_its_place(declared, check, data):
    declaration = declared()
    mappings = [way for way in ways(declaration) if way and isinstance(inner(declaration, way), dict)]
    way = data.draw(st.sampled_from([way for way in mappings if way != ("release", "environment")]))
    known = {"id", "contains", *inner(declaration, way)}
    name = data.draw(st.from_regex(r"\A[a-z_]{1,12}\Z").filter(lambda name: name not in known))
    inner(declaration, way)[name] = "hunter2"
    (problem,) = check(declaration).problems
    assert problem.path == path((*way, name))
    assert problem.found == "an unknown key"
    assert "hunter2" not in str(problem)


@given(data=st.data())
def test_a_missing_key_is_found_or_filled_in(declared, check, data):
    declaration = declared()
    leaves = [way for way in ways(declaration) if way and isinstance(way[-1], str)]
    way = data.draw(st.sampled_from([way for way in leaves if way not in (("service",), ("release",))]))
    del inner(declaration, way[:-1])[way[-1]]
    outcome = check(declaration)
    if not outcome.problems:
        again = check({"service": outcome.service, "release": outcome.release})
        assert (again.service, again.release, again.problems) == (outcome.service, outcome.release, [])
    else:
        assert all(problem.path.startswith(path(way)) for problem in outcome.problems)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)


@given(st.recursive(SCALARS, lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=9), each)))
def test_nothing_makes_the_check_itself_fail(check, anything):
    assert check({"service": anything, "release": anything}, secret_names=("",)).problems
    assert check({"service": {"pools": anything, "entry": anything, "probe": anything, "strategy": anything}}).problems
