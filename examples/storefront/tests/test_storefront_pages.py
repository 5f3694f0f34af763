# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users see, and what every response says about who gave it."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from storefront.catalog import PRODUCTS
from storefront.config import Config
from storefront.rendering import ACCENTS, Pages, accent

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def test_the_catalog_shows_what_is_for_sale(shop):
    async def story(client):
        answer = await client.get("/")
        return answer, await answer.text()

    answer, text = shop(story)
    assert answer.status == 200
    assert "Storefront" in text
    assert all(product.name in text for product in PRODUCTS.values())
    assert "release 2.0.0-1a2b3c4d, green" in text


def test_a_product_has_a_page_and_an_unknown_one_none(shop):
    async def story(client):
        known, unknown = await client.get("/products/3"), await client.get("/products/999", headers=BROWSER)
        return known.status, await known.text(), unknown.status, await unknown.text()

    status, text, missing, message = shop(story)
    assert (status, missing) == (200, 404)
    assert "Reading lamp" in text
    assert "€ 64.00" in text
    assert "Nothing is sold as number 999" in message


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/cart", 200),
        ("GET", "/version", 200),
        ("GET", "/metrics", 200),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/stream?seconds=0", 200),
        ("GET", "/slow?seconds=never", 400),
        ("GET", "/nowhere", 404),
        ("DELETE", "/cart", 405),
        ("POST", "/orders", 400),
        ("GET", "/ws", 400),
    ],
)
def test_each_response_names_release_and_color(shop, method, path, status):
    async def story(client):
        answer = await client.request(method, path)
        return answer.status, answer.headers

    found, headers = shop(story)
    assert found == status
    assert (headers["X-Release"], headers["X-Color"]) == ("2.0.0-1a2b3c4d", "green")
    assert headers["Server"] == "storefront"


def test_an_error_names_them_too(shop):
    async def story(client):
        answer = await client.get("/")
        return answer.status, answer.headers["X-Release"], await answer.json(content_type="application/problem+json")

    status, release, body = shop(story, STOREFRONT_FAULT_ERROR_RATE="1")
    assert (status, release) == (500, "2.0.0-1a2b3c4d")
    assert "InjectedFault" not in str(body)


def test_a_new_user_gets_a_session_that_scripts_and_plain_http_cannot_read(shop):
    async def story(client):
        fresh = await client.get("/")
        back = await client.get("/", headers={"Cookie": "sid=" + fresh.cookies["sid"].value})
        strange = await client.get("/", headers={"Cookie": "sid=<script>"})
        return fresh.headers.getall("Set-Cookie"), back.headers, strange.headers

    cookies, back, strange = shop(story)
    assert len(cookies) == 1
    assert re.fullmatch(r"sid=[\w-]{22}; Max-Age=31536000; Path=/; Secure; HttpOnly; SameSite=Lax", cookies[0])
    assert "Set-Cookie" not in back
    assert "Set-Cookie" in strange


def test_no_two_users_get_the_same_session(shop):
    async def story(client):
        return {(await client.get("/")).cookies["sid"].value for _ in range(20)}

    assert len(shop(story)) == 20


def test_the_policy_admits_the_style_that_is_on_the_page(shop):
    async def story(client):
        answer = await client.get("/")
        return answer.headers["Content-Security-Policy"], await answer.text()

    policy, text = shop(story)
    style = re.search("<style>(.*)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "style=" not in text, "an inline style that the policy would refuse"


def test_versions_differ_in_colour_and_say_which_they_are():
    one, two = (Pages(Config(version=version)) for version in ("1.0.0", "2.0.0"))
    assert accent("1.0.0") != accent("2.0.0")
    assert accent("1.0.0") in one.catalog.decode()
    assert b"Storefront 2.0.0" in two.catalog
    assert accent("main") in ACCENTS


def test_the_version_is_for_machines(shop):
    async def story(client):
        return await (await client.get("/version")).json()

    found = shop(story)
    assert (found["release"], found["color"]) == ("2.0.0-1a2b3c4d", "green")
    assert found["started"] > 1_700_000_000
