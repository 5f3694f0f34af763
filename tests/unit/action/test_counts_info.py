# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.seamless.delivery.plugins.action.counts_info import ActionModule

METRICS = {"edges": [0.1], "source": {"type": "haproxy"}}
PAGE = """seamless_counters_started_timestamp_seconds{service="shop"} 1
seamless_response_duration_seconds_bucket{service="shop",color="blue",route="other",le="0.1"} 7
seamless_response_duration_seconds_bucket{service="shop",color="blue",route="other",le="+Inf"} 10
seamless_response_duration_seconds_count{service="shop",color="blue",route="other"} 10
seamless_response_errors_total{service="shop",color="blue",route="other"} 1
"""


def run(port: int, **source: Any) -> dict[str, Any]:
    declared = METRICS | {"source": {"type": "haproxy", "port": port} | source}
    args = {"service": {"name": "shop", "metrics": declared}, "addresses": {"lb1": "127.0.0.1", "lb2": "127.0.0.2"}}
    task = SimpleNamespace(check_mode=False, diff=False, async_val=0, args=args, action="any")
    shell = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
    found: dict[str, Any] = ActionModule(task, shell, None, None, None, None).run(task_vars={})
    return found


@pytest.fixture
def port() -> Any:
    """A load balancer that gives its page at 127.0.0.1; nobody answers at 127.0.0.2."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_was_counted_is_given_with_what_is_missing(port: int) -> None:
    found = run(port)
    assert found["counts"] == {"lb1": {"blue": {"other": {"requests": 10, "errors": 1, "slower": (3,)}}}}
    assert set(found["missing"]) == {"lb2"}
    assert not found.get("failed")
    assert json.dumps(found), "a result is plain data"


def test_where_nothing_can_be_counted_it_fails_and_says_why() -> None:
    found = run(9)
    assert found["failed"]
    assert "shop: nothing can be counted (lb1: no answer from 127.0.0.1:9" in found["msg"]


def test_a_source_that_only_a_person_can_mend_is_said(port: int) -> None:
    with pytest.raises(AnsibleActionFail, match="found graphite"):
        run(port, type="graphite")
