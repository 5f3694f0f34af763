# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A canary amid what goes wrong with others: it is blamed for what is its fault, and for nothing else.

What the judge would do without its rules is in tests/unit/module_utils/rollout/judge/test_unsafe_folds.py: it aborts
releases that are well. Here each trouble meets one that is well, and where that says anything one that is not.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from harness.canary import CONFIRM, back_by_themselves, canary, people, step
from harness.retries import AGAIN, Attempt, Storm
from harness.run import Started
from harness.settled import events, history, settled
from harness.site import BALANCERS, Site
from harness.trouble import Database, live, own_address, unanswered
from harness.users import Users
from harness.verdict import unhurt
from harness.watched import counted, pooled, readings, reported, went_back, went_on

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.burst import burst_factor

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long, pytest.mark.moment]

#: Long enough for what happens in mid-watch to happen before the verdict that ends it.
WATCHED = step(50, least=12, most=150)
MISSING = 15.0  # seconds: judge.missing, as it is by default
NEW_DATABASE, BOTHS_DATABASE = 5433, 5432


@contextmanager
def both(site: Site, rate: int = 100, other_rate: int = 100) -> Iterator[tuple[Users, Users]]:
    """Users of the service's address, and others of the load balancer that does not have it."""
    spare = own_address(site, spare_of(site))
    with people(site, rate, 64) as usual, people(site, other_rate, 64, spare) as others:
        yield usual, others


def spare_of(site: Site) -> str:
    return next(host for host in BALANCERS if host != site.holder())


def calm(*steps: dict[str, Any], more: dict[str, Any] | None = None, **how: Any) -> str:
    """A canary that a busy machine does not end: a way back that nobody confirms is the matter of one test alone."""
    return canary(*steps, more={"confirm_within": 3 * CONFIRM} | (more or {}), **how)


def watching(site: Site, declared: Path, *steps: dict[str, Any], **how: Any) -> Started:
    """A canary that is being watched: users are divided, and both releases were counted."""
    deploying = site.begin("deploy", "-e", f"@{declared}", rollout_service=calm(*(steps or (WATCHED,)), **how))
    deploying.wait_for("against it")
    time.sleep(3)
    return deploying


def failed(users: Users) -> list[tuple[float, str]]:
    """When users sent what failed, and which release's answer it was."""
    return sorted((sent, release) for sent, _ms, _kind, _status, release, error in users.rows() if error)


# -- too little traffic --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        ({"inconclusive": "back"}, "no verdict after 20 s, and inconclusive never promotes"),
        ({"inconclusive": "ask", "pause_limit": 8}, "no verdict after 20 s, nor a person's word 8 s later"),
    ],
)
def test_too_little_traffic_promotes_nobody(site: Site, other: Path, declared: dict[str, Any], why: str) -> None:
    before = history(site)
    with people(site, rate=2, users=8) as users:
        done = site.run("deploy", "-e", f"@{other}", rollout_service=calm(step(20, most=20), rate=2, more=declared))
    watch = went_back(site, done, before.live_release or "", why)
    unhurt(users.saw(), least=40)
    assert watch["word"] == "inconclusive"
    report = site.report()
    assert max(point[report["color"]] for point in report["split"]) == 20, "nobody was moved further"
    assert 0 < watch["requests"] < 100
    assert ("promote.yml or abort.yml?" in done.told) == (declared["inconclusive"] == "ask")


# -- load balancers whose counts cannot be had ---------------------------------------------------


def test_one_exporter_lost_and_a_release_that_is_well_goes_on(site: Site, other: Path) -> None:
    with both(site) as (usual, others):
        lost = spare_of(site)
        deploying = watching(site, other)
        with unanswered(site, lost):
            done = deploying.end()
    watch = went_on(site, done)
    unhurt(usual.saw(), least=1000)
    unhurt(others.saw(), least=1000)
    found = readings(site)
    assert [sample.origin for sample in found[-1].samples] == [site.holder()]
    assert reported(site, watch) == pooled(counted(found)), "what could not be read is counted nowhere"
    assert set(watch["verdict"]["gaps"]) == {lost}
    assert any(line.startswith(f"left out: {lost}: ") for line in watch["lines"])
    assert f"left out: {lost}: " in done.told, "while it went on, too"


def test_one_exporter_lost_and_a_bad_release_is_found_by_the_other(site: Site) -> None:
    before = history(site)
    with Database(site, NEW_DATABASE) as database, both(site) as (usual, others):
        lost = site.holder()
        deploying = watching(site, site.release("6.1.0", environment=database.environment))
        with unanswered(site, lost):
            deploying.wait_for(f"left out: {lost}: ")
            database.stop()
            done = deploying.end()
    watch = went_back(site, done, before.live_release or "", "regressed")
    assert {release.partition("-")[0] for users in (usual, others) for _sent, release in failed(users)} == {"6.1.0"}
    found = readings(site)
    assert counted(found)[lost, site.report()["color"], "errors"] == 0, "the other one alone has told of it"
    assert reported(site, watch) == pooled(counted(found))


