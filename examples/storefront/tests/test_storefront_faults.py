# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault does what it says, and nothing to what it does not name."""

from __future__ import annotations

import time

import pytest
from storefront.config import Config
from storefront.values import ConfigError

SHOP_PAGES = ("/", "/products/1", "/cart", "/orders/none")
OPERATIONS = ("/healthz", "/readyz", "/version", "/metrics", "/slow?seconds=0")


async def statuses(client):
    return {path: (await client.get(path)).status for path in SHOP_PAGES + OPERATIONS}


def test_errors_are_on_shop_pages_alone(shop):
    found = shop(statuses, STOREFRONT_FAULT_ERROR_RATE="1")
    assert {found[path] for path in SHOP_PAGES} == {500}
    assert {found[path] for path in OPERATIONS} == {200}


def test_an_error_rate_is_a_share(shop):
    async def story(client):
        return sum([(await client.get("/")).status == 500 for _ in range(400)])

    assert 60 < shop(story, STOREFRONT_FAULT_ERROR_RATE="0.25") < 140


def test_latency_is_on_shop_pages_alone(shop):
    async def story(client):
        seconds = []
        for path in ("/", "/healthz"):
            since = time.monotonic()
            await client.get(path)
            seconds.append(time.monotonic() - since)
        return seconds

    late, soon = shop(story, STOREFRONT_FAULT_LATENCY_MS="300")
    assert late >= 0.3 > soon
    assert shop(story, STOREFRONT_FAULT_LATENCY_MS="300", STOREFRONT_FAULT_LATENCY_RATE="0")[0] < 0.3


def test_a_release_may_live_and_never_be_ready(shop):
    async def story(client):
        ready = await client.get("/readyz")
        return ready.status, await ready.json(), (await client.get("/healthz")).status

    status, body, alive = shop(story, STOREFRONT_FAULT_READINESS="fail")
    assert (status, alive) == (503, 200)
    assert body["reason"] == "STOREFRONT_FAULT_READINESS=fail"


def test_a_wrong_page_is_a_200_that_only_a_smoke_test_finds(shop):
    async def story(client):
        answer = await client.get("/")
        return answer.status, await answer.text(), (await client.get("/readyz")).status

    status, text, ready = shop(story, STOREFRONT_FAULT_SMOKE="1")
    assert (status, ready) == (200, 200)
    assert "out of order" in text
    assert "Storefront" not in text


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("STOREFRONT_FAULT_ERROR_RATE", "often", "a number from 0 to 1"),
        ("STOREFRONT_FAULT_ERROR_RATE", "1.5", "a number from 0 to 1"),
        ("STOREFRONT_FAULT_ERROR_RATE", "nan", "a number from 0 to 1"),
        ("STOREFRONT_FAULT_LATENCY_MS", "-1", "a number from 0 to 60000"),
        ("STOREFRONT_FAULT_READINESS", "maybe", "one of ok, fail"),
        ("STOREFRONT_FAULT_START", "slow", "crash or slow:<seconds>"),
        ("STOREFRONT_FAULT_START", "slow:ly", "crash or slow:<seconds>, up to 3600"),
        ("STOREFRONT_FAULT_START", "slow:nan", "crash or slow:<seconds>"),
        ("STOREFRONT_FAULT_SMOKE", "yes please", "1 or 0"),
        ("STOREFRONT_FAULT_EROR_RATE", "0.1", "a fault out of STOREFRONT_FAULT_ERROR_RATE"),
        ("STOREFRONT_LOG_LEVEL", "LOUD", "one of DEBUG, INFO"),
        ("STOREFRONT_GRACE_SECONDS", "soon", "a number from 0 to 60"),
        ("PORT", "80.5", "a whole number from 1 to 65535"),
        ("PORT", "0", "a whole number from 1 to 65535"),
        ("RELEASE_ID", "2.0.0\r\nSet-Cookie: a=b", "1 to 100 of the characters"),
        ("COLOR", "gr een", "1 to 100 of the characters"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value, expected):
    with pytest.raises(ConfigError) as caught:
        Config.from_environment({name: value})
    assert str(caught.value).startswith(f"{name}: expected {expected}")
    assert repr(value) in str(caught.value)


def test_empty_is_as_good_as_missing():
    names = ("PORT", "COLOR", "STOREFRONT_FAULT_ERROR_RATE", "STOREFRONT_FAULT_START", "STOREFRONT_FAULT_SMOKE")
    assert Config.from_environment(dict.fromkeys(names, "")) == Config()


def test_data_goes_where_the_unit_may_write():
    assert str(Config.from_environment({"STATE_DIRECTORY": "/var/lib/a"}).data) == "/var/lib/a"
    assert str(Config.from_environment({"STATE_DIRECTORY": "/a", "STOREFRONT_DATA": "/b"}).data) == "/b"
