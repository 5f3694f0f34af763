# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An order is placed once, however often it is sent."""

from __future__ import annotations

import asyncio
import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storefront.order import MAX_QUANTITY, BadItems, fingerprint, lines, quantities, total

ORDER = {"items": [{"product": 1, "quantity": 2}, {"product": 8}]}
BROWSER = {"Accept": "text/html"}


async def place(client, key="key-1", body=ORDER, sid=None):
    headers = {"Idempotency-Key": key} if key is not None else {}
    if sid:
        headers["Cookie"] = f"sid={sid}"
    async with client.post("/orders", json=body, headers=headers) as answer:
        return answer.status, answer.headers, await answer.json(content_type=None)


def test_an_order_is_placed_and_can_be_looked_at(shop):
    async def story(client):
        status, headers, order = await place(client)
        again = await client.get(headers["Location"])
        page = await client.get(headers["Location"], headers=BROWSER)
        return status, order, await again.json(), await page.text()

    status, order, again, page = shop(story)
    assert status == 201
    assert order == again
    assert order["total_cents"] == 2 * 1290 + 950
    assert order["release"] == "2.0.0-1a2b3c4d"
    assert not {"session", "key"} & order.keys()
    assert order["id"] in page
    assert "€ 35.30" in page


def test_the_same_key_and_order_is_the_same_answer(shop):
    async def story(client):
        respelt = {"items": [{"quantity": 1, "product": 8}, {"product": 1}, {"product": 1}]}
        return [await place(client), await place(client), await place(client, body=respelt)]

    first, second, third = shop(story)
    assert first[0] == second[0] == third[0] == 201
    assert first[2] == second[2] == third[2]
    assert "Idempotent-Replayed" not in first[1]
    assert second[1]["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_order_is_refused(shop):
    async def story(client):
        return [await place(client), await place(client, body={"items": [{"product": 2}]})]

    first, second = shop(story)
    assert (first[0], second[0]) == (201, 422)
    assert "Take a new key" in second[2]["detail"]


def test_an_order_without_a_key_is_refused_and_told_why(shop):
    status, _headers, body = shop(lambda client: place(client, key=None))
    assert status == 400
    assert "Idempotency-Key is missing" in body["detail"]


@pytest.mark.parametrize("key", ["two words", "x" * 129, "käse"])
def test_a_key_is_short_and_plain(shop, key):
    status, _headers, body = shop(lambda client: place(client, key=key))
    assert status == 400
    assert "1 to 128 visible ASCII characters" in body["detail"]


def test_a_key_counts_within_its_session(shop):
    async def story(client):
        return [await place(client, sid=sid) for sid in ("alice", "bob")]

    (_status, _headers, alice), (_status, _headers, bob) = shop(story)
    assert alice["id"] != bob["id"]


def test_twenty_at_once_are_one_order(shop):
    async def story(client):
        answers = await asyncio.gather(*(place(client) for _ in range(20)))
        return answers, await (await client.get("/metrics")).text()

    answers, metrics = shop(story)
    assert {status for status, _headers, _body in answers} == {201}
    assert len({body["id"] for _status, _headers, body in answers}) == 1
    assert sum("Idempotent-Replayed" not in headers for _status, headers, _body in answers) == 1
    assert "storefront_orders_total 1.0" in metrics


def test_orders_survive_a_restart(shop):
    first = shop(place)
    second = shop(place)
    assert first[2] == second[2]


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ([], 400, "found a JSON list"),
        ({}, 422, "items"),
        ({"items": []}, 422, "at least one"),
        ({"items": ["mug"]}, 422, r"items\[0\].product"),
        ({"items": [{"product": True}]}, 422, r"items\[0\].product"),
        ({"items": [{"product": 99}]}, 422, "1 to 8; found 99"),
        ({"items": [{"product": 1}, {"product": 1, "quantity": 0}]}, 422, r"items\[1\].quantity"),
        ({"items": [{"product": 1, "quantity": 99}, {"product": 1}]}, 422, "more than 99"),
    ],
)
def test_what_is_no_order_is_refused(shop, body, status, reason):
    found, _headers, answer = shop(lambda client: place(client, body=body))
    assert found == status
    assert re.search(reason, answer["detail"])


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 50_000, b"\xff\xfe"])
def test_a_body_that_is_no_json_is_refused(shop, raw):
    async def story(client):
        answer = await client.post("/orders", data=raw, headers={"Idempotency-Key": "k"})
        return answer.status, await answer.text()

    status, text = shop(story)
    assert status == 400
    assert "no JSON" in text


def test_a_body_too_large_is_refused(shop):
    async def story(client):
        return (await client.post("/orders", data=b"x" * 70_000, headers={"Idempotency-Key": "k"})).status

    assert shop(story) == 413


def test_a_browser_fills_its_cart_orders_twice_and_gets_one_order(shop):
    async def story(client):
        headers = {**BROWSER, "Cookie": "sid=visitor"}
        for quantity in (5, 3):  # the second corrects the first
            form = {"product": "4", "quantity": str(quantity)}
            put = await client.post("/cart/items", data=form, headers=headers, allow_redirects=False)
        cart = await (await client.get(put.headers["Location"], headers=headers)).text()
        form = {name: html.unescape(value) for name, value in re.findall(r'name="(key|items)" value="([^"]*)"', cart)}
        sent = [await client.post("/orders", data=form, headers=headers, allow_redirects=False) for _ in range(2)]
        left = await (await client.get("/cart", headers=headers)).text()
        order = await (await client.get(sent[0].headers["Location"])).json()
        return put.status, cart, [(answer.status, answer.headers["Location"]) for answer in sent], left, order

    status, cart, (first, second), left, order = shop(story)
    assert status == 303
    assert "€ 66.00" in cart
    assert first == second
    assert first[0] == 303
    assert order["total_cents"] == 3 * 2200
    assert "Nothing in it yet" in left


def test_a_cart_holds_what_it_was_told(shop):
    async def story(client):
        headers = {"Cookie": "sid=visitor"}
        for product, quantity in ((2, 1), (5, 2), (2, 4), (5, 0)):
            await client.post("/cart/items", json={"product": product, "quantity": quantity}, headers=headers)
        bad = await client.post("/cart/items", json={"product": 77}, headers=headers)
        worse = await client.post("/cart/items", json={"product": "mug"}, headers=headers)
        return await (await client.get("/cart", headers=headers)).json(), bad.status, worse.status

    cart, bad, worse = shop(story)
    assert [(item["product"], item["quantity"]) for item in cart["items"]] == [(2, 4)]
    assert cart["total_cents"] == 4 * 1850
    assert (bad, worse) == (422, 400)


def test_who_has_no_session_gets_one_with_the_first_item(shop):
    async def story(client):
        put = await client.post("/cart/items", json={"product": 1})
        cart = await client.get("/cart", headers={"Cookie": f"sid={put.cookies['sid'].value}"})
        return await cart.json()

    assert shop(story)["total_cents"] == 1290


items = st.lists(st.fixed_dictionaries({"product": st.integers(1, 8), "quantity": st.integers(1, 12)}), min_size=1)


@given(items.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_an_orders_fingerprint_does_not_depend_on_its_spelling(pair):
    try:
        one, other = map(quantities, pair)
    except BadItems:
        return  # more than MAX_QUANTITY of one product, in either spelling
    assert fingerprint(one) == fingerprint(other)
    assert total(lines(one)) == total(lines(other))
    more = {**one, 1: one.get(1, 0) % MAX_QUANTITY + 1}
    assert fingerprint(more) != fingerprint(one)
