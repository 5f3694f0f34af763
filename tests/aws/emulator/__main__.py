# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An AWS of one's own: ``python -m emulator PORT`` serves moto's backends, extended, until it is ended."""

from __future__ import annotations

import gc
import logging
import os
import sys

from werkzeug.serving import run_simple

from .app import Handler, application


def main(port: int) -> None:
    """Serve on loopback's *port*."""
    os.environ["EMULATOR_URL"] = f"http://127.0.0.1:{port}"  # for what AWS does of its own accord
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its greeting
    emulator = application()
    gc.freeze()  # a large part of what there is, and it stays
    run_simple("127.0.0.1", port, emulator, threaded=True, request_handler=Handler)


if __name__ == "__main__":
    main(int(sys.argv[1]))
