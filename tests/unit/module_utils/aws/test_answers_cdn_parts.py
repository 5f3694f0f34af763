# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What distributions refer to, where AWS answers as no emulator does: access controls, policies and functions."""

from __future__ import annotations

import pytest
from a_cdn import MARK, WHEN, listing, refused
from a_vendor import WHATEVER, gives, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn import found as description
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.declared import (
    ACCESS,
    CACHE,
    FUNCTION,
    HEADERS,
    digest,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.kinds import (
    CachePolicy,
    Function,
    OriginAccessControl,
    ResponseHeadersPolicy,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.parts import Parts
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)

# -- access controls and policies ------------------------------------------------------------


def access(name, its_id, comment):
    words = {"SigningProtocol": "sigv4", "SigningBehavior": "always", "OriginAccessControlOriginType": "s3"}
    return {"Id": its_id, "Name": name, "Description": comment, **words}


def cache(name, its_id, comment):
    key = {f"{what}Config": {f"{what[:-1]}Behavior": "none"} for what in ("Headers", "Cookies", "QueryStrings")}
    config = {
        "Name": name,
        "Comment": comment,
        "MinTTL": 0,
        "DefaultTTL": 0,
        "MaxTTL": 0,
        "ParametersInCacheKeyAndForwardedToOrigin": {"EnableAcceptEncodingGzip": True, **key},
    }
    return {"Type": "custom", "CachePolicy": {"Id": its_id, "LastModifiedTime": WHEN, "CachePolicyConfig": config}}


def headers(name, its_id, comment):
    policy = {"Id": its_id, "LastModifiedTime": WHEN, "ResponseHeadersPolicyConfig": {"Name": name, "Comment": comment}}
    return {"Type": "custom", "ResponseHeadersPolicy": policy}


CACHED = {"ttl": 0, "min_ttl": 0, "max_ttl": 0, **dict.fromkeys(("headers", "cookies", "query_strings"), frozenset())}
ANSWERED = {"hsts": 0, "frames": "DENY", "referrer": "origin", "content_security_policy": "", "cors": False}
PARTS = [
    (
        OriginAccessControl,
        Wanted(Address(ACCESS, "shop"), {"origins": "s3", "signs": "always"}),
        lambda *items, **more: listing("list_origin_access_controls", "OriginAccessControlList", *items, **more),
        access,
    ),
    (
        CachePolicy,
        Wanted(Address(CACHE, "shop-pages"), CACHED),
        lambda *items, **more: listing("list_cache_policies", "CachePolicyList", *items, **more),
        cache,
    ),
    (
        ResponseHeadersPolicy,
        Wanted(Address(HEADERS, "shop"), {**ANSWERED, "custom": []}),
        lambda *items, **more: listing("list_response_headers_policies", "ResponseHeadersPolicyList", *items, **more),
        headers,
    ),
]
each_part = pytest.mark.parametrize(("kind", "its", "lists", "item"), PARTS, ids=[one[0].__name__ for one in PARTS])
each_kind = pytest.mark.parametrize(("kind", "its"), [one[:2] for one in PARTS], ids=[one[0].__name__ for one in PARTS])


def exists(kind):
    return refused(f"create_{kind.snake}", f"{kind.shape}AlreadyExists")


@each_part
def test_a_part_that_a_lost_call_has_made_is_known_by_its_mark(kind, its, lists, item):
    others = lists(item("shop-other", "P1", MARK), item("else", "P2", MARK), more="P3")
    with vendor(exists(kind), others, lists(item(its.address.name, "P3", MARK))) as aws:
        assert kind(aws, Parts({})).create(its) == {"id": "P3"}


@each_part
@pytest.mark.parametrize("comment", ["", f"{MARK}-2", f"{STACK_TAG}=another"])
def test_a_part_of_somebody_else_is_not_taken_for_the_stacks(kind, its, lists, item, comment):
    told = f"^{its.address} exists already and does not belong to this stack$"
    with (
        vendor(exists(kind), lists(item(its.address.name, "P3", comment))) as aws,
        pytest.raises(StackError, match=told),
    ):
        kind(aws, Parts({})).create(its)


@each_kind
def test_a_part_that_is_refused_for_another_reason_is_looked_for_nowhere(kind, its):
    too_many = refused(f"create_{kind.snake}", f"TooMany{kind.shape}s", "no more")
    with (
        vendor(too_many) as aws,
        pytest.raises(StackError, match=rf"cloudfront Create.*: no more \(TooMany{kind.shape}"),
    ):
        kind(aws, Parts({})).create(its)


@each_kind
def test_a_part_that_is_gone_is_not_deleted(kind, its):
    with vendor(refused(f"get_{kind.snake}", f"NoSuch{kind.shape}", Id="P3")) as aws:
        kind(aws, Parts({})).delete(Found(its.address, {"id": "P3"}, {}))


@each_kind
def test_a_part_that_goes_between_two_calls_is_gone(kind, its):
    looks = gives("cloudfront", f"get_{kind.snake}", {"ETag": "v1"}, Id="P3")
    gone = refused(f"delete_{kind.snake}", f"NoSuch{kind.shape}", Id="P3", IfMatch="v1")
    with vendor(looks, gone) as aws:
        kind(aws, Parts({})).delete(Found(its.address, {"id": "P3"}, {}))


# -- functions -------------------------------------------------------------------------------

EDGE = Address(FUNCTION, "shop-edge")
FUNCTION_ARN = "arn:aws:cloudfront::123456789012:function/shop-edge"
CODE = "function handler(event) { return event.request }"
ITS_CODE = {
    "Name": "shop-edge",
    "FunctionConfig": {"Comment": f"{MARK} {digest(CODE)}", "Runtime": "cloudfront-js-2.0"},
    "FunctionCode": CODE.encode(),
}
WANTED_FUNCTION = Wanted(EDGE, {"runtime": "cloudfront-js-2.0", "code": digest(CODE)}, once={"code": CODE})


def function(comment, stage="DEVELOPMENT"):
    return {
        "Name": "shop-edge",
        "Status": "UNASSOCIATED",
        "FunctionConfig": {"Comment": comment, "Runtime": "cloudfront-js-2.0"},
        "FunctionMetadata": {"FunctionARN": FUNCTION_ARN, "Stage": stage, "LastModifiedTime": WHEN},
    }


def there_is(comment):
    answer = {"FunctionSummary": function(comment), "ETag": "v1"}
    return gives("cloudfront", "describe_function", answer, Name="shop-edge", Stage="DEVELOPMENT")


def test_a_function_that_a_lost_call_has_made_gets_the_code_and_serves_it():
    answers = (
        refused("create_function", "FunctionAlreadyExists", Tags={"Items": WHATEVER}, **ITS_CODE),
        there_is(f"{MARK} of-another-run"),
        gives("cloudfront", "update_function", {"ETag": "v2"}, IfMatch="v1", **ITS_CODE),
        gives("cloudfront", "publish_function", Name="shop-edge", IfMatch="v2"),
    )
    with vendor(*answers) as aws:
        assert Function(aws, Parts({})).create(WANTED_FUNCTION) == {"id": FUNCTION_ARN, "arn": FUNCTION_ARN}


@pytest.mark.parametrize("comment", ["", "redirects", f"{MARK}-2 0123", f"on top of {MARK}"])
def test_a_function_of_somebody_else_keeps_its_code(comment):
    told = "^function shop-edge exists already and does not belong to this stack$"
    answers = (refused("create_function", "FunctionAlreadyExists"), there_is(comment))
    with vendor(*answers) as aws, pytest.raises(StackError, match=told):
        Function(aws, Parts({})).create(WANTED_FUNCTION)


def test_a_function_that_is_gone_is_not_deleted():
    with vendor(refused("describe_function", "NoSuchFunctionExists", Name="shop-edge")) as aws:
        Function(aws, Parts({})).delete(Found(EDGE, {"id": FUNCTION_ARN}, {}))


@pytest.mark.parametrize("stages", [("LIVE", "DEVELOPMENT"), ("DEVELOPMENT", "LIVE")])
def test_a_functions_code_is_what_serves_in_whatever_order_its_stages_are_told(stages):
    code = {"LIVE": "old", "DEVELOPMENT": "new"}
    told = (function(f"{MARK} {code[stage]}", stage) for stage in stages)
    with vendor(listing("list_functions", "FunctionList", *told)) as aws:
        (found,) = description.READERS[FUNCTION](aws)
    assert (found.address, found.properties["code"], found.ours) == (EDGE, "old", True)
