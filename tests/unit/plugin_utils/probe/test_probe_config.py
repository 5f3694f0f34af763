# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration: what it takes, and what it says when it does not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.config import ConfigError, parse


def test_defaults_ask_for_the_front_page_only(settings):
    config = parse(settings())
    assert config.paths == {"keep_alive": ("/",), "new_connection": ("/",)}
    assert set(config.mix) <= {"keep_alive", "new_connection"}
    assert config.verify and config.tls


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rate": 2001}, "rate: expected a number from 0.1 to 2000, found 2001"),
        ({"rate": "100"}, "found '100'"),
        ({"rate": True}, "rate"),
        ({"rate": float("nan")}, "rate"),
        ({"users": 1.5}, "users: expected a whole number"),
        ({"port": 0}, "port"),
        ({"service": "Shop!"}, "service"),
        ({"server_name": "a\r\nX: y"}, "server_name"),
        ({"address": "http://x/"}, "address"),
        ({"cookie": "a;b"}, "cookie"),
        ({"ca_file": "/nowhere.pem"}, "exists here"),
        ({"verify": "no"}, "true or false"),
        ({"post_body": 1}, "a text"),
        ({"post_content_type": "json\r\n"}, "media type"),
        ({"rows": ""}, "path of a file"),
        ({"mix": {"keep_alive": -1}}, "a weight"),
        ({"mix": {"keep_alive": 0}}, "at least one above 0"),
        ({"mix": {"get": 1}}, "keep_alive, new_connection"),
        ({"mix": []}, "a weight"),
        ({"paths": {"slow": "no-slash"}}, "a path such as"),
        ({"paths": {"slow": "/a b"}}, "a path such as"),
        ({"paths": {"slow": []}}, "a path such as"),
        ({"paths": {"slow": 7}}, "a path such as"),
        ({"paths": {"get": "/"}}, "a path such as"),
        ({"mix": {"slow": 1}}, "paths.slow: missing, although mix.slow asks for it"),
        ({"streams": 1}, "paths.stream: missing, although streams asks for it"),
        ({"websockets": 1}, "paths.websocket"),
        ({"verify": False}, "ca_file: given, although nothing is verified"),
        ({"colour": 1}, "colour: there is no such key; known are service"),
        ({"service": None}, "service: expected"),
    ],
)
def test_names_what_is_wrong(settings, changes: dict[str, Any], words: str):
    with pytest.raises(ConfigError) as caught:
        parse(settings() | changes)
    assert words in str(caught.value)


def test_names_everything_at_once(settings):
    with pytest.raises(ConfigError) as caught:
        parse({"rate": 0})
    for key in ("service", "address", "port", "server_name", "rows", "status", "rate"):
        assert f"{key}: " in str(caught.value)


def test_is_an_object():
    with pytest.raises(ConfigError, match="an object"):
        parse([])


def test_null_means_left_out_where_that_is_the_default(settings):
    config = parse(settings(cookie=None, ca_file=None, mix={"slow": 1}, paths={"slow": ["/a", "/b"]}))
    assert config.cookie is None
    assert config.paths["slow"] == ("/a", "/b")
