# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that a demonstration is made of. Each is shown before it runs, so that one can run it by hand."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

from .environments import chosen

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(".venv/bin")


def run(title: str, *command: str | Path) -> float:
    """Show and run one command from the checkout's root; returns how many seconds it took.

    Ends this program with the command's exit status when it fails: the next step would only hide the reason.
    """
    words = [str(word) for word in command]
    print(f"\n── {title}\n   $ {shlex.join(words)}", flush=True)
    started = time.monotonic()
    status = subprocess.run(words, cwd=ROOT, check=False, env={**chosen().variables, **os.environ}).returncode
    if status:
        print(f"── {title}: failed (exit status {status}); the reason is above", file=sys.stderr, flush=True)
        sys.exit(status)
    seconds = time.monotonic() - started
    print(f"── {title}: {seconds:.1f} s", flush=True)
    return seconds


def lab_up() -> float:
    """Start the lab's containers, and what else the environment needs, or find them running."""
    tools = chosen().tools
    return sum(run("Lab up", BIN / "python", f"tools/{name}", *options, "up") for name, *options in tools)


def lab_down() -> float:
    """Remove all of that again."""
    tools = reversed(chosen().tools)
    return sum(run("Lab down", BIN / "python", f"tools/{name}", *options, "down") for name, *options in tools)


def playbook(title: str, name: str, *arguments: str) -> float:
    """Run one of the collection's playbooks against the environment."""
    return run(title, BIN / "ansible-playbook", f"playbooks/{name}.yml", "-i", chosen().inventory, *arguments)


def deploy(release: str) -> float:
    """Deploy *release*: a version of the example, built first, or the path of a file that declares a release.

    Returns the seconds of the deployment, without the build's.
    """
    return playbook(f"Deploy {release}", "deploy", "-e", f"@{_release_file(release)}")


def build(version: str) -> Path:
    """Build the example in *version*; returns the file that declares that release."""
    run(f"Build storefront {version}", BIN / "python", "examples/storefront/build.py", "--version", version)
    return ROOT / f"examples/storefront/dist/storefront-{version}.yml"


def _release_file(release: str) -> str:
    return release if release.endswith((".yml", ".yaml")) else str(build(release).relative_to(ROOT))
