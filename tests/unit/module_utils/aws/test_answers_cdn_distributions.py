# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Distributions, their copies and the policy between them, where AWS answers as no emulator does."""

from __future__ import annotations

from contextlib import closing

import boto3
import pytest
from a_cdn import E1, E2, MARK, SHOP, SITE, WHEN, config, declared, listing, refused, tells, wanted
from a_vendor import WHATEVER, gives, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.concern import Cdn
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.declared import DEPLOYMENT, STAGING
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.deployment import (
    DeploymentPolicy,
    StagingDistribution,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.kinds import Distribution
from ansible_collections.seamless.delivery.plugins.module_utils.aws.parts import Parts
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws

COPY = Address(STAGING, "shop")
DONE = {"ResponseMetadata": {"HTTPStatusCode": 204}}  # an answer without content
TAGS = [{"Key": "Name", "Value": "shop"}, {"Key": STACK_TAG, "Value": "shop"}]


# -- distributions ---------------------------------------------------------------------------


def summary(ids, **more):
    told = ("Aliases", "Origins", "DefaultCacheBehavior", "CacheBehaviors", "CustomErrorResponses", "Comment")
    its = ("PriceClass", "Enabled", "ViewerCertificate", "Restrictions", "WebACLId", "HttpVersion", "IsIPV6Enabled")
    said = {"Id": ids["id"], "ARN": ids["arn"], "DomainName": ids["domain"], "Status": "Deployed"}
    whole = config()
    return {**{key: whole[key] for key in (*told, *its)}, **said, "LastModifiedTime": WHEN, "Staging": False, **more}


def distributions(*summaries, **more):
    return listing("list_distributions", "DistributionList", *summaries, **more)


def writes(ids, its, etag="v1"):
    return gives("cloudfront", "update_distribution", Id=ids["id"], IfMatch=etag, DistributionConfig=its)


def tagged(*tags):
    return gives("cloudfront", "list_tags_for_resource", {"Tags": {"Items": list(tags)}})


def policies(*those, **more):
    return listing("list_continuous_deployment_policies", "ContinuousDeploymentPolicyList", *those, **more)


def policy(its_id, domain):
    names = {"Quantity": 1, "Items": [domain]}
    its = {"StagingDistributionDnsNames": names, "Enabled": False}
    answer = {"Id": its_id, "LastModifiedTime": WHEN, "ContinuousDeploymentPolicyConfig": its}
    return {"ContinuousDeploymentPolicy": answer}


MADE_ALREADY = refused("create_distribution_with_tags", "DistributionAlreadyExists")


def test_a_distribution_whose_making_was_not_answered_is_known_by_its_mark():
    foreign = (summary(E1, Comment=comment) for comment in ("", f"{MARK}-2", "shop"))
    with vendor(
        MADE_ALREADY, distributions(*foreign, more="E2"), distributions(summary(E2)), tells(E2, config())
    ) as aws:
        assert Distribution(aws, Parts({})).create(wanted(SHOP)) == E2


def test_a_distribution_that_aws_says_is_there_but_does_not_list_is_told_of():
    told = "AWS says that distribution shop exists already and does not list it: run this again"
    answers = (MADE_ALREADY, distributions(summary(E1, Comment="somebody else's")))
    with vendor(*answers) as aws, pytest.raises(StackError, match=told):
        Distribution(aws, Parts({})).create(wanted(SHOP))


def test_a_distribution_that_is_gone_is_not_deleted():
    with vendor(refused("get_distribution_config", "NoSuchDistribution", Id="E1")) as aws:
        Distribution(aws, Parts({})).delete(Found(SHOP, E1, {}))


def test_a_distribution_that_bears_only_the_comment_is_not_disabled():
    told = f"distribution shop lacks the tag {STACK_TAG}, and is left as it is"
    with vendor(tells(E1, config()), tagged()) as aws, pytest.raises(StackError, match=told):
        Distribution(aws, Parts({})).delete(Found(SHOP, E1, {}))


@pytest.mark.parametrize(("live", "idle"), [("blue", "green"), ("green", "blue")])
def test_a_copy_whose_making_was_not_answered_is_tagged_and_serves_the_other_color(live, idle):
    copied = config(live, Staging=True)
    copying = {"PrimaryDistributionId": "E1", "Staging": True, "Enabled": True, "IfMatch": "v7"}
    answers = (
        tells(E1, config(live), "v7"),
        refused("copy_distribution", "DistributionAlreadyExists", CallerReference=WHATEVER, **copying),
        distributions(summary(E1), summary(E2, Staging=True)),
        tells(E1, config(live)),
        tells(E2, copied),
        tagged(),
        gives("cloudfront", "tag_resource", Resource=E2["arn"], Tags={"Items": TAGS}),
        tells(E2, copied, "v2"),
        writes(E2, config(idle, Staging=True), "v2"),
    )
    with vendor(*answers) as aws:
        assert StagingDistribution(aws, Parts({})).create(wanted(COPY)) == E2


def test_a_copy_that_only_lacks_its_tag_is_not_written():
    with vendor(gives("cloudfront", "tag_resource", Resource=E2["arn"], Tags={"Items": TAGS})) as aws:
        StagingDistribution(aws, Parts({})).change(Found(COPY, E2, {}), wanted(COPY), {"stack"})


def test_a_copy_that_changes_keeps_its_color():
    before = config("green", Staging=True)
    answers = (tells(E2, before), writes(E2, {**before, "PriceClass": "PriceClass_100"}))
    with vendor(*answers) as aws:
        change = wanted(COPY, price_class="100")
        StagingDistribution(aws, Parts({})).change(Found(COPY, E2, {}), change, {"price_class"})


# -- the policy between them -----------------------------------------------------------------

TRAFFIC = Address(DEPLOYMENT, "shop")
BETWEEN = Wanted(TRAFFIC, {"staging": E2["domain"], "of": "E1"})
OFF = {
    "StagingDistributionDnsNames": {"Quantity": 1, "Items": [E2["domain"]]},
    "Enabled": False,
    "TrafficConfig": {"Type": "SingleWeight", "SingleWeightConfig": {"Weight": 0}},
}
STILL_THERE = gives("cloudfront", "get_continuous_deployment_policy", {"ETag": "p1"}, Id="D1")
DELETING = {"operation": "delete_continuous_deployment_policy", "Id": "D1", "IfMatch": "p1"}
IN_USE = refused(code="ContinuousDeploymentPolicyInUse", **DELETING)
ATTACHED = {"ContinuousDeploymentPolicyId": "D1"}


@pytest.mark.parametrize("code", ["ContinuousDeploymentPolicyAlreadyExists", "StagingDistributionInUse"])
def test_a_policy_that_a_lost_call_has_made_is_known_by_its_copy_and_attached(code):
    answers = (
        refused("create_continuous_deployment_policy", code, ContinuousDeploymentPolicyConfig=OFF),
        policies(policy("D0", "another.cloudfront.net"), more="D1"),
        policies(policy("D1", E2["domain"])),
        tells(E1, config()),
        writes(E1, config(**ATTACHED)),
    )
    with vendor(*answers) as aws:
        assert DeploymentPolicy(aws, Parts({})).create(BETWEEN) == {"id": "D1"}


def test_a_policy_that_aws_has_and_does_not_list_yet_is_an_error_in_words():
    answers = (
        refused(
            "create_continuous_deployment_policy", "StagingDistributionInUse", ContinuousDeploymentPolicyConfig=OFF
        ),
        policies(policy("D0", "another.cloudfront.net")),
    )
    with (
        vendor(*answers) as aws,
        pytest.raises(StackError, match="exists already and does not list it: run this again"),
    ):
        DeploymentPolicy(aws, Parts({})).create(BETWEEN)


def test_a_policy_that_is_attached_is_not_attached_again():
    with vendor(tells(E1, config(**ATTACHED))) as aws:
        DeploymentPolicy(aws, Parts({})).change(Found(TRAFFIC, {"id": "D1"}, {}), BETWEEN, {"of"})


def test_a_policy_goes_once_no_distribution_uses_it(clock):
    answers = (
        tells(E1, config(**ATTACHED)),
        writes(E1, config(ContinuousDeploymentPolicyId="")),
        STILL_THERE,
        IN_USE,
        IN_USE,
        gives("cloudfront", given=DONE, **DELETING),
    )
    with vendor(*answers) as aws:
        found = Found(TRAFFIC, {"id": "D1"}, {"staging": E2["domain"], "of": "E1"})
        DeploymentPolicy(aws, Parts({})).delete(found)
    assert clock.slept == [10.0, 10.0]


def test_a_policy_that_stays_in_use_is_told_of(clock):
    clock.pause = 3700.0
    told = "waited 3600 s for deployment policy shop to be used no longer, which did not come"
    with vendor(STILL_THERE, IN_USE, IN_USE) as aws, pytest.raises(StackError, match=told):
        DeploymentPolicy(aws, Parts({})).delete(Found(TRAFFIC, {"id": "D1"}, {"of": ""}))


@pytest.mark.parametrize("of", ["", "E1"])
def test_a_policy_that_is_gone_is_not_deleted(of):
    without = refused("get_distribution_config", "NoSuchDistribution", Id="E1")
    gone = refused("get_continuous_deployment_policy", "NoSuchContinuousDeploymentPolicy", Id="D1")
    with vendor(*([without] if of else []), gone) as aws:
        DeploymentPolicy(aws, Parts({})).delete(Found(TRAFFIC, {"id": "D1"}, {"of": of}))


# -- what is declared ------------------------------------------------------------------------

OF_STACK = {Address("certificate", "shop"): {}}


def test_every_mistake_is_told_before_aws_is_asked():
    told = (
        "origins.app.path: expected .*; cache_tag_header: expected the name of a header, as x-cache-tag, but found 'x "
    )
    wrong = declared(origins=[{**SITE["origins"][0], "path": "x"}], cache_tag_header="x cache")
    with vendor() as aws, pytest.raises(StackError, match=told):
        Cdn(aws, wrong).wanted({})


def test_the_stacks_certificate_has_to_be_where_cloudfront_looks_for_it():
    told = "CloudFront takes certificates from us-east-1 alone, and the stack's is in eu-central-1: name the ARN"
    with vendor() as aws, pytest.raises(StackError, match=told):
        Cdn(aws, declared(aliases=["shop.example.com"])).wanted(OF_STACK)


def test_the_stacks_certificate_is_taken_where_cloudfront_looks_for_it():
    aws = Aws("shop", lambda service: boto3.client(service, region_name="us-east-1"))
    with closing(aws):
        those = Cdn(aws, declared(aliases=["shop.example.com"])).wanted(OF_STACK)
    (certificate,) = (one.properties["certificate"] for one in those if one.address == SHOP)
    assert certificate == Address("certificate", "shop").ref("arn")
