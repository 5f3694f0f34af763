# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A content delivery network as it is declared: what is refused, and what AWS is told and tells back."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn import colors, declared, options, policies
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.distribution import configured, in_words
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.invalidation import coalesced, covers
from ansible_collections.seamless.delivery.plugins.module_utils.aws.plan import resolve, same
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, StackError

APP = {"name": "app"}
BUCKET = {"name": "files", "bucket": "shop-files.s3.eu-central-1.amazonaws.com"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
ELSEWHERE = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
BALANCER = Address("load balancer", "shop")


def declaration(**given_options):
    checked = ArgumentSpecValidator(options.ARGUMENTS).validate({"origins": [APP], **given_options})
    assert not checked.error_messages
    return checked.validated_parameters


def resources(**options):
    return {one.address: one for one in declared.wanted("shop", declaration(**options), [BALANCER])}


def distribution(**options):
    """The distribution's properties, with an id for each resource."""
    wanted = resources(**options)
    ids = {address: {part: f"{part}-of-{address}" for part in ("id", "arn", "dns_name")} for address in wanted}
    known = {**ids, BALANCER: {"dns_name": "shop-1.elb.amazonaws.com"}}
    return resolve(wanted[Address("distribution", "shop")].properties, known)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"origins": []}, "origins: expected one at least"),
        ({"origins": [APP, APP]}, "origins: expected each once, but found app twice"),
        ({"origins": [{**BUCKET, "domain": "a.example.com"}]}, "origins.files: expected a bucket or a domain"),
        ({"origins": [{"name": "a", "bucket": "shop-files"}]}, "origins.a.bucket: expected"),
        ({"origins": [{**APP, "path": "public/"}]}, "origins.app.path: expected a slash"),
        ({"origins": [{**APP, "timeout": 0}]}, "origins.app.timeout: expected 1 to 120"),
        ({"default": {"strategy": "none"}}, "default.strategy: expected one of api, assets, pages"),
        ({"behaviors": [{"path": "/x", "origin": "none"}]}, "behaviors./x.origin: expected one of app"),
        ({"behaviors": [{"path": "/x"}, {"path": "/x"}]}, "behaviors: expected each once"),
        ({"default": {"on_request": "none"}}, "default.on_request: expected a declared function"),
        ({"functions": [{"name": "a b", "code": ""}]}, "functions.a b: expected a name"),
        ({"functions": [{"name": "a", "code": "é" * 6000}]}, "functions.a.code: expected at most 10240 bytes"),
        ({"strategies": [{"name": "s", "ttl": 5, "max_ttl": 4}]}, "strategies.s: expected 0 <= min_ttl"),
        ({"strategies": [{"name": "s", "ttl": 5, "headers": ["*"]}]}, "strategies.s.headers: expected names"),
        ({"certificate": CERTIFICATE}, "certificate: expected aliases"),
        ({"certificate": ELSEWHERE, "aliases": ["a.example.com"]}, "certificate: expected the ARN of an ACM"),
        ({"web_acl": "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/1"}, "web_acl: expected 'stack' or"),
        ({"headers": {"cors": {"origins": ["*"], "credentials": True}}}, "headers.cors: expected names"),
        ({"errors": [{"status": 404, "answer": 200}]}, "errors.404.page: expected a path"),
        ({"errors": [{"status": 404, "page": "x.html"}]}, "errors.404.page: expected a path with a leading slash"),
        ({"geo": {"only": ["DE"], "never": ["FR"]}}, "geo: expected only or never"),
        ({"logs": {"bucket": "shop-logs"}}, "logs.bucket: expected"),
    ],
)
def test_each_mistake_is_named(options, told):
    assert [mistake for mistake in declared.check(declaration(**options)) if told in mistake]


