# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin with real probe processes against a small HTTP server on loopback."""

from __future__ import annotations

import contextlib
import http.server
import os
import signal
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from ansible_collections.seamless.delivery.plugins.action import probe as action
from ansible_collections.seamless.delivery.plugins.modules import probe as documented
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe import process


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        found = self.path == "/"
        self.send_response(200 if found else 404)
        self.send_header("X-Release", "1.0.0-aaaaaaaa")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def port():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def directory(tmp_path):
    """A rollout's directory; whatever probe a test leaves running in it is stopped."""
    place = tmp_path / "probe"
    yield place
    pid = process.running(place)
    if pid is not None:
        process.stop(place, pid, 5)
    while process._detached:
        process._detached.pop().wait(5)


@pytest.fixture
def run(directory):
    """Run the action with these options, and return its result."""

    def call(check_mode=False, **options):
        task = SimpleNamespace(
            check_mode=check_mode, diff=False, async_val=0, args={"directory": str(directory)} | options
        )
        connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
        plugin = action.ActionModule(task, connection, None, None, None, None)
        plugin._task.action = "seamless.delivery.probe"
        return plugin.run(task_vars={})

    return call


def service(entry_port, **probe):
    return {
        "name": "storefront",
        "entry": {"address": "127.0.0.1", "port": entry_port, "hostnames": ["shop.example.test"]},
        "probe": {"rate": 100, "tls": False} | probe,
    }


def test_start_adopt_read_stop(run, port, directory):
    started = run(state="started", service=service(port))
    assert started["changed"] and started["running"] and not started["adopted"]
    assert process.is_ours(started["pid"], directory)
    assert os.getsid(started["pid"]) != os.getsid(0)

    again = run(state="started", service=service(port))
    assert (again["changed"], again["adopted"], again["pid"]) == (False, True, started["pid"])

    with pytest.raises(AnsibleActionFail, match="another directory"):
        run(state="started", service=service(port) | {"name": "other"})

    time.sleep(0.6)
    read = run(state="read", gate={"min_sent": 10})
    assert not read.get("failed") and not read["changed"] and read["died"] is None
    assert read["analysis"]["failed"] == 0

    checked = run(check_mode=True, state="stopped")
    assert checked["changed"] and checked["running"]

    stopped = run(state="stopped", cutovers=[{"at": 1.0, "from": "1.0.0-aaaaaaaa", "to": "2.0.0-b"}])
    assert stopped["changed"] and not stopped["running"]
    assert stopped["analysis"]["wrong_release"] == stopped["analysis"]["sent"] > 10
    assert stopped["analysis"]["late_ms"]["max"] is not None
    assert not process.is_ours(started["pid"], directory)

    again = run(state="stopped", gate={})
    assert not again["changed"] and not again.get("failed")
    assert again["analysis"]["sent"] == stopped["analysis"]["sent"]


def test_a_gate_that_does_not_hold_fails_and_keeps_the_analysis(run, port):
    run(state="started", service=service(port))
    read = run(state="read", gate={"min_sent": 1_000_000})
    assert read["failed"]
    assert "the gate asks for 1e+06" in read["msg"]
    assert read["analysis"]["unreadable"] == 0


def test_a_dead_probe_is_said(run, port, monkeypatch):
    warnings = []
    monkeypatch.setattr(action.display, "warning", warnings.append)
    pid = run(state="started", service=service(port))["pid"]
    time.sleep(0.6)
    os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
    read = run(state="read", gate={})
    assert read["failed"] and "died without a word" in read["msg"]
    stopped = run(state="stopped")
    assert not stopped.get("failed") and not stopped["changed"]
    assert "died" in stopped["died"] and "died" in warnings[0]


def test_one_that_ended_by_itself_is_said(run, port):
    pid = run(state="started", service=service(port, max_seconds=1))["pid"]
    os.waitpid(pid, 0)
    assert "max_seconds" in run(state="read", gate={})["msg"]


def test_renewed_it_goes_on_with_its_record_for_another_while(run, port):
    first = run(state="started", service=service(port))
    assert run(check_mode=True, state="started", service=service(port), renew=True)["changed"]
    second = run(state="started", service=service(port), renew=True)
    assert second["changed"] and not second["adopted"] and second["pid"] != first["pid"]
    assert run(state="read", gate={"min_sent": 2})["analysis"]["failed"] == 0
    before = run(state="stopped")["analysis"]["sent"]
    ended = run(state="started", service=service(port, max_seconds=1), renew=True)["pid"]
    os.waitpid(ended, 0)
    assert run(state="started", service=service(port), renew=True)["pid"] != ended
    read = run(state="read", gate={})
    assert not read.get("failed") and read["died"] is None
    assert read["analysis"]["sent"] > before + 50


def test_one_that_died_is_not_followed_by_another(run, port):
    pid = run(state="started", service=service(port))["pid"]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with pytest.raises(AnsibleActionFail, match=r"not begun anew: the probe .* died"):
        run(state="started", service=service(port), renew=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"paths": {"slow": "/missing"}, "mix": {"keep_alive": 1, "slow": 1}}, "status_404"),
        ({"port": 1}, "connect_refused"),
        ({"tls": True}, "tls_error"),
        ({"paths": {"keep_alive": "/missing"}, "rate": 1, "mix": {"keep_alive": 1}}, "status_404"),
    ],
)
def test_a_start_without_answers_says_why_and_leaves_nothing(run, port, directory, changes, words):
    with pytest.raises(AnsibleActionFail) as caught:
        run(state="started", service=service(port, **changes), start_deadline=10)
    assert words in str(caught.value)
    assert process.running(directory) is None


def test_one_that_cannot_start_says_what_it_said(run, port, directory):
    directory.mkdir()
    (directory / "rows.csv").mkdir()
    with pytest.raises(AnsibleActionFail, match=r"it ended at once: .*rows\.csv"):
        run(state="started", service=service(port))


def test_a_wrong_declaration_starts_nothing(run, port, directory):
    with pytest.raises(AnsibleActionFail, match="rate: expected a number"):
        run(state="started", service=service(port, rate=1e6))
    assert not directory.exists()


def test_check_mode_starts_nothing_and_reads_nothing(run, port, directory):
    assert run(check_mode=True, state="started", service=service(port))["changed"]
    assert run(check_mode=True, state="read", gate={})["analysis"] is None
    assert not directory.exists()


def test_no_record_is_no_evidence(run):
    assert run(state="read")["failed"]
    assert run(state="stopped", gate={})["failed"]
    stopped = run(state="stopped")
    assert not stopped.get("failed") and stopped["analysis"] is None


def test_one_that_will_not_end_is_said(run, port, monkeypatch):
    run(state="started", service=service(port))
    with monkeypatch.context() as patch:
        patch.setattr(process, "stop", lambda *_arguments: False)
        with pytest.raises(AnsibleActionFail, match="still runs"):
            run(state="stopped")


def test_the_documentation_says_what_the_plugin_takes():
    options = yaml.safe_load(documented.DOCUMENTATION)["options"]

    def compare(written, taken):
        assert set(written) == set(taken)
        for name, argument in taken.items():
            for key in ("type", "elements", "default", "required", "choices"):
                assert written[name].get(key) == argument.get(key), (name, key)
            compare(written[name].get("suboptions", {}), argument.get("options", {}))

    compare(options, action.ARGUMENTS)
    assert Path(documented.__file__).read_text().count("RETURN") == 1
    assert yaml.safe_load(documented.EXAMPLES)
