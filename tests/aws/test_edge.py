# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A distribution beyond what all modules promise: changes by others, lost answers, half-done runs, invalidations."""

from __future__ import annotations

from typing import Any

import pytest
from harness import Emulator

CODE = "function handler(event) { return event.request; }"
SITE: dict[str, Any] = {
    "stack": "shop",
    "origins": [{"name": "app", "domain": "origin.example.com"}],
    "functions": [{"name": "rewrite", "code": CODE}],
    "default": {"on_request": "rewrite"},
    "headers": {},
}


@pytest.fixture
def site(emulator: Emulator) -> str:
    """A distribution; its id."""
    its_id: str = emulator.must("aws_cdn", SITE)["resources"]["distribution shop"]["id"]
    return its_id


def test_a_change_keeps_what_others_have_set(emulator: Emulator, site: str) -> None:
    cloudfront = emulator.client("cloudfront")
    there = cloudfront.get_distribution_config(Id=site)
    edge = {
        "Quantity": 1,
        "Items": [{"LambdaFunctionARN": "arn:aws:lambda:us-east-1:1:function:a:1", "EventType": "origin-request"}],
    }
    there["DistributionConfig"]["DefaultCacheBehavior"]["LambdaFunctionAssociations"] = edge
    cloudfront.update_distribution(Id=site, IfMatch=there["ETag"], DistributionConfig=there["DistributionConfig"])
    assert emulator.must("aws_cdn", SITE)["changed"] is False
    assert emulator.must("aws_cdn", {**SITE, "price_class": "All"})["plan"] == [
        "~ change distribution shop: price_class"
    ]
    after = cloudfront.get_distribution_config(Id=site)["DistributionConfig"]
    assert after["DefaultCacheBehavior"]["LambdaFunctionAssociations"]["Items"] == edge["Items"]


def test_what_was_never_declared_is_not_looked_at_and_stays(emulator: Emulator, site: str) -> None:
    cloudfront = emulator.client("cloudfront")
    there = cloudfront.get_distribution_config(Id=site)
    config = {**there["DistributionConfig"], "DefaultRootObject": "own.html"}
    cloudfront.update_distribution(Id=site, IfMatch=there["ETag"], DistributionConfig=config)
    emulator.must("aws_cdn", {**SITE, "price_class": "All"})
    assert cloudfront.get_distribution_config(Id=site)["DistributionConfig"]["DefaultRootObject"] == "own.html"
    emulator.must("aws_cdn", {**SITE, "root_object": "index.html"})
    assert emulator.must("aws_cdn", SITE)["plan"] == ["~ change distribution shop: root_object"]


def test_a_write_that_was_overtaken_is_refused(emulator: Emulator, site: str) -> None:
    emulator.trouble(failing=[{"operation": "UpdateDistribution", "code": "PreconditionFailed", "status": 412}])
    refused = emulator.run_module("aws_cdn", {**SITE, "price_class": "All"})
    assert "PreconditionFailed" in refused["msg"]
    assert "run this again" in refused["msg"]
    assert emulator.must("aws_cdn", {**SITE, "price_class": "All"})["changed"] is True
    assert (
        emulator.client("cloudfront")
        .get_distribution_config(Id=site)["DistributionConfig"]["PriceClass"]
        .endswith("All")
    )


def test_a_lost_answer_doubles_nothing(emulator: Emulator) -> None:
    emulator.trouble(failing=[{"operation": "Create*", "done": True, "times": 4}])
    emulator.must("aws_cdn", SITE)
    assert emulator.must("aws_cdn", SITE)["changed"] is False
    assert len(emulator.client("cloudfront").list_distributions()["DistributionList"]["Items"]) == 1


def test_a_function_that_was_never_published_is(emulator: Emulator) -> None:
    emulator.trouble(failing=[{"operation": "PublishFunction", "code": "AccessDenied", "status": 403}])
    assert "not allowed: cloudfront:PublishFunction" in emulator.run_module("aws_cdn", SITE)["msg"]
    done = emulator.must("aws_cdn", SITE)
    assert "~ change function shop-rewrite: code" in done["plan"]
    stages = emulator.client("cloudfront").list_functions(Stage="LIVE")["FunctionList"]["Items"]
    assert [one["FunctionMetadata"]["Stage"] for one in stages] == ["DEVELOPMENT", "LIVE"]


