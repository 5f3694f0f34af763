# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of HAProxy that the role load_balancer makes of a declaration, filled in or as it was written."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.metrics_agreement import page_bytes
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.metrics_table import EDGES, PORT

ROOT = Path(__file__).resolve().parents[3]
ROLE = ROOT / "roles/load_balancer"

SERVICE: dict[str, Any] = {
    "name": "storefront",
    "entry": {"address": "10.0.0.10", "port": 443, "hostnames": ["shop.example.test"]},
    "pools": {"blue": {"group": "blue", "port": 8000}, "green": {"group": "green", "port": 8000}},
    "router": {"type": "haproxy", "group": "load_balancers"},
    "health": {"ready_path": "/readyz", "interval": 0.5},
    "testers": {"header": "X-Seamless-Color", "from": ["10.0.0.0/24"]},
}
DOCS = {
    **SERVICE,
    "name": "docs",
    "entry": {**SERVICE["entry"], "hostnames": ["docs.example.test"]},
    "clients": {"cookie": "sid", "bucket_cookie": None, "sticky": True},
    "testers": {"header": "X-Seamless-Color", "cookie": "seamless.color", "from": ["10.0.9.0/24"]},
    "metrics": {
        "edges": [0.1, 1],
        "routes": [{"name": "search", "path_beg": "/search"}, {"name": "all", "path_beg": "/"}],
        "source": {"type": "haproxy", "port": 9999},
    },
}
CASES = {
    "one": [SERVICE],
    "two": [SERVICE, DOCS],
    "other": [DOCS],
    "errors alone": [{**SERVICE, "metrics": {"edges": []}}],
}

PLAY = """
- hosts: lb1
  gather_facts: false
  vars_files: [{role}/defaults/main.yml, {role}/vars/main.yml]
  tasks:
    - ansible.builtin.template: {{src: {role}/templates/haproxy.cfg.j2, dest: "{out}/{{{{ item.key }}}}.cfg"}}
      vars:
        load_balancer_services: "{{{{ item.value }}}}"
        load_balancer_service: "{{{{ item.value | first }}}}"
        load_balancer_buffer_requests: "{{{{ item.key != 'other' }}}}"
      loop: "{{{{ cases | dict2items }}}}"
"""
INVENTORY = {
    "all": {
        "vars": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable},
        "children": {
            "load_balancers": {"hosts": {"lb1": None}},
            "blue": {"hosts": {"app1": None, "app2": None}},
            "green": {"hosts": {"app3": None}},
        },
    }
}


@pytest.fixture(scope="module")
def configs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the role's template makes of each case, by Ansible itself."""
    out = tmp_path_factory.mktemp("haproxy")
    (out / "play.yml").write_text(PLAY.format(role=ROLE, out=out), encoding="utf-8")
    (out / "hosts.yml").write_text(json.dumps(INVENTORY), encoding="utf-8")
    (out / "cases.json").write_text(json.dumps({"cases": CASES}), encoding="utf-8")
    command = [sys.executable, "-m", "ansible", "playbook", "-i", str(out / "hosts.yml"), str(out / "play.yml")]
    done = subprocess.run(
        [*command, "-e", f"@{out / 'cases.json'}"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: (out / f"{name}.cfg").read_text(encoding="utf-8") for name in CASES}


def lines(config: str, pattern: str) -> list[str]:
    return [line.strip() for line in config.splitlines() if re.search(pattern, line)]


def test_the_role_repeats_the_defaults_of_the_declaration() -> None:
    """It works with a declaration that nobody has filled in."""
    variables = yaml.safe_load((ROLE / "vars/main.yml").read_text(encoding="utf-8"))
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text(encoding="utf-8"))
    assert variables["_load_balancer_edges"] == list(EDGES)
    assert f"default({PORT})" in defaults["load_balancer_exporter_port"]


def test_an_answer_is_counted_between_two_edges_and_nowhere_else(configs: dict[str, str]) -> None:
    found = re.findall(r"sc_inc_gpc\((\d+),2\) if \{ var\(txn.took\) -m int (\d+):(\d+) \}", _closed(configs["one"]))
    ranges = [(int(slot), int(low), int(high)) for slot, low, high in found]
    assert [slot for slot, _low, _high in ranges] == list(range(1, len(EDGES) + 2))
    beside = [round(edge * 1_000_000) + step for edge in EDGES for step in (-1, 0, 1)]
    for took in (0, *beside, 10**9):
        inside = [slot for slot, low, high in ranges if low <= took <= high]
        assert inside == [1 + sum(took > edge * 1_000_000 for edge in EDGES)], f"{took} microseconds"


def test_without_edges_every_answer_is_counted_all_the_same(configs: dict[str, str]) -> None:
    config = configs["errors alone"]
    assert lines(config, "sc_inc_gpc.*txn.took") == [
        "http-after-response set-var(txn.counted) sc_inc_gpc(1,2) if { var(txn.took) -m int ge 0 }"
    ]
    assert "gpc(2)" in lines(config, "store gpc")[0]
    (page,) = lines(config, r"lf-string .*storefront")
    assert re.findall(r'le=\\"([^\\]+)\\"', page) == ["+Inf"] * 2


def _closed(config: str) -> str:
    """The configuration with open ranges written like closed ones."""
    closed = re.sub(r"-m int le (\d+)", r"-m int 0:\1", config)
    return re.sub(r"-m int ge (\d+)", rf"-m int \1:{10**12}", closed)


