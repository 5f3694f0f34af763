# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One whole life: the command line, the files that it leaves, SIGTERM, SIGKILL, and a second one beside it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe import cli, process
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.analysis import analyse
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.config import parse
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.recorder import AlreadyRecording, Recorder
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.rows import read_rows
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.runner import Runner


@pytest.fixture
def written(settings, tmp_path):
    """Write a configuration and return its file."""

    def write(**changes):
        file = tmp_path / "config.json"
        file.write_text(json.dumps(settings(**changes)))
        return file

    return write


def test_negative_control_through_the_whole_probe(serving, settings, tmp_path):
    """A server that drops 1 of 100, at 400 requests a second: each drop is one failed row, and nothing else is."""
    mix = {"keep_alive": 80, "new_connection": 10, "post": 10}

    async def scenario():
        async with serving() as (server, port):
            paths = dict.fromkeys(mix, "/drops")
            config = parse(settings(port=port, rate=400, mix=mix, paths=paths, max_seconds=1.2))
            recorder = Recorder(Path(config.rows))
            await Runner(config, recorder).run()
            return server

    server = asyncio.run(scenario())
    analysis = analyse(read_rows(tmp_path / "rows.csv"))
    status = json.loads((tmp_path / "status.json").read_text())
    assert server.dropped >= 3
    assert analysis["failed"] == server.dropped
    assert analysis["sent"] == server.requests == status["sent"]
    assert status["sent"] + status["unsent"] >= 400
    assert status["ended"] == "max_seconds"
    assert status["late_ms"]["max"] is not None


def test_a_crash_is_written_down(serving, settings, tmp_path, monkeypatch):
    async def scenario():
        async with serving() as (_server, port):
            config = parse(settings(port=port))
            runner = Runner(config, Recorder(Path(config.rows)))
            monkeypatch.setattr(Recorder, "flush", lambda _self: 1 / 0)
            with pytest.raises(ExceptionGroup):
                await runner._probe()
            monkeypatch.undo()

    asyncio.run(scenario())


def start(file: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, str(process.PACKAGE), "--config", str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def until_status(tmp_path: Path, wanted) -> dict:
    for _attempt in range(100):
        status = process.status(tmp_path)
        if status and wanted(status):
            return status
        time.sleep(0.05)
    raise AssertionError(status)


def test_sigterm_ends_it_with_everything_written(serving, written, tmp_path):
    async def scenario():
        async with serving() as (server, port):
            file = written(
                port=port,
                rate=100,
                mix={"keep_alive": 1, "slow": 1},
                paths={"slow": "/slow", "websocket": "/ws", "stream": "/stream"},
                streams=1,
                websockets=1,
            )
            child = start(file)
            await asyncio.to_thread(until_status, tmp_path, lambda found: found["ok"] > 30)
            with pytest.raises(AlreadyRecording):
                Recorder(tmp_path / "rows.csv")
            child.send_signal(signal.SIGTERM)
            _out, err = await asyncio.to_thread(child.communicate)
            return server, child.returncode, err

    server, code, err = asyncio.run(scenario())
    assert (code, err) == (0, b"")
    status = process.status(tmp_path)
    analysis = analyse(read_rows(tmp_path / "rows.csv"))
    assert status["ended"] == "stopped"
    assert analysis["failed"] == 0
    assert analysis["sent"] == status["sent"] == len([head for head in server.seen if head.startswith("GET")])
    assert analysis["long_lived"] == {"opened": 2, "broken": 0}
    assert status["in_flight"] == status["held"] == 0


def test_sigkill_costs_at_most_a_second(serving, written, tmp_path):
    async def scenario():
        async with serving() as (server, port):
            child = start(written(port=port, rate=100))
            await asyncio.to_thread(until_status, tmp_path, lambda found: found["ok"] > 60)
            os.kill(child.pid, signal.SIGKILL)
            await asyncio.to_thread(child.communicate)
            return server.requests

    answered = asyncio.run(scenario())
    rows = list(read_rows(tmp_path / "rows.csv"))
    assert None not in rows
    assert answered - 100 <= len(rows) <= answered
    assert process.status(tmp_path)["ended"] is None  # so a reader knows that it died


def test_a_torn_line_does_not_swallow_the_next(tmp_path):
    record = tmp_path / "rows.csv"
    record.write_text("1790000000.0,5.0,keep_al")
    recorder = Recorder(record)
    recorder.add((1.0, 2.0, "post", 200, "", ""))
    recorder.close()
    assert list(read_rows(record)) == [None, (1.0, 2.0, "post", 200, "", "")]


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "expected JSON; line 1"), ("{}", "service: missing"), (None, "cannot be read")],
)
def test_what_it_cannot_do_is_said_with_status_2(tmp_path, capsys, text, words):
    file = tmp_path / "config.json"
    if text is not None:
        file.write_text(text)
    assert cli.main(["--config", str(file)]) == cli.UNUSABLE
    assert words in capsys.readouterr().err


def test_an_unusable_record_is_said(written, tmp_path, capsys):
    file = written(rows=str(tmp_path / "missing" / "rows.csv"))
    assert cli.main(["--config", str(file)]) == cli.UNUSABLE
    assert "missing" in capsys.readouterr().err


def test_the_command_line_runs_it(serving, written, tmp_path):
    async def scenario():
        async with serving() as (_server, port):
            return await asyncio.to_thread(
                subprocess.run,
                [sys.executable, str(process.PACKAGE), "--config", str(written(port=port, max_seconds=1))],
                capture_output=True,
                check=False,
            )

    done = asyncio.run(scenario())
    assert (done.returncode, done.stderr) == (0, b"")
    assert process.status(tmp_path)["ended"] == "max_seconds"


def test_another_process_is_not_ours(tmp_path):
    child = subprocess.Popen(["sleep", "30"])
    try:
        assert not process.is_ours(child.pid, tmp_path)
    finally:
        child.kill()
        child.wait()
    assert not process.is_ours(child.pid, tmp_path)
    assert not process.is_ours(1, tmp_path)
    assert process.stop(tmp_path, child.pid, 0.1)


def test_without_proc_ps_is_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    assert "python" in process._command_line(os.getpid())


def test_what_is_not_a_status_is_none(tmp_path):
    assert process.status(tmp_path) is None
    (tmp_path / "status.json").write_text("[]")
    assert process.status(tmp_path) is None
    assert process.running(tmp_path) is None
    assert process.log_tail(tmp_path) == ""
