# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted, and what is logged."""

from __future__ import annotations

import json
import logging

from storefront.observability import JsonLines


def test_requests_are_counted_by_pattern_and_not_by_path(shop):
    async def story(client):
        for path in ("/products/1", "/products/2", "/products/999", "/nowhere/1", "/nowhere/2"):
            await client.get(path)
        return await (await client.get("/metrics")).text()

    text = shop(story)
    assert 'storefront_release_info{color="green",release="2.0.0-1a2b3c4d"} 1.0' in text
    assert 'storefront_requests_total{method="GET",route="/products/{id}",status="200"} 2.0' in text
    assert 'storefront_requests_total{method="GET",route="/products/{id}",status="404"} 1.0' in text
    assert 'storefront_requests_total{method="GET",route="none",status="404"} 2.0' in text
    assert 'storefront_request_seconds_count{route="/products/{id}"} 3.0' in text
    assert "storefront_requests_in_flight 1.0" in text, "this one"


def test_invented_methods_make_no_series_of_their_own(shop):
    async def story(client):
        for method in ("PROPFIND", "REPORT"):
            await client.request(method, "/")
        return await (await client.get("/metrics")).text()

    text = shop(story)
    assert "PROPFIND" not in text
    assert 'storefront_requests_total{method="other",route="none",status="405"} 2.0' in text


def test_what_goes_well_is_not_logged_and_what_fails_is(shop, caplog):
    caplog.set_level(logging.INFO, "storefront")

    async def story(client):
        await client.get("/")
        await client.get("/slow?seconds=1.1")

    shop(story)
    assert not caplog.records
    shop(story, STOREFRONT_FAULT_ERROR_RATE="1")
    (record,) = caplog.records
    assert record.fields["path"] == "/"
    assert record.fields["error"] == "InjectedFault: STOREFRONT_FAULT_ERROR_RATE=1"


def test_a_slow_page_is_logged(shop, caplog):
    async def story(client):
        await client.get("/")

    shop(story, STOREFRONT_FAULT_LATENCY_MS="1050")
    (record,) = (record for record in caplog.records if record.name == "storefront")
    assert (record.levelname, record.fields["route"], record.fields["status"]) == ("WARNING", "/", 200)


def test_a_line_is_one_json_object():
    record = logging.LogRecord("storefront", logging.ERROR, __file__, 1, "two\nlines %s", ("here",), None)
    record.fields = {"status": 500}
    line = JsonLines("2.0.0-1a2b3c4d").format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert entry.pop("time").endswith("Z")
    assert entry == {"level": "error", "message": "two\nlines here", "release": "2.0.0-1a2b3c4d", "status": 500}
