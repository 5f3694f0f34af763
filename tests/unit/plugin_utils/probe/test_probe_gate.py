# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate and the readiness of a started probe: both must fail for lack of evidence."""

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe import readiness
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.analysis import analyse
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.config import ConfigError, parse
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.declare import configuration
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.gate import problems

GOOD = (100.0, 5.0, "keep_alive", 200, "1", "")
FAILED = (100.0, 5.0, "keep_alive", 0, "", "reset")
SLOW = (100.0, 5000.0, "keep_alive", 200, "1", "")
SATURATED = (100.0, 0.0, "keep_alive", 0, "", "probe_saturated")


@pytest.mark.parametrize(
    ("rows", "gate", "died", "words"),
    [
        ([GOOD], {}, None, []),
        ([], {}, None, ["only 0 requests were sent"]),
        ([GOOD], {"min_sent": 2}, None, ["only 1 requests"]),
        ([GOOD, FAILED], {}, None, ["1 of 2 requests failed (1 reset)"]),
        ([GOOD, FAILED], {"max_failed": 1}, None, []),
        ([SATURATED], {}, None, ["probe_saturated", "the probe's own doing"]),
        ([SLOW, GOOD], {}, None, ["50.00 % of the requests were slow"]),
        ([SLOW, GOOD], {"max_slow_percent": 50}, None, []),
        ([GOOD, None], {}, None, ["1 lines of the record cannot be read"]),
        ([GOOD], {"max_failed": None}, "the probe died", ["the probe died, so that"]),
    ],
)
def test_gate(rows, gate, died, words):
    found = problems(analyse(rows), gate, died)
    assert len(found) == len(words)
    assert all(word in text for word, text in zip(words, found, strict=True))


def test_gate_on_wrong_releases_only_when_asked():
    analysis = analyse([GOOD], [{"at": 50.0, "from": "1", "to": "2"}])
    assert problems(analysis, {}, None) == []
    assert "wrong release" in problems(analysis, {"max_wrong_release": 0}, None)[0]
    assert problems(analysis, {"max_wrong_release": 1}, None) == []


@pytest.fixture
def config(settings):
    return parse(settings(mix={"keep_alive": 1, "post": 1}, paths={"post": "/orders", "stream": "/s"}, streams=1))


def status(**kinds):
    errors = {kind: {"reason": "status_404", "detail": "nothing there"} for kind in kinds}
    return {"kinds": kinds, "last_errors": errors}


def test_ready_when_each_kind_was_answered_or_is_open(config):
    assert readiness.wanted(config) == ["keep_alive", "post", "stream"]
    assert not readiness.ready(config, status(keep_alive={"ok": 1}, post={"ok": 1}))
    assert readiness.ready(config, status(keep_alive={"ok": 1}, post={"ok": 1}, stream={"opened": 1}))


def test_hopeless_when_a_kind_only_fails(config):
    assert readiness.hopeless(config, status(post={"failed": 2})) is None
    assert readiness.hopeless(config, status(post={"failed": 9, "ok": 1})) is None
    problem = readiness.hopeless(config, status(keep_alive={"ok": 50}, post={"failed": 3}))
    for word in ("/orders", "127.0.0.1:1", "status_404", "nothing there", "service.probe.paths"):
        assert word in problem


def test_overdue(config):
    assert "no status" in readiness.overdue(config, None, 5)
    assert "no request to 127.0.0.1:1 was answered" in readiness.overdue(config, status(), 5)
    assert "all 1 requests of kind post" in readiness.overdue(config, status(post={"failed": 1}), 5)
    assert readiness.overdue(config, status(keep_alive={"ok": 1}), 5) is None


def test_configuration_from_a_declaration(tmp_path):
    service = {
        "name": "storefront",
        "entry": {"address": "10.0.0.1", "hostnames": ["shop.example.test", "other"], "ca_file": "/ca.pem"},
        "clients": {"cookie": "sid"},
        "probe": {"rate": 7, "address": "10.0.0.2", "slow_ms": 5},
    }
    found = configuration(service, tmp_path)
    assert found == {
        "service": "storefront",
        "address": "10.0.0.2",
        "port": 443,
        "server_name": "shop.example.test",
        "ca_file": "/ca.pem",
        "cookie": "sid",
        "rate": 7,
        "rows": str(tmp_path / "rows.csv"),
        "status": str(tmp_path / "status.json"),
    }


def test_configuration_without_verification_or_names(tmp_path):
    found = configuration({"entry": {"address": "a", "ca_file": "x"}, "probe": {"verify": False}}, tmp_path)
    assert "ca_file" not in found
    assert found["server_name"] == "a"
    with pytest.raises(ConfigError, match=r"service\.entry"):
        configuration({"entry": "10.0.0.1"}, tmp_path)
