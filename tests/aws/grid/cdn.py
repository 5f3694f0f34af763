# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A content delivery network's declarations: each option at least once."""

from __future__ import annotations

MODULE = "aws_cdn"
NEEDS = [
    ("aws_network", {"stack": "shop"}),
    ("aws_load_balancer", {"stack": "shop", "listeners": [{"port": 80, "protocol": "HTTP"}]}),
]

_APP: dict[str, object] = {"name": "app"}
_BUCKET: dict[str, object] = {"name": "files", "bucket": "shop-files.s3.eu-central-1.amazonaws.com"}
_SERVER: dict[str, object] = {"name": "server", "domain": "origin.example.com"}
_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
_ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/own/11111111-2222-3333-4444-555555555555"
_CODE = "function handler(event) { return event.request; }"
_OWN = "658327ea-f89d-4fab-a63d-7e88639e58f6"

CASES: dict[str, list[dict[str, object]]] = {
    "origins come and go": [
        {"origins": [_APP]},
        {"origins": [_APP, _BUCKET], "behaviors": [{"path": "/files/*", "origin": "files", "strategy": "assets"}]},
        {
            "origins": [{**_APP, "timeout": 10}, {**_BUCKET, "path": "/public", "shield": "eu-central-1"}],
            "behaviors": [{"path": "/files/*", "origin": "files", "strategy": "assets"}],
        },
        {"origins": [{**_SERVER, "headers": {"X-Origin-Secret": "a-long-secret-of-the-origin"}}, _APP]},
        {"origins": [_SERVER], "tags": {"team": "shop"}},
    ],
    "behaviors and strategies": [
        {"origins": [_APP], "behaviors": [{"path": "/assets/*", "strategy": "assets"}]},
        {
            "origins": [_APP],
            "default": {"strategy": "api"},
            "behaviors": [{"path": "/api/*", "strategy": "api"}, {"path": "/assets/*", "strategy": "assets"}],
        },
        {
            "origins": [_APP],
            "behaviors": [{"path": "/news/*", "strategy": "news"}],
            "strategies": [
                {"name": "news", "ttl": 60, "max_ttl": 600, "query_strings": ["page"], "headers": ["Accept-Language"]}
            ],
        },
        {
            "origins": [_APP],
            "behaviors": [{"path": "/news/*", "strategy": "news"}],
            "strategies": [{"name": "news", "ttl": 60, "min_ttl": 30, "cookies": ["edition"], "forward": False}],
        },
        {"origins": [_APP], "default": {"cache_policy": _OWN, "origin_request_policy": _OWN}},
        {"origins": [_APP], "default": {"response_headers_policy": _OWN}},
    ],
    "headers of answers": [
        {"origins": [_APP], "headers": {"hsts": 600, "frames": "DENY", "referrer": "no-referrer"}},
        {
            "origins": [_BUCKET],
            "headers": {"cors": {"origins": ["*"]}, "content_security_policy": "default-src 'self'"},
        },
        {
            "origins": [_BUCKET],
            "headers": {
                "hsts": 0,
                "cors": {
                    "origins": ["https://a.example.com"],
                    "methods": ["GET"],
                    "headers": ["X-One", "X-Two"],
                    "expose": ["ETag"],
                    "credentials": True,
                    "max_age": 60,
                },
                "custom": {"X-Shop": "1"},
            },
        },
        {"origins": [_APP]},
    ],
    "functions": [
        {
            "origins": [_APP],
            "functions": [{"name": "rewrite", "code": _CODE}],
            "default": {"on_request": "rewrite", "strategy": "api"},
        },
        {
            "origins": [_APP],
            "functions": [{"name": "rewrite", "code": f"{_CODE} // 2"}, {"name": "last", "code": _CODE}],
            "default": {"on_request": "rewrite", "on_response": "last", "strategy": "api"},
        },
        {
            "origins": [_APP],
            "functions": [{"name": "last", "code": _CODE, "runtime": "cloudfront-js-1.0"}],
            "default": {"on_response": "last", "strategy": "api"},
        },
        {"origins": [_APP], "default": {"strategy": "api"}},
    ],
    "continuous deployment": [
        {"origins": [{**_SERVER, "path": "/{color}"}], "http_version": "http2"},
        {
            "origins": [{**_SERVER, "path": "/{color}"}],
            "http_version": "http2",
            "continuous_deployment": True,
            "aliases": ["www.example.com"],
            "certificate": _CERTIFICATE,
        },
        {
            "origins": [{**_SERVER, "headers": {"X-Color": "blue"}}],
            "http_version": "http2",
            "continuous_deployment": True,
        },
        {"origins": [_SERVER], "http_version": "http2"},
        {"origins": [{**_SERVER, "path": "/{color}"}], "http_version": "http2", "continuous_deployment": True},
    ],
    "names, limits and logs": [
        {"origins": [_APP]},
        {"origins": [_APP], "aliases": ["www.example.com"], "certificate": _CERTIFICATE},
        {
            "origins": [_APP],
            "aliases": ["www.example.com", "example.com"],
            "certificate": _CERTIFICATE,
            "tls_policy": "TLSv1.2_2019",
            "web_acl": _ACL,
        },
        {"origins": [_APP], "http_version": "http2", "ipv6": False, "price_class": "All", "root_object": "index.html"},
        {"origins": [_APP], "errors": [{"status": 503, "page": "/sorry.html", "ttl": 5}, {"status": 404, "ttl": 60}]},
        {"origins": [_APP], "errors": [{"status": 403, "page": "/index.html", "answer": 200}], "geo": {"only": ["DE"]}},
        {"origins": [_APP], "geo": {"never": ["XX", "YY"]}, "logs": {"bucket": "shop-logs.s3.amazonaws.com"}},
        {
            "origins": [_APP],
            "logs": {"bucket": "shop-logs.s3.amazonaws.com", "prefix": "cdn/", "cookies": True},
        },
        {"origins": [_APP]},
    ],
    "tags of what is kept": [
        {"origins": [_APP]},
        {"origins": [_APP], "cache_tag_header": "x-cache-tag"},
        {"origins": [_APP], "cache_tag_header": "x-amz-meta-cache-tag", "root_object": "index.html"},
        {"origins": [_APP]},
    ],
}