def test_both_exporters_lost_and_users_go_back_in_time(site: Site, other: Path) -> None:
    before = history(site)
    with both(site) as (usual, others):
        deploying = watching(site, other)  # by when it may go on, it has long looked well
        with unanswered(site, *BALANCERS):
            lost = time.time()
            done = deploying.end()
    watch = went_back(site, done, before.live_release or "", "nothing can be counted")
    unhurt(usual.saw(), least=1000)
    unhurt(others.saw(), least=1000)
    assert watch["word"] == "inconclusive"
    assert all(f"{host}: no answer from" in watch["why"] for host in BALANCERS)
    gone_back = next(event.at for event in reversed(events(site)) if event.type == "rollback.intended")
    # Each look waits in vain for two seconds: counted in looks, judge.missing would be a minute.
    assert MISSING - 1 <= gone_back - lost <= 2 * MISSING


# -- HAProxy reloaded ----------------------------------------------------------------------------


def test_a_reload_in_mid_watch_fills_nothing_in_and_blames_nobody(site: Site, other: Path) -> None:
    with both(site) as (usual, others):
        deploying = watching(site, other, step(50, least=25, most=150))
        for host in BALANCERS:
            site.sh(host, "systemctl reload haproxy")
        for host in BALANCERS:
            assert site.router(host, "router.arming.standing().armed is not None"), "the way back is still armed"
        done = deploying.end()
    watch = went_on(site, done)
    unhurt(usual.saw(), least=1000)
    unhurt(others.saw(), least=1000)
    found = readings(site)
    lives = {(sample.origin, sample.incarnation) for reading in found for sample in reading.samples}
    assert sorted(origin for origin, _life in lives) == sorted(BALANCERS * 2)
    assert reported(site, watch) == pooled(counted(found))
    for host in BALANCERS:
        assert f"left out: {host}: its counters began anew" in done.told
        assert any(line.startswith(f"left out before: {host}: 1 of ") for line in watch["lines"])


def test_a_reload_hides_no_bad_release(site: Site) -> None:
    before = history(site)
    with Database(site, NEW_DATABASE) as database, both(site):
        deploying = watching(site, site.release("6.2.0", environment=database.environment))
        for host in BALANCERS:
            site.sh(host, "systemctl reload haproxy")
        database.stop()
        done = deploying.end()
    watch = went_back(site, done, before.live_release or "", "regressed")
    assert reported(site, watch) == pooled(counted(readings(site)))


def test_after_a_reload_silence_still_means_back(site: Site, other: Path) -> None:
    before = history(site)
    with people(site, rate=100) as users:
        silent = {"confirm_within": CONFIRM}
        deploying = watching(site, other, step(25, least=600, most=900), more=silent)
        for host in BALANCERS:
            site.sh(host, "systemctl reload haproxy")
        deploying.kill()
        killed = time.time()
        deploying.end()
        back_by_themselves(site, killed)
    unhurt(users.saw(), least=500)
    site.must("converge")
    settled(site, before.live_release or "")


# -- the service itself is down ------------------------------------------------------------------


@contextmanager
def sharing(site: Site, other: Path) -> Iterator[tuple[Database, Path]]:
    """Users have a release that needs a database, and another one that needs the same is to be released."""
    with ExitStack() as stack:
        database = stack.enter_context(Database(site, BOTHS_DATABASE))
        old, new = (site.release(version, environment=database.environment) for version in ("5.1.0", "5.2.0"))
        stack.enter_context(live(site, old, other))
        yield database, new


def test_an_outage_of_both_is_blamed_on_the_service_and_on_no_release(site: Site, other: Path) -> None:
    """First one that does not end in time, then one of 20 s. The probe, whose gate would end both, has no say."""
    unbound = {"max_failed": None}
    with sharing(site, other) as (database, new):
        before = history(site)
        with people(site):
            deploying = watching(site, new, step(50, least=8, most=25), more=unbound)
            database.stop()
            done = deploying.end()
        watch = went_back(site, done, before.live_release or "", "the service itself is failing")
        assert watch["word"] == "inconclusive"
        assert watch["verdict"]["service_down"]
        assert "regressed" not in done.told
        database.start()

        with people(site) as users:
            deploying = watching(site, new, more=unbound)
            down = time.time()
            database.stop()
            deploying.wait_for("the service itself is failing", seconds=15)
            time.sleep(max(0.0, down + 20 - time.time()))
            assert deploying.alive(), "nobody is blamed for it"
            database.start()
            up = time.time()
            done = deploying.end()
        watch = went_on(site, done)
        hurt = failed(users)
        assert {release.partition("-")[0] for _sent, release in hurt} == {"5.1.0", "5.2.0"}, "an outage of both"
        assert down - 1 <= hurt[0][0]
        assert hurt[-1][0] <= up + 1
        assert min(counts["errors"] for counts in watch["colors"].values()) > 100
        assert reported(site, watch) == pooled(counted(readings(site)))


