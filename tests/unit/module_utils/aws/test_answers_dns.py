# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and what proves them: zones of others, records that somebody altered, and a certificate that is not issued."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from a_vendor import gives, refuses, vendor
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.certificate.concern import Certificates
from ansible_collections.seamless.delivery.plugins.module_utils.aws.certificate.declared import (
    ARGUMENTS as OF_CERTIFICATES,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.certificate.declared import CERTIFICATE
from ansible_collections.seamless.delivery.plugins.module_utils.aws.certificate.kinds import Certificate
from ansible_collections.seamless.delivery.plugins.module_utils.aws.certificate.validation import Validation
from ansible_collections.seamless.delivery.plugins.module_utils.aws.dns.concern import Dns
from ansible_collections.seamless.delivery.plugins.module_utils.aws.dns.declared import ARGUMENTS, CHECK, RECORD, ZONE
from ansible_collections.seamless.delivery.plugins.module_utils.aws.dns.kinds import HealthCheck, Record
from ansible_collections.seamless.delivery.plugins.module_utils.aws.dns.marks import mark
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    Ref,
    StackError,
    Wanted,
)

OURS = f"{STACK_TAG}=shop"


pytestmark = pytest.mark.usefixtures("clock")


def declared(*records, **options):
    checked = ArgumentSpecValidator(ARGUMENTS).validate(
        {"zone": "example.com", "records": [dict(one) for one in records], **options}
    )
    assert not checked.error_messages
    return checked.validated_parameters


# -- what Route 53 answers -------------------------------------------------------------------


def zone(at, name, made_as="x", private=False):
    its = {"Id": f"/hostedzone/{at}", "Name": f"{name}.", "CallerReference": made_as}
    return {**its, "Config": {"PrivateZone": private, "Comment": OURS}}


def zones(*its, after="", before=""):
    answer = {"HostedZones": list(its), "IsTruncated": bool(after), "MaxItems": "100", "Marker": before}
    more = {"NextMarker": after} if after else {}
    return gives("route53", "list_hosted_zones", {**answer, **more}, **({"Marker": before} if before else {}))


def check(at, made_as):
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": "www.example.com", "Port": 443}
    return {"Id": at, "CallerReference": made_as, "HealthCheckVersion": 1, "HealthCheckConfig": config}


def checks(*its):
    answer = {"HealthChecks": list(its), "IsTruncated": False, "MaxItems": "100", "Marker": ""}
    return gives("route53", "list_health_checks", answer)


def records(at, *its, **asked):
    answer = {"ResourceRecordSets": list(its), "IsTruncated": False, "MaxItems": "300"}
    return gives("route53", "list_resource_record_sets", answer, HostedZoneId=at, **asked)


def changes(at, action, *its):
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": one} for one in its]}
    return {"HostedZoneId": at, "ChangeBatch": batch}


def written(at, action, *its):
    info = {"Id": "1", "Status": "PENDING", "SubmittedAt": datetime(2026, 1, 1, tzinfo=UTC)}
    return gives("route53", "change_resource_record_sets", {"ChangeInfo": info}, **changes(at, action, *its))