def test_somebody_elses_policy_is_left_alone(emulator: Emulator) -> None:
    emulator.must("aws_cdn", {**SITE, "stack": "shop-pages"})  # its names begin as those of shop do
    cloudfront = emulator.client("cloudfront")
    before = cloudfront.list_cache_policies(Type="custom")["CachePolicyList"]["Items"]
    config = before[0]["CachePolicy"]["CachePolicyConfig"]
    cloudfront.create_cache_policy(CachePolicyConfig={**config, "Name": "shop-pages", "Comment": "mine"})
    refused, written = emulator.counting(lambda: emulator.run_module("aws_cdn", SITE))
    assert "cache policy shop-pages exists already and does not belong to this stack" in refused["msg"]
    assert written == []


def test_one_that_was_disabled_serves_again(emulator: Emulator, site: str) -> None:
    cloudfront = emulator.client("cloudfront")
    there = cloudfront.get_distribution_config(Id=site)
    off = {**there["DistributionConfig"], "Enabled": False}
    cloudfront.update_distribution(Id=site, IfMatch=there["ETag"], DistributionConfig=off)
    assert emulator.must("aws_cdn", SITE)["plan"] == ["~ change distribution shop: enabled"]


def test_a_removal_that_was_interrupted_goes_on(emulator: Emulator, site: str) -> None:
    gone = {**SITE, "state": "absent", "deletion_protection": False}
    emulator.trouble(failing=[{"operation": "DeleteDistribution", "code": "AccessDenied", "status": 403}])
    assert emulator.run_module("aws_cdn", gone)["failed"]
    assert emulator.client("cloudfront").get_distribution_config(Id=site)["DistributionConfig"]["Enabled"] is False
    emulator.must("aws_cdn", gone)
    assert not [key for key in emulator.state() if key.startswith("cloudfront")]


def test_the_stacks_web_acl_is_found_by_its_name_and_scope(emulator: Emulator) -> None:
    emulator.must("aws_waf", {"stack": "shop", "protects": []})
    assert "this stack has no web acl shop" in emulator.run_module("aws_cdn", {**SITE, "web_acl": "stack"})["msg"]
    acl = emulator.must("aws_waf", {"stack": "shop", "scope": "CLOUDFRONT"})["resources"]["web acl shop"]["arn"]
    site = emulator.must("aws_cdn", {**SITE, "web_acl": "stack"})["resources"]["distribution shop"]["id"]
    config = emulator.client("cloudfront").get_distribution_config(Id=site)["DistributionConfig"]
    assert config["WebACLId"] == acl


def test_another_acl_keeps_its_load_balancer(emulator: Emulator) -> None:
    balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/other/0123456789abcdef"
    emulator.must("aws_waf", {"stack": "first", "protects": [balancer]})
    refused = emulator.run_module("aws_waf", {"stack": "second", "protects": [balancer]})
    assert "is protected by arn:aws:wafv2" in refused["msg"]
    assert emulator.must("aws_waf", {"stack": "first", "protects": [balancer]})["changed"] is False


def test_a_list_of_addresses_is_taken_over_where_its_answer_was_lost(emulator: Emulator) -> None:
    wall = {"stack": "shop", "protects": [], "block_from": ["192.0.2.0/24", "2001:db8::/32"]}
    emulator.trouble(failing=[{"operation": "Create*", "done": True, "times": 3}])
    emulator.must("aws_waf", wall)
    assert emulator.must("aws_waf", wall)["changed"] is False


# -- invalidations ---------------------------------------------------------------------------


