# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.smoke import smoke

TESTER = {"X-Seamless-Color": "green"}


def ask(shop: Any, page: dict[str, Any] | None = None, release: str = "v2", **entry: Any) -> str | None:
    return smoke("127.0.0.1", {**shop.entry, **entry}, TESTER, page or {"path": "/"}, release, 5.0)


def test_a_page_that_is_as_declared_is_nothing_to_talk_about(shop: Any) -> None:
    assert ask(shop, {"path": "/", "status": 200, "contains": "welcome"}) is None
    ((path, headers),) = shop.asked
    assert path == "/"
    assert headers["X-Seamless-Color"] == "green"
    assert headers["Host"].startswith("shop.example.test"), "the address is the load balancer's, the name the service's"


@pytest.mark.parametrize(
    ("answer", "page", "told"),
    [
        ((503, "v2", ""), {}, "expected status 200, but found 503"),
        ((200, "v2", ""), {"status": 404}, "expected status 404, but found 200"),
        ((200, "v1", "welcome"), {}, "expected an answer by v2, but found v1"),
        ((200, None, "welcome"), {}, "expected an answer by v2, but found no X-Release header"),
        ((200, "v2", "sorry"), {"contains": "welcome"}, "expected 'welcome' in the page, but it has 5 characters"),
    ],
)
def test_what_is_not_as_declared_is_told(shop: Any, answer: Any, page: dict[str, Any], told: str) -> None:
    shop.pages["/"] = answer
    found = ask(shop, {"path": "/", **page})
    assert found is not None
    assert found.startswith(told)


def test_an_answer_that_does_not_come_is_told_with_its_reason(shop: Any) -> None:
    shop.pages["/"] = (None, None, "")
    assert ask(shop) == "expected an answer within 5 s, but found Remote end closed connection without response"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        assert "Connection refused" in str(ask(shop, port=nobody.getsockname()[1]))


def test_a_path_that_is_none_is_told_too(shop: Any) -> None:
    assert "URL can't contain control characters" in str(ask(shop, {"path": "/a b"}))


def test_the_certificate_is_the_services(shop: Any) -> None:
    assert "self-signed certificate" in str(ask(shop, ca_file=None))
    assert "Hostname mismatch" in str(ask(shop, hostnames=["other.example.test"]))
    assert shop.asked == [], "nothing is said to somebody else"
    assert "self-signed certificate" in str(ask(shop, ca_file=None, verify=False)), "no option turns that off"


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_an_authority_that_cannot_be_read_is_told_with_its_key(shop: Any, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.crt"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    assert f"expected the authority's certificate in {file} (entry.ca_file), but found" in str(ask(shop, ca_file=file))
    assert shop.asked == []