WWW = {"Name": "www.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
WWW_WORDS = {
    "zone": "Z1",
    "name": "www.example.com",
    "type": "A",
    "health_check": "",
    "ttl": 60,
    "values": frozenset({"192.0.2.1"}),
}
WWW_MARK = mark("shop", "www.example.com", "A")


# -- zones, health checks and records ---------------------------------------------------------


def read(aws, *records, **options):
    return {one.address: one for one in Dns(aws, declared(*records, **options)).read()}


def test_a_private_zone_of_the_same_domain_is_not_taken_and_what_it_hides_is_found_on_the_next_page():
    asked = [
        zones(zone("Z0", "example.com", f"{OURS}:zone:1", private=True), after="Z1"),
        zones(zone("Z1", "example.com", f"{OURS}:zone:2"), before="Z1"),
        records("Z1"),
    ]
    with vendor(*asked) as aws:
        there = read(aws)
    assert {address: one.ids["id"] for address, one in there.items()} == {Address(ZONE, "example.com"): "Z1"}


def test_health_checks_of_others_are_not_the_stacks():
    asked = [
        zones(zone("Z1", "example.com")),
        checks(check("theirs", "made by hand"), check("eu", f"{OURS}-eu:www:1"), check("ours", f"{OURS}:www:1")),
        records("Z1"),
    ]
    with vendor(*asked) as aws:
        there = read(aws)
    found = {one.ids["id"] for address, one in there.items() if address.kind == CHECK}
    assert found == {"ours"}
    assert not there[Address(ZONE, "example.com")].ours


FIRST = {"name": "www.example.com", "values": ["192.0.2.1"], "set": "eu", "failover": "primary"}


def test_a_record_that_fails_over_is_read_as_it_is_declared_and_is_somebody_elses_without_its_mark():
    described = {**WWW, "SetIdentifier": "eu", "Failover": "PRIMARY"}
    other = {**WWW, "SetIdentifier": "us", "Failover": "SECONDARY"}
    asked = [zones(zone("Z1", "example.com")), checks(), records("Z1", described, other)]
    with vendor(*asked) as aws:
        there = read(aws, FIRST)
        (wanted,) = Dns(aws, declared(FIRST, zone_id="Z1")).wanted({})
    one = there[Address(RECORD, "www.example.com A eu")]
    assert one.properties == wanted.properties
    assert one.properties["failover"] == "primary"
    assert not one.ours
    assert Address(RECORD, "www.example.com A us") not in there


def test_a_record_that_fails_over_is_written_with_its_mark_in_one_batch():
    whole = {**WWW, "SetIdentifier": "eu", "Failover": "PRIMARY", "HealthCheckId": "check-1"}
    with vendor(written("Z1", "UPSERT", whole, mark("shop", "www.example.com", "A", "eu"))) as aws:
        (wanted,) = Dns(aws, declared(FIRST, zone_id="Z1")).wanted({})
        words = {**wanted.properties, "health_check": "check-1"}
        Record(aws).create(Wanted(wanted.address, words, wanted.once))


def refused_removal():
    return refuses(
        "route53",
        "change_resource_record_sets",
        "InvalidChangeBatch",
        "the values provided do not match the current values",
        **changes("Z1", "DELETE", WWW, WWW_MARK),
    )


OUR_WWW = Found(Address(RECORD, "www.example.com A"), {}, WWW_WORDS)


def test_a_record_that_somebody_altered_meanwhile_is_not_removed():
    altered = {**WWW, "Name": "www.example.com.", "TTL": 5}
    with (
        vendor(refused_removal(), records("Z1", altered, WWW_MARK)) as aws,
        pytest.raises(
            StackError, match=r"^record www.example.com A is not as it was when this run began: run it again"
        ),
    ):
        Record(aws).delete(OUR_WWW)


def test_a_record_that_is_gone_already_is_no_error():
    with vendor(refused_removal(), records("Z1", {**WWW, "Name": "api.example.com."})) as aws:
        Record(aws).delete(OUR_WWW)


def checked(changed, *answers):
    words = {"protocol": "HTTPS", "host": "www.example.com", "port": 443, "interval": 30, "failures": 2}
    wanted = Wanted(Address(CHECK, "shop-www"), {**words, "enabled": True, "path": "/up"}, {"made_as": "www"})
    with vendor(*answers) as aws:
        HealthCheck(aws).change(Found(wanted.address, {"id": "check-1"}, {}), wanted, frozenset(changed))


SETS = gives(
    "route53",
    "update_health_check",
    {"HealthCheck": check("check-1", f"{OURS}:www:1")},
    HealthCheckId="check-1",
    FullyQualifiedDomainName="www.example.com",
    Port=443,
    ResourcePath="/up",
    FailureThreshold=2,
    Disabled=False,
)


def test_a_health_check_that_differs_in_what_it_asks_for_alone_is_not_tagged_again():
    checked({"path", "failures"}, SETS)


def test_a_health_check_whose_maker_died_gets_its_tags_before_it_is_enabled():
    name = {"Key": "Name", "Value": "www.example.com"}
    tags = gives(
        "route53",
        "change_tags_for_resource",
        ResourceType="healthcheck",
        ResourceId="check-1",
        AddTags=[name, {"Key": STACK_TAG, "Value": "shop"}],
    )
    checked({"enabled"}, tags, SETS)
    untagged = refuses("route53", "change_tags_for_resource", "AccessDenied")
    with pytest.raises(StackError, match="not allowed: route53:ChangeTagsForResource"):
        checked({"enabled"}, untagged)


def test_an_alias_of_a_distribution_leads_to_the_zone_of_all_of_them():
    with vendor() as aws:
        (record,) = Dns(aws, declared({"name": "example.com", "alias": "distribution"}, zone_id="Z1")).wanted({})
    assert record.properties["alias"] == {
        "dns_name": Ref(Address("distribution", "shop"), "domain"),
        "zone": "Z2FDTNDATAQYW2",
        "evaluate_target_health": False,
    }


@pytest.mark.parametrize("ttl", [-1, 2147483648])
def test_a_declaration_that_cannot_be_is_refused_with_all_that_is_wrong(ttl):
    record = {"name": "www.example.com", "values": ["192.0.2.1"], "ttl": ttl}
    told = rf"^zone_id: expected none with create_zone.*; records: www.example.com A: ttl: .*, but found {ttl}$"
    with vendor() as aws, pytest.raises(StackError, match=told):
        Dns(aws, declared(record, zone_id="Z1", create_zone=True)).wanted({})


# -- certificates ----------------------------------------------------------------------------

ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
PROOF = {"Name": "_a.example.com.", "Type": "CNAME", "Value": "_b.acm-validations.aws."}
PROVES = {"Name": "_a.example.com.", "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": PROOF["Value"]}]}
PROOF_MARK = mark("shop", "_a.example.com", "CNAME", "shop-eu-central-1")
OTHER_MARK = mark("shop", "_a.example.com", "CNAME", "shop-us-east-1")
BELOW = {"StartRecordName": "_a.example.com"}


