# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The code that the guard runs on a load balancer: which files, and one digest for all of them.

A guard that understands what was armed otherwise than the module that armed it would keep no promise. So both sides
compute the digest of the sources that they have loaded themselves, wherever those came from: a checkout, an installed
collection, the archive that Ansible sends along with a module, the guard's own folder.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from types import ModuleType

from .durable import replace

LIBRARY = "/usr/local/lib/seamless"


def sources() -> dict[str, str]:
    """The text of each file, by its path below the folder that holds ``ansible_collections``."""
    return {f"{module.__name__.replace('.', '/')}.py": _source(module) for module in _modules()}


@functools.cache
def digest() -> str:
    """The digest of all sources, read once: a library that is replaced under a running guard does not change it."""
    whole = hashlib.sha256()
    for path, text in sorted(sources().items()):
        whole.update(f"{path}\n{len(text.encode())}\n{text}".encode())
    return f"sha256:{whole.hexdigest()}"


def install(directory: str, dry_run: bool = False) -> list[str]:
    """Make the library in *directory* these sources and no others; returns the paths that differed.

    Without bytecode: the guard runs with ``-B``, so that no file is older than its source.
    """
    root = Path(directory)
    wanted = {root / path: text for path, text in sources().items()}
    there = set((root / "ansible_collections").rglob("*.py"))
    differ = [path for path, text in wanted.items() if path not in there or path.read_text(encoding="utf-8") != text]
    gone = sorted(there - wanted.keys())
    if not dry_run:
        for path in differ:
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            replace(str(path), wanted[path])
        for path in gone:
            path.unlink()
    return [str(path) for path in [*differ, *gone]]


def _modules() -> tuple[ModuleType, ...]:
    # Imported by name, so that Ansible sends each of them along with a module that asks for the digest. A test
    # compares them with what guard_service really imports.
    from ansible_collections.seamless.delivery.plugins.module_utils.rollout import lease, results, split

    from . import (
        armed,
        arming,
        base,
        durable,
        guard_client,
        guard_code,
        guard_loop,
        guard_service,
        guards,
        haproxy,
        haproxy_commit,
        haproxy_map,
        haproxy_socket,
        haproxy_stats,
        host_state,
    )

    return (
        *(lease, results, split, armed, arming, base, durable),
        *(guard_client, guard_code, guard_loop, guard_service, guards),
        *(haproxy, haproxy_commit, haproxy_map, haproxy_socket, haproxy_stats, host_state),
    )


def _source(module: ModuleType) -> str:
    loader = getattr(module.__spec__, "loader", None)
    source = loader.get_source(module.__name__) if loader is not None else None
    if source is None:
        raise RuntimeError(f"expected to find the source of {module.__name__}, but its loader {loader!r} has none")
    return source.decode("utf-8") if isinstance(source, bytes) else str(source)
