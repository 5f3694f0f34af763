# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a content delivery network."""

from __future__ import annotations

from typing import Any

from .strategies import YEAR

_NAMES = {"type": "list", "elements": "str", "default": []}

_ORIGIN = {
    "name": {"type": "str", "required": True},
    "bucket": {"type": "str"},
    "domain": {"type": "str"},
    "path": {"type": "str", "default": ""},
    "shield": {"type": "str"},
    "headers": {"type": "dict", "default": {}, "no_log": True},
    "timeout": {"type": "int", "default": 30},
}
_BEHAVIOR = {
    "origin": {"type": "str"},
    "strategy": {"type": "str", "default": "pages"},
    "on_request": {"type": "str"},
    "on_response": {"type": "str"},
    "cache_policy": {"type": "str"},
    "origin_request_policy": {"type": "str"},
    "response_headers_policy": {"type": "str"},
}
_STRATEGY = {
    "name": {"type": "str", "required": True},
    "ttl": {"type": "int", "required": True},
    "min_ttl": {"type": "int", "default": 0},
    "max_ttl": {"type": "int", "default": YEAR},
    "query_strings": _NAMES,
    "cookies": _NAMES,
    "headers": _NAMES,
    "forward": {"type": "bool", "default": True},
}
_CORS = {
    "origins": {"type": "list", "elements": "str", "required": True},
    "methods": {"type": "list", "elements": "str", "default": ["GET", "HEAD", "OPTIONS"]},
    "headers": {"type": "list", "elements": "str", "default": ["Content-Type"]},
    "expose": _NAMES,
    "credentials": {"type": "bool", "default": False},
    "max_age": {"type": "int", "default": 600},
}
_HEADERS = {
    "hsts": {"type": "int", "default": YEAR},
    "frames": {"type": "str", "choices": ["DENY", "SAMEORIGIN"], "default": "SAMEORIGIN"},
    "referrer": {"type": "str", "default": "strict-origin-when-cross-origin"},
    "content_security_policy": {"type": "str", "default": ""},
    "cors": {"type": "dict", "options": _CORS},
    "custom": {"type": "dict", "default": {}},
}
_FUNCTION = {
    "name": {"type": "str", "required": True},
    "code": {"type": "str", "required": True},
    "runtime": {"type": "str", "choices": ["cloudfront-js-1.0", "cloudfront-js-2.0"], "default": "cloudfront-js-2.0"},
}
_ERROR = {
    "status": {"type": "int", "required": True},
    "page": {"type": "str"},
    "answer": {"type": "int"},
    "ttl": {"type": "int", "default": 10},
}
_LOGS = {
    "bucket": {"type": "str", "required": True},
    "prefix": {"type": "str", "default": ""},
    "cookies": {"type": "bool", "default": False},
}

#: The options of ``aws_cdn``, and of ``cdn`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "origins": {"type": "list", "elements": "dict", "options": _ORIGIN},
    "default": {"type": "dict", "options": _BEHAVIOR, "apply_defaults": True},
    "behaviors": {
        "type": "list",
        "elements": "dict",
        "options": {"path": {"type": "str", "required": True}, **_BEHAVIOR},
        "default": [],
    },
    "strategies": {"type": "list", "elements": "dict", "options": _STRATEGY, "default": []},
    "headers": {"type": "dict", "options": _HEADERS},
    "functions": {"type": "list", "elements": "dict", "options": _FUNCTION, "default": []},
    "aliases": _NAMES,
    "certificate": {"type": "str"},
    "tls_policy": {"type": "str", "default": "TLSv1.2_2021"},
    "web_acl": {"type": "str"},
    "http_version": {"type": "str", "choices": ["http1.1", "http2", "http3", "http2and3"], "default": "http2and3"},
    "ipv6": {"type": "bool", "default": True},
    "price_class": {"type": "str", "choices": ["100", "200", "All"], "default": "100"},
    "root_object": {"type": "str", "default": ""},
    "cache_tag_header": {"type": "str", "default": ""},
    "errors": {"type": "list", "elements": "dict", "options": _ERROR, "default": []},
    "logs": {"type": "dict", "options": _LOGS},
    "continuous_deployment": {"type": "bool", "default": False},
    "geo": {"type": "dict", "options": {"only": _NAMES, "never": _NAMES}},
}

#: What holds between them, in the words of AnsibleModule.
CHECKS: dict[str, Any] = {"required_if": [("state", "present", ["origins"])]}