def certificate(status="PENDING_VALIDATION", proof=PROOF, **more):
    option = {"DomainName": "example.com", **({"ResourceRecord": proof} if proof else {})}
    one = {"CertificateArn": ARN, "Type": "AMAZON_ISSUED", "Status": status, "DomainValidationOptions": [option]}
    return gives("acm", "describe_certificate", {"Certificate": {**one, **more}}, CertificateArn=ARN)


@pytest.mark.parametrize(
    ("status", "more", "told"),
    [
        ("FAILED", {"FailureReason": "CAA_ERROR"}, "CAA_ERROR"),
        ("VALIDATION_TIMED_OUT", {}, "VALIDATION_TIMED_OUT"),
        ("REVOKED", {}, "REVOKED"),
    ],
)
def test_a_certificate_that_aws_does_not_issue_is_told_of_with_why(status, more, told, slept):
    shown = written("Z1", "UPSERT", PROVES, PROOF_MARK)
    with (
        vendor(certificate(proof=None), certificate(), shown, certificate(), certificate(status, **more)) as aws,
        pytest.raises(StackError, match=f"^AWS does not issue the certificate: {told}$"),
    ):
        Certificate(aws, "Z1").wait({"id": ARN, "arn": ARN})
    assert len(slept) == 2


def test_a_certificate_whose_names_are_in_no_zone_of_the_account_says_which_record_is_wanted():
    with (
        vendor(certificate(), zones(zone("Z9", "notexample.com"))) as aws,
        pytest.raises(StackError, match=r"for _a.example.com, but found none: .* be a CNAME of _b.acm-validations.aws"),
    ):
        Certificate(aws, None).wait({"id": ARN, "arn": ARN})


def removed(zone_id, *answers):
    deletes = gives("acm", "delete_certificate", CertificateArn=ARN)
    none_left = gives("resourcegroupstaggingapi", "get_resources", {"ResourceTagMappingList": []})
    with vendor(certificate("ISSUED"), none_left, *answers, deletes) as aws:
        Certificate(aws, zone_id).delete(Found(Address(CERTIFICATE, "shop"), {"arn": ARN}, {}))


def test_a_certificate_goes_also_where_the_zone_of_its_names_is_gone():
    removed(None, zones(zone("Z9", "example.org")))


def test_a_record_that_proves_a_certificate_of_others_stays_where_the_stack_has_no_mark():
    removed("Z1", records("Z1", PROVES, OTHER_MARK, **BELOW))


def test_a_record_that_another_region_needs_loses_the_stacks_mark_alone():
    removed("Z1", records("Z1", PROVES, PROOF_MARK, OTHER_MARK, **BELOW), written("Z1", "DELETE", PROOF_MARK))


def test_a_record_that_nobody_needs_any_more_goes_with_its_mark():
    removed("Z1", records("Z1", PROVES, PROOF_MARK, **BELOW), written("Z1", "DELETE", PROOF_MARK, PROVES))


def test_what_lies_behind_the_record_in_the_zone_is_not_taken_for_its_mark():
    behind = mark("shop", "b.example.com", "CNAME", "shop-eu-central-1")
    with vendor(records("Z1", behind, **BELOW)) as aws:
        Validation(aws, "Z1").hide([PROOF])


def test_a_certificate_that_is_still_in_use_is_not_removed():
    used = certificate("ISSUED", InUseBy=["arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/app/shop/1"])
    with (
        vendor(*[used] * 122) as aws,
        pytest.raises(StackError, match="waited 600 s for certificate shop to be used by nothing, which did not come"),
    ):
        Certificate(aws, "Z1").delete(Found(Address(CERTIFICATE, "shop"), {"arn": ARN}, {}))


def test_a_certificate_that_cannot_be_is_refused_before_aws_is_asked():
    given = ArgumentSpecValidator(OF_CERTIFICATES).validate({"domain": "Example.com"}).validated_parameters
    with vendor() as aws, pytest.raises(StackError, match=r"expected names such as www.example.com.*'Example.com'$"):
        Certificates(aws, given).wanted({})
