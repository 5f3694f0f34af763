# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A firewall as AWS tells of it: its lists of addresses and of web ACLs."""

from __future__ import annotations

from a_vendor import gives, refuses

from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import STACK_TAG

MARK = f"{STACK_TAG}=shop"
DONE = {"ResponseMetadata": {"HTTPStatusCode": 200}}  # an answer without content
ARN, OTHER_ARN = (f"arn:aws:wafv2:eu-central-1:1:regional/webacl/{name}/2" for name in ("shop", "another"))
ITS_ACL = {"Name": "shop", "Scope": "REGIONAL", "Id": "2"}


def says(operation, given=None, scope="", **asked):
    return gives(f"wafv2{scope}", operation, DONE if given is None else given, **asked)


def refused(operation, code, message="because", **asked):
    return refuses("wafv2", operation, code, message, **asked)


def acls(*those, more="", **asked):
    return says("list_web_acls", {"WebACLs": list(those), **({"NextMarker": more} if more else {})}, **asked)


def lists(*those, more="", **asked):
    return says("list_ip_sets", {"IPSets": list(those), **({"NextMarker": more} if more else {})}, **asked)
