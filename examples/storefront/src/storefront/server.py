# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One process, from its start to its end.

At SIGTERM: readiness fails at once; for `grace` seconds all is answered as ever, on connections that then close; the
listening socket closes, websockets get 1001, requests in flight have `stop` seconds to end.
"""

from __future__ import annotations

import asyncio
import signal

from aiohttp import web

from .app import create_app
from .config import Config
from .observability import log
from .shop import SHOP

LAST_WORDS = 1.0
"""Seconds before the end at which streams are told to end by themselves: with a last chunk, not a broken one."""
BACKLOG = 1024


async def serve(config: Config) -> None:
    """Serve until SIGTERM or SIGINT. Raises StartCrash, OSError (address in use, data not writable), sqlite3.Error."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await config.faults.start(stop)
    app = create_app(config)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=config.stop)
    await runner.setup()
    try:
        await web.TCPSite(runner, config.host, config.port, backlog=BACKLOG).start()
        log.info("serving", extra={"fields": {"host": config.host, "port": config.port, "color": config.color}})
        await stop.wait()
        log.info("stopping: not ready any more")
        lifecycle = app[SHOP].lifecycle
        lifecycle.stopping = True
        await asyncio.sleep(config.grace)
        loop.call_later(max(0.0, config.stop - LAST_WORDS), lifecycle.ending.set)
    finally:
        await runner.cleanup()
    log.info("stopped")