def test_what_is_right_is_not_refused():
    assert not declared.check(declaration())
    assert not declared.check(
        declaration(
            origins=[APP, BUCKET],
            behaviors=[{"path": "/a/*", "origin": "files", "strategy": "assets", "on_request": "arn:aws:x"}],
            aliases=["a.example.com"],
            certificate=CERTIFICATE,
            web_acl="stack",
            headers={"cors": {"origins": ["https://a.example.com"], "credentials": True}},
            errors=[{"status": 404, "page": "/x.html", "answer": 200}],
            geo={"only": ["DE"]},
            logs={"bucket": "shop-logs.s3.amazonaws.com"},
        )
    )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"origins": [BUCKET, {**APP, "headers": {"X-B": "2", "X-A": "1"}, "shield": "eu-central-1", "path": "/p"}]},
        {"behaviors": [{"path": "/b", "strategy": "api"}, {"path": "/a", "strategy": "assets"}]},
        {"functions": [{"name": "f", "code": "1"}], "default": {"on_response": "f", "on_request": "f"}},
        {"aliases": ["b.example.com", "a.example.com"], "certificate": CERTIFICATE},
        {"errors": [{"status": 503, "page": "/x.html"}, {"status": 404}, {"status": 403, "page": "/", "answer": 200}]},
        {"geo": {"never": ["DE", "FR"]}, "logs": {"bucket": "l.s3.amazonaws.com", "cookies": True}},
        {"headers": {}, "http_version": "http2", "price_class": "All", "ipv6": False, "root_object": "index.html"},
        {"cache_tag_header": "x-cache-tag"},
    ],
)
def test_what_aws_is_told_reads_back_as_it_was_declared(options):
    words = distribution(**options)
    assert same(words, in_words(configured(words, {"CallerReference": "1"})))


def test_what_is_not_declared_stays():
    words = distribution(behaviors=[{"path": "/a"}])
    edge = {"Quantity": 1, "Items": [{"LambdaFunctionARN": "arn:aws:lambda:1", "EventType": "origin-request"}]}
    before = configured(words, {"CallerReference": "1", "ContinuousDeploymentPolicyId": "p"})
    before["CacheBehaviors"]["Items"][0]["LambdaFunctionAssociations"] = edge
    before["Origins"]["Items"][0]["ConnectionAttempts"] = 2
    after = configured({**words, "price_class": "All"}, before)
    assert after["CacheBehaviors"]["Items"][0]["LambdaFunctionAssociations"] == edge
    assert after["Origins"]["Items"][0]["ConnectionAttempts"] == 2
    assert (after["ContinuousDeploymentPolicyId"], after["PriceClass"]) == ("p", "PriceClass_All")


def test_a_behavior_from_before_there_were_policies_gets_them():
    words = distribution()
    before = configured(words, {"CallerReference": "1"})
    before["DefaultCacheBehavior"] |= {"MinTTL": 0, "ForwardedValues": {"QueryString": True}}
    assert not {"MinTTL", "ForwardedValues"} & configured(words, before)["DefaultCacheBehavior"].keys()


@pytest.mark.parametrize(
    ("origin", "strategy", "forwarded", "methods"),
    [
        ({}, "pages", "Managed-AllViewer", "all"),
        ({}, "assets", "Managed-HostHeaderOnly", "read"),
        ({"domain": "a.example.com"}, "api", "Managed-AllViewerExceptHostHeader", "all"),
        ({"domain": "a.example.com"}, "assets", "", "read"),
        ({"bucket": BUCKET["bucket"]}, "assets", "", "read"),
    ],
)
def test_an_origin_gets_the_name_that_its_certificate_is_for(origin, strategy, forwarded, methods):
    default = distribution(origins=[{"name": "a", **origin}], default={"strategy": strategy})["default"]
    assert (default["origin_request_policy"], default["methods"]) == (forwarded, methods)


def test_only_the_policies_that_behaviors_use_are_made():
    assert {str(one) for one in resources(default={"strategy": "api"})} == {"distribution shop"}
    own = resources(
        origins=[APP, BUCKET],
        default={"strategy": "s"},
        strategies=[{"name": "s", "ttl": 1}, {"name": "unused", "ttl": 1}],
        headers={},
    )
    assert {str(one) for one in own} == {
        "origin access control shop",
        "cache policy shop-s",
        "response headers policy shop",
        "distribution shop",
    }


@pytest.mark.parametrize(
    ("of", "kind", "to_aws", "in_words_"),
    [
        (
            {"strategies": [{"name": "pages", "ttl": 1, "cookies": ["*"], "headers": ["B", "A"]}]},
            "cache policy shop-pages",
            policies.cache_policy,
            policies.cache_policy_in_words,
        ),
        ({}, "cache policy shop-pages", policies.cache_policy, policies.cache_policy_in_words),
        (
            {"headers": {"hsts": 0, "custom": {"X-B": 2, "X-A": 1}, "cors": {"origins": ["*"], "expose": ["ETag"]}}},
            "response headers policy shop",
            policies.headers_policy,
            policies.headers_policy_in_words,
        ),
        (
            {"headers": {"content_security_policy": "default-src 'self'"}},
            "response headers policy shop",
            policies.headers_policy,
            policies.headers_policy_in_words,
        ),
    ],
)
def test_a_policy_reads_back_as_it_was_declared(of, kind, to_aws, in_words_):
    words = {str(address): one for address, one in resources(**of).items()}[kind].properties
    assert same(words, in_words_(to_aws(words)))


