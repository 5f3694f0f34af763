# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: `python plugins/plugin_utils/probe --config FILE`. Stop it with SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from . import VERSION
from .config import Config, ConfigError, parse
from .recorder import AlreadyRecording, Recorder
from .runner import run

UNUSABLE = 2
"""Exit status when nothing was sent, because it was told something that it cannot do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the probe and return its exit status: 0 after a stop or `max_seconds`, 2 when it could not start."""
    parser = argparse.ArgumentParser(
        prog="probe", description="Send a declared mix of requests, steadily, and record what users get."
    )
    parser.add_argument("--config", required=True, type=Path, help="JSON file; see config.py for its keys")
    parser.add_argument("--version", action="version", version=VERSION)
    options = parser.parse_args(arguments)
    try:
        config = load(options.config)
        recorder = Recorder(Path(config.rows))
    except (ConfigError, AlreadyRecording, OSError) as error:
        sys.stderr.write(f"probe: {error}\n")
        return UNUSABLE
    gc.freeze()  # what is loaded by now stays: the collector need not walk it between two requests
    asyncio.run(run(config, recorder))
    return 0


def load(path: Path) -> Config:
    """Return the configuration in a file. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}).") from None
    try:
        return parse(json.loads(text))
    except json.JSONDecodeError as error:
        raise ConfigError(f"{path}: expected JSON; line {error.lineno}, column {error.colno}: {error.msg}.") from None