# -- clients that send again what failed ---------------------------------------------------------


def scatter(attempts: list[Attempt], seconds: float = 0.5) -> float:
    """The factor of docs/judge.md, of two halves of the users, as large as a canary of 50 %."""
    windows: dict[int, list[list[int]]] = {}
    for attempt in attempts:
        slices = windows.setdefault(int(attempt.at / seconds), [[0, 0], [0, 0]])[attempt.user % 2]
        slices[0] += 1
        slices[1] += attempt.status >= 500
    factor = burst_factor([[(n, m) for n, m in slices] for slices in windows.values()])
    assert factor is not None, f"{len(windows)} windows are too few"
    return factor


def test_a_storm_of_retries_aborts_nobody_where_its_bursts_are_declared(site: Site, other: Path) -> None:
    """Each user who is refused is so for a moment, and asks five times more in it: with either release."""
    moments = {"STANDIN_ERRORS": "0.02", "STANDIN_ERRORS_LAST": "0.25"}
    old, new = (site.release(version, environment=moments) for version in ("5.3.0", "5.4.0"))
    with live(site, old, other), Storm(site.address, site.ca_file) as storm:
        storm.attempts.clear()
        time.sleep(110)
        measured = list(storm.attempts)
        burst = scatter(measured)
        first = scatter([attempt for attempt in measured if attempt.number == 0])
        assert first < 2 < burst, "it is the retries that come in bursts"
        done = watching(site, new, step(50, least=8, most=200), more={"max_failed": None}, burst=round(burst, 1)).end()
        watch = went_on(site, done)
        assert max(attempt.number for attempt in storm.attempts) == AGAIN
        for arm in ("canary", "baseline"):
            assert watch["verdict"][arm]["errors"] > 0.04 * watch["verdict"][arm]["requests"], "a storm, on both"
        assert reported(site, watch) == pooled(counted(readings(site)))


# -- one load balancer with ten times the traffic of the other -----------------------------------


def test_ten_times_the_traffic_on_one_load_balancer_is_pooled(site: Site, other: Path) -> None:
    with both(site, 200, 20) as (usual, others):
        busy, quiet = site.holder(), spare_of(site)
        deploying = watching(site, other)
        done = deploying.end()
    watch = went_on(site, done)
    unhurt(usual.saw(), least=1000)
    unhurt(others.saw(), least=100)
    sums = counted(readings(site))
    assert reported(site, watch) == pooled(sums)
    for color in ("blue", "green"):
        assert sums[busy, color, "requests"] > 5 * sums[quiet, color, "requests"] > 0


def test_what_fails_only_where_there_is_little_traffic_is_found(site: Site) -> None:
    """The checkout, say, which only users of the second load balancer ask for: every eleventh request."""
    before = history(site)
    bad = site.release("6.3.0", environment={"STANDIN_ERRORS": "1", "STANDIN_ERRORS_AT": "/checkout"})
    paths = {"keep_alive": ["/checkout"], "new_connection": "/checkout"}
    quiet = spare_of(site)
    with people(site) as usual, people(site, 20, 32, own_address(site, quiet), paths=paths) as others:
        done = site.run("deploy", "-e", f"@{bad}", rollout_service=calm(step(50)))
    watch = went_back(site, done, before.live_release or "", "regressed")
    unhurt(usual.saw(), least=1000)
    hurt = failed(others)
    assert 0 < len(hurt) < 100
    sums, new = counted(readings(site)), site.report()["color"]
    assert reported(site, watch) == pooled(sums)
    errors = {host: sums[host, new, "errors"] for host in BALANCERS}
    assert errors == {quiet: reported(site, watch)[new, "errors"], site.holder(): 0}


# -- a person who does not come ------------------------------------------------------------------


def test_an_approval_that_nobody_gives_takes_users_back(site: Site, other: Path) -> None:
    before = history(site)
    with people(site) as users:
        gated = step(50, {"type": "approval", "within": 6})
        done = site.run("deploy", "-e", f"@{other}", rollout_service=calm(gated))
    watch = went_back(site, done, before.live_release or "", "nobody approved within 6 s")
    unhurt(users.saw(), least=1000)
    assert watch["word"] == "healthy", "all the rest held"
    assert "a person has to approve" in done.told
    assert [
        event for event in events(site) if event.rollout == site.report()["rollout"] and event.type == "rollout.asked"
    ] == []