def test_every_cell_is_on_the_page_of_its_service_and_has_a_place(configs: dict[str, str]) -> None:
    (table,) = lines(configs["two"], "store gpc")
    assert f"size {8 * 1024} " in table  # 2 colors: other alone, and three routes; one of each for every thread
    assert "gpc(11)" in table  # the larger of 9 and 2 edges, one slot beyond them, one for errors
    (page,) = lines(configs["two"], 'lf-string .*service=\\\\"docs')
    assert page.endswith("if counts_docs")
    cells = re.findall(r'_count{[^}]*color=\\"(\w+)\\",route=\\"(\w+)\\"}', page)
    assert sorted(cells) == [(color, route) for color in ("blue", "green") for route in ("all", "other", "search")]
    assert re.findall(r'le=\\"([^\\]+)\\"', page)[:3] == ["0.1", "1", "+Inf"]
    assert "storefront" not in page


def test_a_page_is_no_longer_than_the_declaration_allows_for(configs: dict[str, str]) -> None:
    """The bound of the declaration's check holds for what the template really writes, with the largest counters."""
    for case, service, edges, routes in (
        ("one", "storefront", EDGES, []),
        ("two", "docs", [0.1, 1], ["search", "all"]),
    ):
        (page,) = lines(configs[case], rf'lf-string .*service=\\"{service}')
        text = page.partition('lf-string "')[2].rpartition('" if')[0].replace("\\n", "\n").replace('\\"', '"')
        written = re.sub(r"%\[[^]]*proc[^]]*\]", "1" * 13, text)
        written = re.sub(r"%\[[^]]*\]", str(2**32 - 1), written)
        assert 0.9 * page_bytes(service, edges, routes) < len(written) <= page_bytes(service, edges, routes)


def test_the_first_route_that_matches_counts(configs: dict[str, str]) -> None:
    routes = lines(configs["other"], "txn.route\\) str")
    assert [re.search(r"str\((\w+)\)", line)[1] for line in routes] == ["search", "all", "other"]  # type: ignore[index]
    assert all("{ var(txn.route) -m found }" in line for line in routes)


def test_edges_of_one_service_do_not_count_for_another(configs: dict[str, str]) -> None:
    assert all("-m str" not in line for line in lines(configs["one"], "sc_inc_gpc.*txn.took"))
    assert all("{ var(txn.service) -m str" in line for line in lines(configs["two"], "sc_inc_gpc.*txn.took"))


def test_testers_who_choose_and_what_is_refused_are_not_counted(configs: dict[str, str]) -> None:
    config = configs["one"]
    (track,) = lines(config, "track-sc2")
    assert track.endswith("unless { var(txn.chosen) -m found }")
    assert config.index("deny_status 429") < config.index("track-sc2")


def test_the_page_is_for_operators_and_the_testers_of_its_service(configs: dict[str, str]) -> None:
    assert lines(configs["two"], "deny_status 403 if counts_docs") == [
        "http-request deny deny_status 403 if counts_docs !{ src 127.0.0.0/8 10.0.9.0/24 }"
    ]


def test_the_port_is_the_one_that_the_source_asks(configs: dict[str, str]) -> None:
    assert "bind *:8405" in configs["one"]
    assert "bind *:9999" in configs["other"]


def test_the_bucket_is_kept_unless_that_is_switched_off(configs: dict[str, str]) -> None:
    assert len(lines(configs["one"], "seamless_bucket=%")) == 1
    assert "seamless_bucket" not in configs["other"]


def test_sticky_users_have_a_member_of_each_color(configs: dict[str, str]) -> None:
    assert lines(configs["one"], r"^\s+cookie |server app.* cookie") == []
    cookies = [line.split()[1] for line in lines(configs["other"], r"^\s+cookie ")]
    assert cookies == ["seamless_blue", "seamless_green"]
    members = [line.split()[-1] for line in lines(configs["other"], r"server app.* cookie")]
    assert len(set(members)) == 3


def test_a_testers_cookie_is_taken_from_everybody_else(configs: dict[str, str]) -> None:
    assert lines(configs["one"], "req.fhdr") == []
    (strip,) = lines(configs["other"], "set-header Cookie")
    assert "!tester_docs" in strip
    assert "seamless[.]color=" in strip, "a dot is a dot"


def test_connections_of_a_source_count_on_every_port_and_are_refused_before_a_handshake(
    configs: dict[str, str],
) -> None:
    for config in configs.values():
        frontends = [part for part in config.split("\nfrontend ")[1:] if "bind" in part]
        assert len(frontends) == 3
        for frontend in frontends:
            rules = lines(frontend, "tcp-request")
            assert rules == [
                "tcp-request connection track-sc0 src table seamless_sources unless exempt",
                "tcp-request connection reject if { sc_conn_cur(0) gt 1000 }",
            ]
            (exempt,) = lines(frontend, "acl exempt")
            assert frontend.index(exempt) < frontend.index(rules[0])
        (table,) = lines(config, "store http_req_rate")
        assert table.endswith("store http_req_rate(10s),conn_cur")


def test_a_body_is_waited_for_unless_that_is_switched_off(configs: dict[str, str]) -> None:
    option = ["option http-buffer-request"]
    assert [lines(configs[case], "^ *option http-buffer") for case in ("one", "two", "other")] == [option, option, []]
