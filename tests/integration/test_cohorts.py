# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who sees which release while users are divided: 10,000 users of a real HAProxy, none of whom flips back."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from balancing import BALANCERS, addresses
from browsers import HOST, Answer, Browser, visit
from haproxy_lab import Lab

pytestmark = pytest.mark.lab

BUCKET = "seamless_bucket"
CHANCE = random.Random(7)  # the same users in each run, whatever the order of the tests


def session() -> str:
    return f"{CHANCE.getrandbits(96):024x}"


def divide(lab: Lab, green: int) -> None:
    """Both load balancers give green so many percent of users."""
    with ThreadPoolExecutor() as threads:
        for done in threads.map(lambda host: lab.write(host, green), BALANCERS):
            assert "refused" not in done, done


def ask(lab: Lab, browsers: list[Browser], path: str = "/", more: str = "") -> list[Answer]:
    answers = visit(list(addresses(lab).values()), lab.ca_file, browsers, path, more)
    assert {answer.status for answer in answers} == {200}
    return answers


def grow(lab: Lab, browsers: list[Browser], shares: tuple[int, ...]) -> Iterator[tuple[int, set[int], int]]:
    """For each share: it, who is on green, and how many went back to blue. Every other session is another each time."""
    before: set[int] = set()
    for number, share in enumerate(shares):
        divide(lab, share)
        if number:
            for browser in browsers[::2]:
                browser.cookies["sid"] = session()
        answers = ask(lab, browsers)
        now = {index for index, answer in enumerate(answers) if answer.release == "green"}
        yield share, now, len(before - now)
        before = now


@pytest.fixture(autouse=True)
def on_blue(balanced: Lab) -> None:
    """All pools are up, and all users on blue."""
    deadline = time.monotonic() + 10
    while min(balanced.router(host, "min(p.healthy for p in router.pools().values())") for host in BALANCERS) < 2:
        assert time.monotonic() < deadline, "the pools do not become healthy"
        time.sleep(0.25)
    divide(balanced, 0)


@pytest.fixture
def without_bucket(balanced: Lab) -> Iterator[None]:
    """As clients.bucket_cookie null has it: without those lines (tests/unit/roles holds the two equal)."""
    lines = "cp -p /etc/haproxy/haproxy.cfg /run/with; sed -i /seamless_bucket/d /etc/haproxy/haproxy.cfg"
    for host in BALANCERS:
        balanced.sh(host, f"{lines}; systemctl reload haproxy")
    yield
    for host in BALANCERS:
        balanced.sh(host, "cp -p /run/with /etc/haproxy/haproxy.cfg; systemctl reload haproxy")


@pytest.mark.parametrize("number", [2_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_growing_split_moves_users_one_way_alone(balanced: Lab, number: int) -> None:
    browsers = [Browser({"sid": session()}) for _user in range(number)]
    for share, now, back in grow(balanced, browsers, (1, 5, 25, 50, 100)):
        assert back == 0, f"{back} users flipped back to blue at {share} % green"
        deviation = (number * share / 100 * (1 - share / 100)) ** 0.5
        assert abs(len(now) - number * share / 100) <= 4 * deviation, f"{len(now)} of {number} users at {share} %"
    assert all(BUCKET in browser.cookies for browser in browsers)


def test_without_the_cookie_sessions_that_change_flip(balanced: Lab, without_bucket: None) -> None:
    """The negative control: the same harness, without what it shall prove."""
    browsers = [Browser({"sid": session()}) for _user in range(1000)]
    # Half of them have another session: a quarter was on green, and half of those are not any more; 62 of 500.
    assert sum(back for _share, _now, back in grow(balanced, browsers, (25, 50))) > 20


def first_visits(lab: Lab) -> list[set[str]]:
    """Users who come without a cookie, and have a session from then on: the releases that each has seen."""
    divide(lab, 50)
    browsers = [Browser() for _user in range(60)]
    seen: list[set[str]] = [set() for _user in browsers]
    for _visit in range(3):
        for releases, answer in zip(seen, ask(lab, browsers), strict=True):
            releases.add(answer.release)
        for browser in browsers:
            browser.cookies.setdefault("sid", session())  # the application's own cookie, of the first answer
    return seen


def test_a_first_visit_is_no_other_side_than_the_second(balanced: Lab) -> None:
    assert all(len(releases) == 1 for releases in first_visits(balanced))


def test_without_the_cookie_a_new_session_flips(balanced: Lab, without_bucket: None) -> None:
    """The negative control: about half of them do."""
    assert sum(len(releases) > 1 for releases in first_visits(balanced)) > 10


def test_the_bucket_is_sent_only_to_users_who_are_divided_and_once_a_day(balanced: Lab) -> None:
    (whole,) = ask(balanced, [Browser({"sid": "a"})])
    assert not any(BUCKET in cookie for cookie in whole.set_cookies), "nobody is divided at 0 %"
    divide(balanced, 50)
    browser = Browser({"sid": "a"})
    (first,), (second,) = ask(balanced, [browser]), ask(balanced, [browser])
    (cookie,) = [cookie for cookie in first.set_cookies if cookie.startswith(BUCKET)]
    assert cookie.partition("; ")[2] == "Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax"
    assert first.headers["cache-control"] == "private"
    assert not any(BUCKET in cookie for cookie in second.set_cookies)
    bucket, today = browser.cookies[BUCKET].split(".")
    assert int(today) == int(time.time()) // 86400
    for kept, given in (
        (f"{bucket}.{int(today) - 29}", f"{bucket}.{today}"),  # kept, for another 30 days
        ("12345.1", f"{bucket}.{today}"),  # what we never sent is nothing: the session decides
        ("7", f"{bucket}.{today}"),
    ):
        again = Browser({"sid": "a", BUCKET: kept})
        ask(balanced, [again])
        assert again.cookies[BUCKET] == given
    divide(balanced, 100)
    late = Browser({"sid": "a"})
    ask(balanced, [late])
    assert BUCKET not in late.cookies, "nobody is divided at 100 %"


def test_what_a_cache_may_keep_for_all_carries_no_bucket(balanced: Lab) -> None:
    browser = Browser({"sid": "a"})
    ask(balanced, [browser])  # from now on it has a member of its own, and no answer sets that cookie again
    divide(balanced, 50)
    for _color in range(2):  # the first answer of green gives it a member there, too
        (asset,) = ask(balanced, [browser], "/asset")
    assert asset.headers["cache-control"] == "public, max-age=60"
    assert not any(BUCKET in cookie for cookie in asset.set_cookies)


def test_a_tester_chooses_by_cookie_and_is_no_user(balanced: Lab) -> None:
    divide(balanced, 50)
    for color in ("blue", "green"):
        tester = Browser({"sid": "a", "seamless_color": color})
        (answer,) = ask(balanced, [tester])
        assert answer.release == color
        assert BUCKET not in tester.cookies
    (other,) = ask(balanced, [Browser({"seamless_color": "blue"})], more="X-Seamless-Color: green\r\n")
    assert other.release == "green", "the header says it of one request, the cookie of all"


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        ("seamless_color=green", None),
        ("a=1; seamless_color=green; b=2", "a=1; b=2"),
        ("seamless_color=green; b=2", "b=2"),
        ("a=1;seamless_color=green", "a=1"),
        ("seamless_color=green; seamless_color=green; xseamless_color=1", "xseamless_color=1"),
    ],
)
def test_from_anywhere_else_the_testers_cookie_is_taken_away(balanced: Lab, sent: str, left: str | None) -> None:
    curl = f"curl -sk -H 'Host: {HOST}' -H 'Cookie: {sent}' https://{addresses(balanced)['lb1']}/headers"
    head = balanced.sh("app1", f"{curl} -D /run/answer; cat /run/answer")
    cookies = [line.partition(": ")[2].strip() for line in head.splitlines() if line.lower().startswith("cookie:")]
    assert cookies == ([left] if left else [])
    assert "x-release: blue" in head.lower()


