# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guard as a process of its own: what is installed is all that it needs, and both sides call it the same."""

from __future__ import annotations

import ast
import json
import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fake_haproxy import FakeHAProxy  # type: ignore[import-not-found]
from guard_bench import BLUE, QUARTER, revert  # type: ignore[import-not-found]

from ansible_collections.seamless.delivery.plugins.module_utils.routers import guard_code, guard_service
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy import HAProxyRouter

ROOT = Path(__file__).resolve().parents[4]
COLLECTION = "ansible_collections/seamless/delivery/"
PACKAGE = f"{COLLECTION}plugins/module_utils"
SERVICE = f"{PACKAGE}/routers/guard_service.py"
ALONE = [sys.executable, "-B", "-E", "-s", "-S"]  # as the unit starts it: the standard library, and nothing else


def imports(path: str, text: str) -> set[str]:
    """The files of ours that one of them imports at its top, by path."""
    found = set()
    for node in ast.parse(text).body:
        if not isinstance(node, ast.ImportFrom):
            continue
        module = (node.module or "").split(".") if node.module else []
        base = [*path.split("/")[:-1], *module] if node.level else module
        if "/".join(base).startswith(PACKAGE):
            names = ["/".join([*base, alias.name]) for alias in node.names]
            found |= {
                f"{name}.py"
                for name in ["/".join(base), *names]
                if (ROOT / f"{name.removeprefix(COLLECTION)}.py").is_file()
            }
    return found


def test_the_code_is_what_the_guard_imports_and_nothing_else() -> None:
    needed, look = set(), [SERVICE]
    while look:
        path = look.pop()
        if path not in needed:
            needed.add(path)
            look += imports(path, (ROOT / path.removeprefix(COLLECTION)).read_text())
    assert set(guard_code.sources()) == needed


def test_the_sources_are_the_files() -> None:
    for path, text in guard_code.sources().items():
        assert text == (ROOT / path.removeprefix(COLLECTION)).read_text(), path


