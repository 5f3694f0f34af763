# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bench for the guard: the real one, on a real socket, beside a fake HAProxy; its clock moves when a test says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_haproxy import Bench, Clock, FakeHAProxy  # type: ignore[import-not-found]

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers import armed, guard_code, guard_service
from ansible_collections.seamless.delivery.plugins.module_utils.routers.guard_loop import Guard
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy import HAProxyRouter

BLUE = Split.all_on("blue")
GREEN = Split.all_on("green")
QUARTER = Split(blue=75, green=25)


class Answering(Guard):
    """Answers on its socket in a thread of its own, and looks only when the test calls `look`."""

    def tick(self) -> float:
        return 0.01

    def look(self) -> float:
        return super().tick()


@contextmanager
def answering(
    router: HAProxyRouter,
    state: Path,
    clock: Any,
    log: Callable[[str], object] = lambda _message: None,
    code: str | None = None,
    **more: Any,
) -> Iterator[Answering]:
    """The guard of *router*'s host while the block runs, alive on its socket; attempts run in the caller's thread."""
    path = router.arming._guard.path
    more = {"begin": lambda attempt: attempt(), **more}
    guard = Answering(
        str(state), lambda _service: router, code or guard_code.digest(), "guard of lb1", clock, log, **more
    )
    ready, stop = threading.Event(), threading.Event()
    serve = threading.Thread(
        target=guard_service.serve, args=(guard, path, lambda _state: ready.set(), lambda: not stop.is_set())
    )
    serve.start()
    assert ready.wait(10)
    try:
        yield guard
    finally:
        stop.set()
        serve.join(10)
        Path(path).unlink()


def revert(after: float = 30.0, to: Split = BLUE, rollout: str = "r1") -> armed.Revert:
    return armed.Revert(to, after, rollout)


@dataclass
class Guarded:
    """A bench with its guard; ``log`` is what the guard said."""

    bench: Bench
    guard: Answering
    log: list[str] = field(default_factory=list)

    @property
    def router(self) -> HAProxyRouter:
        return self.bench.router

    @property
    def clock(self) -> Clock:
        return self.bench.clock

    def standing(self) -> armed.Standing:
        return self.router.arming.standing()

    def at(self, moment: float) -> None:
        """It is *moment*, and the guard looks."""
        self.clock.now = moment
        self.guard.look()

    def notes(self) -> list[dict[str, Any]]:
        return list(self.router.state.notes())


@contextmanager
def guarded(folder: Path, make: type[HAProxyRouter] = HAProxyRouter, **more: Any) -> Iterator[Guarded]:
    """A whole bench in *folder*, with a guard, and with routers of a kind that the test may choose."""
    folder.mkdir(exist_ok=True)
    haproxy = FakeHAProxy(folder / "admin.sock")
    split_map = folder / "split.map"
    split_map.write_text("other 1000\n")
    haproxy.map_path = str(split_map)
    clock, state = more.pop("clock", None) or Clock(), folder / "state"
    places = (haproxy.path, str(split_map), str(state), clock, str(folder / "no-master"), str(folder / "guard.sock"))
    bench = Bench(haproxy, make("shop", *places), clock, split_map, state)
    log: list[str] = []
    try:
        with answering(bench.router, state, clock, log.append, **more) as guard:
            yield Guarded(bench, guard, log)
    finally:
        haproxy.close()
