# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever single mistake is made in a right declaration, it is found at its place, and nothing else is said."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

#: Not in this list: what is right for the kind at hand (see _right).
WRONG = (None, True, "", "\n", -1, 1.5, 10**9, [], ["x", -1], {}, {"x": 1}, datetime.date(2026, 1, 1))


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


def _right(way, value):
    """Whether *value* is a right one at *way*, or wrong in more than one place."""
    nullable = {"ca_file", "cookie", "contains", "release"}
    numbers = {"interval", "max_slow_percent", "rate", "timeout", "grace", "deadline", "duration", "commit_delay"}
    numbers |= {"stream_seconds", "websocket_seconds", "start_deadline", "slow_ms", "tolerance_ms", "max_seconds"}
    key = way[-1] if way else ""
    return (
        isinstance(value, dict)  # a mapping has keys of its own, which are wrong: the next test
        or (value is None and key in nullable)
        or (value is True and key in ("tls", "verify"))
        or (value == 1.5 and key in (numbers | set("keep_alive new_connection slow post".split())))
        or (isinstance(value, (int, float)) and way[:2] == ("release", "environment"))
        or (isinstance(value, str) and key in ("post_body",))
        or (value == "" and way[:2] == ("release", "environment"))
        or (isinstance(value, list) and value and isinstance(key, str))
    )


@given(data=st.data())
def test_a_wrong_value_is_found_at_its_place(declared, check, data):
    declaration = declared()
    way = data.draw(st.sampled_from([way for way in ways(declaration) if len(way) > 0 and way != ("release",)]))
    value = data.draw(st.sampled_from([wrong for wrong in WRONG if not _right(way, wrong)]))
    inner(declaration, way[:-1])[way[-1]] = value
    if way == ("release", "environment") and not isinstance(value, dict):
        assert path(way) in [problem.path for problem in check(declaration).problems]
        return
    assert {problem.path for problem in check(declaration).problems} == {path(way)}


@given(data=st.data())
def test_an_unknown_key_is_found_at_its_place(declared, check, data):
    declaration = declared()
    mappings = [way for way in ways(declaration) if way and isinstance(inner(declaration, way), dict)]
    way = data.draw(st.sampled_from([way for way in mappings if way != ("release", "environment")]))
    name = data.draw(st.from_regex(r"\A[a-z_]{1,12}\Z").filter(lambda name: name not in inner(declaration, way)))
    if (way, name) in ((("release",), "id"),) or (way[1:2] == ("smoke",) and name == "contains"):
        return
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
        assert path(way) in {problem.path for problem in outcome.problems}


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)))  # fmt: skip
def test_nothing_makes_the_check_itself_fail(check, anything):
    assert check({"service": anything, "release": anything}, secret_names=("",)).problems
    assert check({"service": {"pools": anything, "entry": anything, "probe": anything, "strategy": anything}}).problems
