#!/usr/bin/env python3
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build one release of the shop: ``build.py --version 2.0.0``.

Writes dist/storefront-2.0.0.pyz, one file that a host's plain python3 runs, and dist/storefront-2.0.0.yml, the
`release:` that a deployment takes (``-e @examples/storefront/dist/storefront-2.0.0.yml``).

The file is for the hosts' Python and not for the one that runs this: wheels are chosen by their tags and nothing is
compiled. Extension modules carry their architecture in their names, so that one artifact, with one digest, holds
those of all architectures. The same sources and version give the same bytes (as far as zlib compresses alike);
where they are built already, nothing is done.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "requirements.lock"
ARCHITECTURES = ("x86_64", "aarch64")
PYTHON = "3.13"
"""The hosts' Python: Debian 13's."""
MANYLINUX = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
CACHE = "$CACHE_DIRECTORY"
"""Where shiv unpacks to, without SHIV_ROOT: what systemd made for the unit (CacheDirectory=)."""
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){1,3}([a-z0-9.+-]*[a-z0-9])?")


class BuildError(Exception):
    """The build cannot go on."""


def main(arguments: list[str]) -> int:
    """Build, and say what was built."""
    parser = argparse.ArgumentParser(description="Build one release of the shop.")
    parser.add_argument("--version", default="1.0.0", type=_version, help="default %(default)s")
    parser.add_argument("--dist", default=HERE / "dist", type=Path, help="where to, default %(default)s")
    options = parser.parse_args(arguments)
    dist = options.dist.resolve()
    try:
        artifact, digest, fresh = build(options.version, dist)
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    print(f"{'built' if fresh else 'unchanged'} {artifact} {artifact.stat().st_size / 1e6:.1f} MB {digest}")
    return 0


def build(version: str, dist: Path) -> tuple[Path, str, bool]:
    """Return the artifact, its digest, and whether it had to be built. Raises BuildError."""
    artifact, stamp = dist / f"storefront-{version}.pyz", dist / f".storefront-{version}.json"
    inputs = _inputs(version)
    fresh = not _is_built(artifact, stamp, inputs)
    if fresh:
        dist.mkdir(parents=True, exist_ok=True)
        # Beside the target: what is ready is renamed into its place, whole.
        with tempfile.TemporaryDirectory(prefix=".build-", dir=dist) as scratch:
            built = _assemble(version, Path(scratch))
            os.replace(built, artifact)
    digest = _digest(artifact)
    _write(stamp, json.dumps({"inputs": inputs, "digest": digest}) + "\n")
    _write(dist / f"storefront-{version}.yml", _declaration(version, artifact, digest))
    return artifact, digest, fresh


def _assemble(version: str, scratch: Path) -> Path:
    site = scratch / "site-packages"
    for architecture in ARCHITECTURES:
        _install(architecture, scratch / architecture)
        shutil.copytree(scratch / architecture, site, dirs_exist_ok=True)
    shutil.rmtree(site / "bin", ignore_errors=True)  # scripts that name the Python of this build
    for record in site.glob("*.dist-info/RECORD"):
        record.unlink()  # of one architecture alone
    shutil.copytree(HERE / "src", site, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    module = site / "storefront" / "version.py"
    module.write_text(module.read_text("utf-8").replace('VERSION = "0.0.0"', f'VERSION = "{version}"'), "utf-8")
    if f'"{version}"' not in module.read_text("utf-8"):
        raise BuildError(f'expected VERSION = "0.0.0" in {HERE / "src/storefront/version.py"}, and did not find it')
    for path in site.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)  # whatever this machine's umask is
    result = scratch / "storefront.pyz"
    _run(
        *("-m", "shiv", "--site-packages", site, "--output-file", result, "--entry-point", "storefront.__main__:main"),
        *("--python", "/usr/bin/python3", "--reproducible", "--compressed", "--root", CACHE),
        *("--preamble", HERE / "tidy_cache.py"),
    )
    return result


def _install(architecture: str, target: Path) -> None:
    platforms = [word for tag in MANYLINUX for word in ("--platform", f"{tag}_{architecture}")]
    _run(
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", target),
        *("--python-version", PYTHON, "--implementation", "cp", *platforms, "--only-binary=:all:"),
        # The lock is complete: a resolver would look at the markers of this Python, and it is the wrong one.
        *("--no-deps", "--no-compile", "--require-hashes", "--requirement", LOCK),
    )


def _run(*arguments: str | Path) -> None:
    # Not what a contributor has set for a build of their own.
    env = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    done = subprocess.run([sys.executable, *map(str, arguments)], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        command = " ".join(map(str, arguments[:3]))
        raise BuildError(f"`{sys.executable} {command} ...` ended with {done.returncode}:\n{done.stderr.strip()}")


def _sources() -> Iterator[Path]:
    yield from (Path(__file__).resolve(), LOCK, HERE / "tidy_cache.py")
    yield from sorted(
        path for path in (HERE / "src" / "storefront").rglob("*") if path.suffix in (".py", ".html", ".css")
    )


def _inputs(version: str) -> str:
    """Return a digest of all that decides the artifact's bytes."""
    try:
        shiv = metadata.version("shiv")
    except metadata.PackageNotFoundError:
        raise BuildError(f"{sys.executable} has no shiv. Run `make venv`, and this with .venv/bin/python.") from None
    total = hashlib.sha256(f"{version}\n{shiv}\n".encode())
    for path in _sources():
        total.update(f"{path.relative_to(HERE)}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _is_built(artifact: Path, stamp: Path, inputs: str) -> bool:
    try:
        return bool(json.loads(stamp.read_text("utf-8")) == {"inputs": inputs, "digest": _digest(artifact)})
    except (OSError, ValueError):
        return False


def _declaration(version: str, artifact: Path, digest: str) -> str:
    # JSON strings are YAML strings. The path is absolute: this file is used from any directory, on this machine alone.
    return (
        f"---\n# Written by build.py.\nrelease:\n  version: {json.dumps(version)}\n"
        f"  artifact: {json.dumps(str(artifact))}\n  digest: {json.dumps(digest)}\n  environment: {{}}\n"
    )


def _write(path: Path, text: str) -> None:
    if path.exists() and path.read_text("utf-8") == text:
        return
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(text, "utf-8")
    os.replace(new, path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _version(text: str) -> str:
    if not _VERSION.fullmatch(text):
        raise argparse.ArgumentTypeError(f"expected a version such as 2.0.0, found {text!r}")
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
