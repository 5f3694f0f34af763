# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.modules import release_ready

SECRET = "hunter2\nand more"


class Ready(BaseHTTPRequestHandler):
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.send_header("X-Release", "v2")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    Ready.seen = []
    server = HTTPServer(("127.0.0.1", 0), Ready)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What systemctl shows of the unit, and, as ``log``, what journalctl says."""
    shown = {"LoadState": "loaded", "ActiveState": "active", "SubState": "running", "log": ""}

    def run_command(_module: Any, command: list[str]) -> tuple[int, str, str]:
        if command[0] == "journalctl":
            return 0, shown["log"], ""
        return 0, "".join(f"{name}={value}\n" for name, value in shown.items() if name != "log"), ""

    monkeypatch.setattr(AnsibleModule, "run_command", run_command)
    return shown


@pytest.fixture
def ready(run: Any, server: HTTPServer, systemd: dict[str, str]) -> Any:
    port = server.server_address[1]
    return partial(run, release_ready, unit="shop-green.service", release="v2", port=port, deadline=0)


def test_ready_and_warm(ready: Any) -> None:
    result = ready(warm_up=[{"path": "/a", "count": 2}, {"path": "/b"}])
    assert (result["changed"], result["attempts"]) == (False, 1)
    assert result["seconds"] >= 0
    assert Ready.seen == ["/readyz", "/a", "/a", "/b"]


def test_the_failure_has_the_reason_and_the_log_without_secrets(ready: Any, systemd: dict[str, str]) -> None:
    systemd["log"] = f"opening the door with {SECRET}\nno door\n"
    failed = ready(release="v3", secrets=[SECRET])
    assert failed["msg"].startswith("v3 does not get ready: it was not ready within 0 s: asked for /readyz on port ")
    assert "the answer came from v2 instead of v3. Its last words: opening the door with ****" in failed["msg"]
    assert failed["log"][-1] == "no door"
    assert "hunter2" not in str(failed)
    assert "and more" not in str(failed)


def test_an_empty_log_is_said(ready: Any) -> None:
    failed = ready(release="v3")
    assert failed["msg"].endswith("Its last words: its log is empty")
    assert failed["log"] == []


def test_a_crash_is_told_before_the_deadline(ready: Any, systemd: dict[str, str]) -> None:
    systemd |= {"ActiveState": "activating", "SubState": "auto-restart", "NRestarts": "1"}
    systemd |= {"Result": "exit-code", "ExecMainStatus": "203"}
    failed = ready(release="v3", deadline=3600)
    assert "shop-green.service has ended 2 times: it exited with status 203 (its command cannot be" in failed["msg"]