@pytest.mark.parametrize(
    "sent",
    [
        ["X-Seamless-Color: green"],
        ["x-seamless-color: GREEN"],
        ["X-Seamless-Color: green", "X-Seamless-Color: green"],
        ["X-Seamless-Color: green, green"],
        ["X-Seamless-Color-Member: app2"],
        ["X-Seamless-Color: green", "X-Seamless-Color-Member: app4"],
        ["X-Seamless-Color: blue", "X-Seamless-Color-Member: app2"],
    ],
)
def test_from_anywhere_else_the_testers_headers_are_taken_away(balanced: Lab, sent: list[str]) -> None:
    headers = " ".join(f"-H '{header}'" for header in [f"Host: {HOST}", *sent])
    urls = " ".join([f"https://{addresses(balanced)['lb1']}/headers"] * 8)
    lines = balanced.sh("app1", f"curl -sik {headers} {urls}").lower().splitlines()
    assert not any(line.startswith("x-seamless-color") for line in lines), "no member sees what a stranger sent"
    assert lines.count("x-release: blue") == 8
    assert len({line for line in lines if line.startswith("x-member:")}) == 2, "nor is one of them chosen"


@pytest.mark.parametrize(("color", "member"), [("green", "app3"), ("green", "app4"), ("blue", "app2")])
def test_a_tester_chooses_one_member_by_header(balanced: Lab, color: str, member: str) -> None:
    """What makes the test above one that can fail."""
    more = f"X-Seamless-Color: {color}\r\nX-Seamless-Color-Member: {member}\r\n"
    for answer in ask(balanced, [Browser() for _user in range(8)], "/headers", more):
        assert (answer.release, answer.headers["x-member"].rpartition("-")[2]) == (color, member)
        assert "x-seamless-color-member" not in answer.body.lower()


def test_a_sticky_user_stays_on_one_member_of_each_color(balanced: Lab) -> None:
    browsers = [Browser({"sid": session()}) for _user in range(20)]
    members: dict[str, list[list[str]]] = {}
    for color, share in (("blue", 0), ("green", 100), ("blue", 0)):
        divide(balanced, share)
        for _visit in range(3):
            for index, answer in enumerate(ask(balanced, browsers)):
                members.setdefault(color, [[] for _user in browsers])[index].append(answer.headers["x-member"])
    assert all(len(set(seen)) == 1 for users in members.values() for seen in users), json.dumps(members)
    assert {seen[0] for seen in members["blue"]} == {f"{balanced.name}-app1", f"{balanced.name}-app2"} or {
        seen[0] for seen in members["blue"]
    } == {"app1", "app2"}, "there is more than one member to stay on"
    (_blue, sent) = ask(balanced, [browsers[0], browsers[1]], "/headers")
    assert "seamless_blue" not in sent.body, "what is between HAProxy and its user stays there"