def test_one_cutover_makes_one_invalidation(emulator: Emulator, site: str) -> None:
    asked = {"distribution": site, "paths": ["/news/*", "/", "/news/today"], "since": 1.0}
    would = emulator.must("cloudfront_invalidation", asked, check=True)
    made = emulator.must("cloudfront_invalidation", asked)
    assert (would["changed"], would["paths"]) == (True, made["paths"]) == (True, ["/", "/news/*"])
    assert made["status"] == "InProgress"
    again = emulator.must("cloudfront_invalidation", {**asked, "paths": ["/news/today"], "wait": True})
    assert (again["changed"], again["invalidation"], again["status"]) == (False, made["invalidation"], "Completed")


def test_one_from_before_the_cutover_will_not_do(emulator: Emulator, site: str) -> None:
    asked = {"distribution": site, "paths": ["/"]}
    first = emulator.must("cloudfront_invalidation", {**asked, "since": 1.0})
    later = emulator.must("cloudfront_invalidation", {**asked, "since": first["created_at"] + 1})
    unsaid = emulator.must("cloudfront_invalidation", asked)
    assert len({one["invalidation"] for one in (first, later, unsaid)}) == 3


def test_too_many_at_a_time_wait_their_turn(emulator: Emulator, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    emulator.trouble(
        failing=[{"operation": "CreateInvalidation", "code": "TooManyInvalidationsInProgress", "status": 400}]
    )
    assert emulator.must("cloudfront_invalidation", {"distribution": site, "paths": ["/"]})["changed"] is True


def test_what_aws_would_refuse_is_never_sent(emulator: Emulator, site: str) -> None:
    refused, written = emulator.counting(
        lambda: emulator.run_module("cloudfront_invalidation", {"distribution": site, "paths": ["news"]})
    )
    assert "paths: expected" in refused["msg"]
    assert written == []


def test_one_reference_is_one_invalidation(emulator: Emulator, site: str) -> None:
    asked = {"distribution": site, "paths": ["/"], "reference": "rollout-1-shift"}
    made = emulator.must("cloudfront_invalidation", asked)
    again = emulator.must("cloudfront_invalidation", {**asked, "since": made["created_at"] - 60})
    would = emulator.must("cloudfront_invalidation", asked, check=True)
    assert [one["changed"] for one in (made, again, would)] == [True, False, False]
    assert made["invalidation"] == again["invalidation"] == would["invalidation"]
    back = emulator.must("cloudfront_invalidation", {**asked, "reference": "rollout-1-back"})
    assert back["invalidation"] != made["invalidation"]
    refused = emulator.run_module("cloudfront_invalidation", {**asked, "paths": ["/other"]})
    assert "reference: expected a new one for /other" in refused["msg"]


def test_a_lost_answer_is_not_a_second_invalidation(emulator: Emulator, site: str) -> None:
    """Where the first one is not found, as by a clock that is ahead, AWS itself knows it by its reference."""
    asked = {"distribution": site, "paths": ["/"], "reference": "rollout-1-shift"}
    made = emulator.must("cloudfront_invalidation", asked)
    again = emulator.must("cloudfront_invalidation", {**asked, "since": made["created_at"] + 3600})
    assert again["invalidation"] == made["invalidation"]
    unnamed = {"distribution": site, "paths": ["/"], "since": made["created_at"] + 3600}
    assert emulator.must("cloudfront_invalidation", unnamed)["invalidation"] != made["invalidation"]


def test_tags_are_invalidated_where_they_are_kept(emulator: Emulator, site: str) -> None:
    asked = {"distribution": site, "tags": ["Product:1", "product:1", "all*"], "paths": ["/"], "since": 1.0}
    refused, written = emulator.counting(lambda: emulator.run_module("cloudfront_invalidation", asked))
    assert "reads them from no header" in refused["msg"]
    assert written == []
    emulator.must("aws_cdn", {**SITE, "cache_tag_header": "x-cache-tag"})
    made = emulator.must("cloudfront_invalidation", asked)
    assert made["paths"] == ["#all*", "#product:1", "/"]
    again = emulator.must("cloudfront_invalidation", {**asked, "tags": ["PRODUCT:1"], "paths": None})
    assert (again["changed"], again["invalidation"]) == (False, made["invalidation"])
    assert emulator.must("cloudfront_invalidation", {**asked, "tags": ["all-of-it"]})["changed"] is True
