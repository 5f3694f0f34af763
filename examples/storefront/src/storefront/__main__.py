# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m storefront``. Exit status: 0 stopped when asked to, 1 could not start, 2 misconfigured."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys

from .config import Config
from .faults import StartCrash
from .observability import log, set_up_logging
from .server import serve
from .values import ConfigError


def main() -> int:
    """Run the shop with the process's environment."""
    try:
        config = Config.from_environment(os.environ)
    except ConfigError as error:
        print(f"storefront: {error}", file=sys.stderr)  # noqa: T201 - the log's own settings may be what is wrong
        return 2
    set_up_logging(config.log_level, config.release)
    try:
        asyncio.run(serve(config))
    except (StartCrash, OSError, sqlite3.Error) as error:
        where = {"address": f"{config.host}:{config.port}", "data": str(config.data)}
        log.error("cannot start: %s", error, extra={"fields": where})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