def digest_in(place: Path) -> str:
    """The digest as a process computes it that has *place*, a folder or an archive, and nothing else of ours."""
    ask = f"import sys; sys.path.insert(0, {str(place)!r}); from {PACKAGE.replace('/', '.')}.routers import guard_code"
    done = subprocess.run(
        [*ALONE, "-c", f"{ask}; print(guard_code.digest())"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_digest_is_the_same_from_a_folder_and_from_an_archive(tmp_path: Path) -> None:
    guard_code.install(str(tmp_path / "library"))
    archive = tmp_path / "module.zip"
    with zipfile.ZipFile(archive, "w") as payload:
        packages = {parent for path in guard_code.sources() for parent in Path(path).parents} - {Path()}
        for path, text in [*guard_code.sources().items(), *((f"{one}/__init__.py", "") for one in packages)]:
            payload.writestr(path, text)
    assert digest_in(tmp_path / "library") == digest_in(archive) == guard_code.digest()


def test_another_byte_is_another_digest(tmp_path: Path) -> None:
    guard_code.install(str(tmp_path))
    changed = tmp_path / PACKAGE / "routers/guard_loop.py"
    changed.write_text(changed.read_text() + "\n")
    assert digest_in(tmp_path) != guard_code.digest()


def test_installing_repairs_and_removes_and_then_changes_nothing(tmp_path: Path) -> None:
    first = guard_code.install(str(tmp_path))
    assert len(first) == len(guard_code.sources())
    assert guard_code.install(str(tmp_path)) == []
    altered, stray = tmp_path / PACKAGE / "routers/armed.py", tmp_path / PACKAGE / "routers/old.py"
    altered.write_text("")
    stray.write_text("")
    wrong = [str(altered), str(stray)]
    assert guard_code.install(str(tmp_path), dry_run=True) == wrong
    assert stray.exists()
    assert guard_code.install(str(tmp_path)) == wrong
    assert guard_code.install(str(tmp_path)) == []
    assert not stray.exists()


@contextmanager
def running(folder: Path, haproxy: FakeHAProxy) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The guard, installed and started as its unit does it; yields the process and what systemd was told first."""
    library = folder / "library"
    guard_code.install(str(library))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(folder / "notify"))
        systemd.settimeout(30)
        module = SERVICE.removesuffix(".py").replace("/", ".")
        options = {
            "--socket": haproxy.path,
            "--map": haproxy.map_path,
            "--master-socket": str(folder / "none"),
            "--state-dir": str(folder / "state"),
            "--guard-socket": str(folder / "guard.sock"),
        }
        with subprocess.Popen(
            [*ALONE, "-m", module, *(word for pair in options.items() for word in pair)],
            cwd=library,
            env={"NOTIFY_SOCKET": str(folder / "notify"), "PATH": os.environ["PATH"]},
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process, [systemd.recv(100).decode() for _number in range(2)]
            finally:
                process.kill()
                process.communicate(timeout=30)


@pytest.fixture
def haproxy(tmp_path: Path) -> Iterator[FakeHAProxy]:
    fake = FakeHAProxy(tmp_path / "admin.sock")
    fake.map_path = str(tmp_path / "split.map")
    (tmp_path / "split.map").write_text("")
    yield fake
    fake.close()


def router(folder: Path, haproxy: FakeHAProxy) -> HAProxyRouter:
    places = (haproxy.path, haproxy.map_path, str(folder / "state"), time, str(folder / "none"))
    return HAProxyRouter("shop", *places, str(folder / "guard.sock"))


def eventually(true: Any, within: float = 20.0) -> bool:
    until = time.monotonic() + within
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_the_process_takes_users_back_by_itself(tmp_path: Path, haproxy: FakeHAProxy) -> None:
    shop = router(tmp_path, haproxy)
    with running(tmp_path, haproxy) as (_process, told):
        assert told == ["READY=1", "WATCHDOG=1"]
        assert (tmp_path / "guard.sock").stat().st_mode & 0o077 == 0, "only root may ask"
        assert shop.arming.problem() == ""
        armed = shop.write(QUARTER, [BLUE], 1, revert=revert(1.0)).armed
        assert armed is not None
        assert haproxy.entries["shop"] == "2500"
        assert eventually(lambda: haproxy.entries["shop"] == "0")
        assert eventually(lambda: shop.arming.standing().armed is None)
        went = shop.arming.standing().went_back
        assert went is not None
        assert 0 <= went.at - armed.deadline < 5
        assert shop.state.notes()[0]["who"] == f"guard of {socket.gethostname()}"
    assert not list((tmp_path / "library").rglob("*.pyc")), "no bytecode that could be older than its source"


def test_a_guard_that_is_killed_goes_on_when_it_is_started_again(tmp_path: Path, haproxy: FakeHAProxy) -> None:
    shop = router(tmp_path, haproxy)
    with running(tmp_path, haproxy):
        shop.write(QUARTER, [BLUE], 1, revert=revert(0.5))
    (tmp_path / "notify").unlink()
    assert shop.arming.problem() != ""
    time.sleep(0.5)
    assert haproxy.entries["shop"] == "2500" or shop.arming.standing().armed is None
    with running(tmp_path, haproxy):
        assert eventually(lambda: shop.arming.standing().armed is None)
        assert haproxy.entries["shop"] == "0"


def test_who_asks_nonsense_or_says_nothing_disturbs_nobody(tmp_path: Path, haproxy: FakeHAProxy) -> None:
    shop = router(tmp_path, haproxy)
    with running(tmp_path, haproxy) as (process, _told):
        for nonsense in (b"", b"\n", b"../../etc/passwd\n", b"\xff\xfe\n"):
            with socket.socket(socket.AF_UNIX) as asker:
                asker.connect(str(tmp_path / "guard.sock"))
                asker.sendall(nonsense)
                asker.shutdown(socket.SHUT_WR)
                answer = asker.makefile("rb").readline()
                assert answer == b"" or json.loads(answer)["armed"] is None
        with socket.socket(socket.AF_UNIX) as silent:
            silent.connect(str(tmp_path / "guard.sock"))
            assert shop.arming.problem() == ""
        assert process.poll() is None


def test_without_systemd_it_tells_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    guard_service.tell_systemd("READY=1")
