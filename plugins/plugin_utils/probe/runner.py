# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One life of the probe: send until SIGTERM or `max_seconds`, let what is under way end, leave the record whole."""

from __future__ import annotations

import asyncio
import signal

from .config import Config
from .connection import Connector
from .long_lived import LongLived
from .outcome import Shot
from .pace import Schedule, pace, shuffle
from .recorder import Recorder
from .request import Requests
from .rows import Row
from .short import ShortRequests
from .status import Status

FLUSH = 0.5
"""Seconds between flushes of the rows and the status: a SIGKILL costs at most the rows since the last one."""


class Runner:
    """Puts the parts together."""

    def __init__(self, config: Config, recorder: Recorder) -> None:
        self._config = config
        self._recorder = recorder
        self._status = Status(config)
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        connector, requests = Connector(config), Requests(config)
        self._short = ShortRequests(config, connector, requests, self._record)
        self._long = LongLived(config, connector, requests, self._record, self._status.opened, self._stop)
        self._schedule = Schedule(config.rate, self._loop.time())

    async def run(self) -> None:
        """Probe until it is told to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._stop.set)
        reason = "crashed"
        try:
            reason = await self._probe()
        finally:
            self._recorder.close()
            self._write_status(reason)

    async def _probe(self) -> str:
        kinds = shuffle(self._config.mix)
        async with asyncio.TaskGroup() as group:
            writer = group.create_task(self._keep_writing())
            group.create_task(
                pace(
                    self._schedule,
                    lambda since: self._short.send(next(kinds), since),
                    self._status.woke,
                    self._stop,
                )
            )
            held = group.create_task(self._long.run())
            reason = await self._wait_for_end()
            self._stop.set()
            await self._short.finish(self._config.grace)
            await held
            writer.cancel()
        return reason

    async def _wait_for_end(self) -> str:
        try:
            async with asyncio.timeout(self._config.max_seconds):
                await self._stop.wait()
        except TimeoutError:
            return "max_seconds"
        return "stopped"

    async def _keep_writing(self) -> None:
        while True:
            self._recorder.flush()
            self._write_status(None)
            await asyncio.sleep(FLUSH)

    def _write_status(self, ended: str | None) -> None:
        self._status.write(
            in_flight=self._short.in_flight, held=self._long.held, unsent=self._schedule.unsent, ended=ended
        )

    def _record(self, shot: Shot) -> None:
        milliseconds = (self._loop.time() - shot.since) * 1000
        row: Row = (shot.sent, milliseconds, shot.kind, shot.status, shot.release, shot.error)
        self._recorder.add(row)
        self._status.note(shot)


async def run(config: Config, recorder: Recorder) -> None:
    """Run one probe in this event loop."""
    await Runner(config, recorder).run()
