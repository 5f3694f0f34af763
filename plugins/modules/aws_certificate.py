# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_certificate
short_description: A certificate on AWS, issued or imported, whose renewal is watched
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - A certificate that AWS issues and renews, for names in hosted zones of Route 53. The records by which AWS sees that
    the names are yours are made, and the module returns when the certificate is issued.
  - Or one of your own, that is imported. A later one is imported in its place, so that what uses it needs no change.
  - For other names a new certificate is made before the old one goes. One that is still in use stays, until a run after
    what uses it has been given the new one.
  - CloudFront takes certificates from the region us-east-1 alone.
extends_documentation_fragment:
  - seamless.delivery.stack
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  domain:
    description:
      - The name, such as C(www.example.com) or C(*.example.com).
      - Exactly one of this and O(imported) is required with O(state=present).
    type: str
  alternative_names:
    description: Other names that it is for as well.
    type: list
    elements: str
    default: []
  key_algorithm:
    description: The kind of its key.
    type: str
    choices: [RSA_2048, EC_prime256v1, EC_secp384r1]
    default: RSA_2048
  zone_id:
    description:
      - The id of the hosted zone that the records are made in. Left out, for each name the public zone of this account
        with the longest domain that the name lies in.
      - The records are the same for all certificates of the account for a name, and are taken away with the last one
        that a stack has for it. TXT records below them, as M(seamless.delivery.aws_dns) makes them, say whose they are.
    type: str
  imported:
    description: A certificate of your own, in PEM.
    type: dict
    suboptions:
      certificate:
        description: The certificate.
        type: str
        required: true
      private_key:
        description: Its key, not encrypted. It is neither shown nor compared.
        type: str
        required: true
      chain:
        description: The certificates of its issuers, one after the other.
        type: str
        default: ""
  renew_before:
    description:
      - The run fails when the certificate ends in fewer days than this and has no successor, that is, AWS did not renew
        it (which it does sixty days before), or O(imported) is still the same.
      - With 0 the run does not fail.
    type: int
    default: 14
"""

EXAMPLES = r"""
- name: A certificate for the shop's names
  seamless.delivery.aws_certificate:
    stack: shop
    domain: example.com
    alternative_names: ["*.example.com"]

- name: A certificate of our own
  seamless.delivery.aws_certificate:
    stack: shop
    imported:
      certificate: "{{ lookup('ansible.builtin.file', 'shop.crt') }}"
      private_key: "{{ lookup('amazon.aws.secretsmanager_secret', 'shop/tls-key') }}"
      chain: "{{ lookup('ansible.builtin.file', 'issuers.crt') }}"
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["+ create certificate shop"]
counts:
  description: How many resources were created, changed, replaced and deleted.
  returned: success
  type: dict
  sample: {"create": 1, "change": 0, "replace": 0, "delete": 0}
resources:
  description: The identifiers of each resource, by its kind and name. A certificate's is its C(arn).
  returned: success
  type: dict
"""

from ansible_collections.seamless.delivery.plugins.module_utils.aws.certificate.concern import Certificates
from ansible_collections.seamless.delivery.plugins.module_utils.aws.certificate.declared import ARGUMENTS, CHECKS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Certificates(aws, params, alone=params["state"] == "present")],
        **CHECKS,
    )


if __name__ == "__main__":
    main()
