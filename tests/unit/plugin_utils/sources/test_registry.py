# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.base import SourceError
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.registry import open_source

SERVICE = {"name": "shop", "metrics": {"edges": [0.1, 1]}}


def test_the_load_balancers_are_asked_at_their_addresses(serve):
    server = serve(lambda _path: (404, "", 0))
    opened = open_source({"type": "haproxy", "port": server.port}, SERVICE, {"lb1": "127.0.0.1", "lb2": "::1"}, 0)
    missing = opened.read().missing
    assert "found 404" in missing["lb1"]
    assert f"[::1]:{server.port}" in missing["lb2"]


def test_prometheus_is_asked_for_the_counts_of_the_service(serve):
    server = serve(lambda _path: (503, "", 0))
    declared = {
        "type": "prometheus",
        "url": f"http://127.0.0.1:{server.port}/",
        "ca_file": None,
        "series": "load_balancers",
        "selector": None,
        "color_label": "color",
        "route_label": None,
        "origin_label": "instance",
        "status_label": "code",
    }
    assert open_source(declared, SERVICE, {}, 0).read().samples == ()
    (asked,) = server.asked
    assert asked.startswith("/api/v1/query?")
    assert "service%3D%22shop%22" in asked


def test_another_type_is_refused_by_name():
    with pytest.raises(SourceError, match=r"expected haproxy.*, found graphite"):
        open_source({"type": "graphite"}, SERVICE, {}, 0)
