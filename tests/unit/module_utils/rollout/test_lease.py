# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ansible_collections.seamless.delivery.plugins.module_utils.rollout import lease as leases
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.lease import Lease, LeaseError

ALICE = {"name": "alice", "host": "control", "pid": 1}
BOB = {"name": "bob", "host": "laptop", "pid": 2, "job": "17"}
CAROL = {"name": "carol", "host": "ci", "pid": 3}


class Operators(RuleBasedStateMachine):
    """Three operators do whatever they like, in any order and at any time; each keeps the fence that it was given."""

    check = staticmethod(leases.check)

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.lease: Lease | None = None
        self.fences: dict[str, int] = {}
        self.highest = 0

    @rule(
        who=st.sampled_from([ALICE, BOB, CAROL]),
        ttl=st.floats(0.1, 100),
        takeover=st.none() | st.just("it is dead"),
        floor=st.integers(0, 20),
    )
    def acquire(self, who: dict[str, Any], ttl: float, takeover: str | None, floor: int) -> None:
        held = self.lease is not None and self.lease.held(self.now)
        before = self.lease
        try:
            self.lease = leases.acquire(self.lease, who, self.now, ttl, takeover=takeover, floor=floor)
        except LeaseError:
            assert held
            assert before is not None
            assert before.holder != who
            assert takeover is None
            return
        if held and before is not None and before.holder == who and before.fence >= floor:
            assert self.lease.fence == before.fence
        else:
            assert self.lease.fence > max(self.highest, floor)
        assert self.lease.held(self.now)
        self.fences[who["name"]] = self.lease.fence

    @rule(who=st.sampled_from(["alice", "bob", "carol"]), ttl=st.floats(0.1, 100), back=st.booleans())
    def renew_or_give_back(self, who: str, ttl: float, back: bool) -> None:
        fence, before = self.fences.get(who, 0), self.lease
        try:
            if back:
                self.lease = leases.release(self.lease, fence, self.now)
            else:
                self.lease = leases.renew(self.lease, fence, self.now, ttl)
        except LeaseError:
            return
        assert before is not None
        assert before.fence == fence == self.lease.fence
        assert self.lease.expires_at >= before.expires_at

    @rule(seconds=st.floats(0, 200))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def fences_only_grow(self) -> None:
        found = 0 if self.lease is None else self.lease.fence
        assert found >= self.highest
        self.highest = found

    @invariant()
    def at_most_one_may_write(self) -> None:
        allowed = []
        for name, fence in self.fences.items():
            try:
                self.check(self.lease, fence, self.now)
            except LeaseError:
                continue
            allowed.append(name)
        assert len(allowed) <= 1, f"{allowed} may all write"


EFFORT = settings(max_examples=50, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))


def test_however_operators_meet_one_writes_and_fences_grow() -> None:
    run_state_machine_as_test(Operators, settings=EFFORT)


def test_the_same_operators_catch_a_check_that_forgets_the_fence() -> None:
    class Careless(Operators):
        @staticmethod
        def check(lease: Lease | None, fence: int, now: float) -> None:
            if lease is None or not lease.held(now):
                raise LeaseError

    with pytest.raises(AssertionError, match="may all write"):
        run_state_machine_as_test(Careless, settings=EFFORT)


def test_somebody_elses_lease_is_told_with_how_to_take_it() -> None:
    held = leases.acquire(None, BOB, 1000.0, 60)
    with pytest.raises(LeaseError) as refused:
        leases.acquire(held, ALICE, 1030.0, 60)
    told = str(refused.value)
    assert "bob on laptop (process 2, job 17) holds the lease with fence 1" in told
    assert "since 1970-01-01 00:16:40 UTC, for another 30 s (until 1970-01-01 00:17:40 UTC)" in told
    assert '-e \'{"rollout_takeover": "<your reason>"}\'' in told


def test_a_lease_that_ran_out_is_free_and_one_in_its_last_moment_is_not() -> None:
    held = leases.acquire(None, BOB, 1000.0, 60)
    assert leases.acquire(held, ALICE, 1060.0, 60).fence == 2
    with pytest.raises(LeaseError, match="bob"):
        leases.acquire(held, ALICE, 1059.999, 60)


def test_a_takeover_is_bound_to_the_lease_that_was_looked_at() -> None:
    held = leases.acquire(None, BOB, 1000.0, 60)
    assert leases.acquire(held, ALICE, 1001.0, 60, takeover="dead", takeover_fence=1).fence == 2
    with pytest.raises(LeaseError, match=r"changed hands meanwhile \(fence 7 was expected, found 1\)"):
        leases.acquire(held, ALICE, 1001.0, 60, takeover="dead", takeover_fence=7)


def test_renewing_never_shortens_and_works_after_the_expiry_when_nobody_took_it() -> None:
    held = leases.acquire(None, BOB, 1000.0, 60)
    assert leases.renew(held, 1, 1010.0, 5).expires_at == 1060.0
    assert leases.renew(held, 1, 2000.0, 5).expires_at == 2005.0
    doing = leases.renew(held, 1, 2000.0, 5, "watch-1")
    assert (doing.doing, leases.Lease.from_dict(doing.as_dict())) == ("watch-1", doing)
    assert leases.renew(doing, 1, 2001.0, 5).doing == "", "whoever says nothing is at nothing"


def test_who_lost_the_lease_is_told_so() -> None:
    taken = leases.acquire(leases.acquire(None, BOB, 1000.0, 60), ALICE, 1001.0, 60, takeover="dead")
    with pytest.raises(LeaseError, match="fence 1 was overtaken by fence 2: alice on control"):
        leases.renew(taken, 1, 1002.0, 60)
    with pytest.raises(LeaseError, match="nobody has acquired the lease, yet fence 1"):
        leases.check(None, 1, 1002.0)
    back = leases.release(taken, 2, 1010.0)
    had = r"alice on control \(process 1\) had the lease with fence 2 from 1970-01-01 00:16:41 UTC to 1970-01-01"
    with pytest.raises(LeaseError, match=f"fence 1 was overtaken by fence 2: {had} 00:16:50 UTC\\."):
        leases.check(back, 1, 1011.0)


def test_a_lease_is_given_back_once_however_often_it_is_said() -> None:
    back = leases.release(leases.acquire(None, BOB, 1000.0, 60), 1, 1010.0)
    assert back.released_at == 1010.0
    assert leases.release(back, 1, 1020.0) == back
    assert not back.held(1011.0)
    with pytest.raises(LeaseError, match="given back at 1970-01-01 00:16:50 UTC: acquire the lease again"):
        leases.check(back, 1, 1011.0)
    with pytest.raises(LeaseError, match="overtaken"):
        leases.release(back, 0, 1020.0)
    assert leases.acquire(back, ALICE, 1011.0, 60).fence == 2


def test_a_lease_needs_time_to_live() -> None:
    with pytest.raises(ValueError, match="above 0 seconds, but found 0"):
        leases.acquire(None, BOB, 1000.0, 0)


@given(st.integers(1, 99), st.floats(0, 1e9), st.none() | st.floats(0, 1e9))
def test_json_carries_a_lease_whole(fence: int, at: float, released: float | None) -> None:
    lease = Lease(fence, BOB, at, at + 1, released)
    assert Lease.from_dict(lease.as_dict()) == lease


def test_a_holder_of_whom_little_is_known_is_described_all_the_same() -> None:
    assert "somebody on an unknown host (process unknown)" in leases.described(Lease(1, {}, 0.0, 1.0), 5.0)