# -- invalidations ---------------------------------------------------------------------------

PATHS = st.lists(st.text("ab/", max_size=4).flatmap(lambda s: st.sampled_from([f"/{s}", f"/{s}*"])), min_size=1)


@given(PATHS)
def test_the_fewest_paths_cover_all(paths):
    fewest = coalesced(paths)
    assert all(any(covers(one, path) for one in fewest) for path in paths)
    assert not [one for one in fewest if any(covers(other, one) for other in fewest if other != one)]
    assert set(fewest) <= set(paths)


def test_paths_are_encoded_as_viewers_do():
    assert coalesced(["/grüße", "/a%20b", "/q?x=1&y=~"]) == ["/a%20b", "/gr%C3%BC%C3%9Fe", "/q?x=1&y=~"]


@pytest.mark.parametrize("paths", [[], ["a"], ["/a*b"], ["/" + "a" * 4000], [f"/{n}/*" for n in range(16)]])
def test_what_aws_would_refuse_is_refused(paths):
    with pytest.raises(StackError, match="paths: expected"):
        coalesced(paths)


@pytest.mark.parametrize("tag", ["", "a,b", "a b", "ü", "a" * 257])
def test_a_tag_that_aws_would_refuse_is_refused(tag):
    with pytest.raises(StackError, match="tags: expected"):
        coalesced(["/"], [tag])


def test_a_tag_with_a_star_covers_itself_alone():
    assert coalesced([], ["a*", "AB", "ab", "!~"]) == ["#!~", "#a*", "#ab"]
    assert covers("#a*", "#a*")
    assert not covers("#a*", "#ab")


def test_tags_count_as_paths():
    assert len(coalesced([f"/{n}" for n in range(2999)], ["one"])) == 3000
    with pytest.raises(StackError, match="3001"):
        coalesced([f"/{n}" for n in range(2999)], ["one", "two"])


def test_as_many_paths_as_aws_takes_are_taken():
    assert len(coalesced([f"/{n}" for n in range(3000)])) == 3000
    with pytest.raises(StackError, match="3001"):
        coalesced([f"/{n}" for n in range(3001)])


# -- colors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "generic"),
    [
        ("/releases/blue", "/releases/{color}"),
        ("green", "{color}"),
        ("/{color}/x", "/{color}/x"),
        ("/blueprint/x-green", "/blueprint/x-green"),
        ("", ""),
    ],
)
def test_a_color_between_slashes_stands_for_either(text, generic):
    assert colors.generic(text) == colors.generic(colors.colored(text, "green")) == generic


@pytest.mark.parametrize("origin", [{"path": "/{color}"}, {"headers": {"X-Color": "blue", "X-Other": "1"}}])
def test_a_distribution_keeps_its_color_through_every_change(origin):
    words = distribution(origins=[{**APP, "domain": "a.example.com", **origin}])
    first = configured(words, {"CallerReference": "1"})
    assert colors.color_of(first) == "blue"
    after = configured({**words, "price_class": "All"}, colors.recolored(first, "green"))
    assert (colors.color_of(after), after["PriceClass"]) == ("green", "PriceClass_All")
    assert same(words["origins"], in_words(after)["origins"])


def test_an_origin_without_colors_has_none():
    assert colors.color_of(configured(distribution(), {"CallerReference": "1"})) is None


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"origins": [{**APP, "path": "/blue"}]}, "http_version: expected http2"),
        ({"http_version": "http2"}, "continuous_deployment: expected {color}"),
    ],
)
def test_continuous_deployment_needs_two_colors_and_http_2(options, told):
    wrong = declared.check(declaration(continuous_deployment=True, **options))
    assert [mistake for mistake in wrong if told in mistake]
    assert not declared.check(
        declaration(continuous_deployment=True, http_version="http2", origins=[{**APP, "path": "/blue"}])
    )
