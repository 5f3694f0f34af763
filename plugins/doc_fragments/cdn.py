# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of a content delivery network."""

    DOCUMENTATION = r"""
options:
  origins:
    description: Where CloudFront gets what it does not have. Required with O(state=present).
    type: list
    elements: dict
    suboptions:
      name:
        description: Its name, by which behaviors refer to it.
        type: str
        required: true
      bucket:
        description:
          - The regional domain name of an S3 bucket, as C(shop-assets.s3.eu-central-1.amazonaws.com).
          - It is read with an origin access control, so that nobody else needs to. Its own policy has to allow
            C(cloudfront.amazonaws.com) C(s3:GetObject) where C(AWS:SourceArn) is the distribution's ARN.
        type: str
      domain:
        description:
          - The domain name of a server of your own, which is asked over HTTPS. Its certificate has to be for this name.
          - With neither this nor O(origins[].bucket), the origin is the stack's load balancer. It is asked over HTTPS
            for the name that the viewer asked for, so its certificate has to be for the aliases.
        type: str
      path:
        description:
          - What is put before the path of every request, as C(/public).
          - C({color}) in it, and in the values of O(origins[].headers), stands for the color that is served, which
            belongs to rollouts. C(blue) and C(green) between slashes mean the same.
        type: str
        default: ""
      shield:
        description: The region of an origin shield, a cache that all others ask. Left out, there is none.
        type: str
      headers:
        description: Headers that each request to the origin has besides, such as a secret that it asks for.
        type: dict
        default: {}
      timeout:
        description: Seconds to wait for an answer of the origin, 1 to 120. Not for buckets.
        type: int
        default: 30
  default:
    description: What holds for every path that no behavior is for.
    type: dict
    suboptions:
      origin: &origin
        description: The name of an origin. Left out, the first one.
        type: str
      strategy: &strategy
        description:
          - How long answers are kept, one of O(strategies) or a built-in one.
          - C(assets) keeps for a year what has a version in its name; GET and HEAD alone, without cookies and queries.
          - C(pages) keeps what the origin says may be kept, for a day at most; the whole query counts, cookies do not.
          - C(api) keeps nothing, and refuses what does not come over HTTPS.
        type: str
        default: pages
      on_request: &on_request
        description: The name of a function of O(functions), or the ARN of your own, that sees each request.
        type: str
      on_response: &on_response
        description: The same for each answer.
        type: str
      cache_policy: &cache_policy
        description: The id of a cache policy of your own, instead of the strategy's.
        type: str
      origin_request_policy: &origin_request_policy
        description: The id of an origin request policy of your own, instead of the strategy's.
        type: str
      response_headers_policy: &response_headers_policy
        description: The id of a response headers policy of your own, instead of that of O(headers).
        type: str
  behaviors:
    description: What holds for some paths. The first one that fits counts.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: A pattern, as C(/assets/*).
        type: str
        required: true
      origin: *origin
      strategy: *strategy
      on_request: *on_request
      on_response: *on_response
      cache_policy: *cache_policy
      origin_request_policy: *origin_request_policy
      response_headers_policy: *response_headers_policy
  strategies:
    description: Strategies of your own, each a cache policy. One may have the name of a built-in one and replaces it.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      ttl:
        description: Seconds for which an answer is kept when the origin does not say.
        type: int
        required: true
      min_ttl:
        description: Seconds for which it is kept at least, whatever the origin says.
        type: int
        default: 0
      max_ttl:
        description: Seconds for which it is kept at most; 0 to keep nothing at all.
        type: int
        default: 31536000
      query_strings:
        description: The parameters of the query that make two answers different; C(*) for all.
        type: list
        elements: str
        default: []
      cookies:
        description: The cookies that do; C(*) for all.
        type: list
        elements: str
        default: []
      headers:
        description: The headers that do.
        type: list
        elements: str
        default: []
      forward:
        description:
          - Whether the origin gets all of the viewer's request, of any method. Without it, GET and HEAD with what is
            named here alone.
        type: bool
        default: true
  headers:
    description: Headers of every answer. Left out, AWS's own set C(Managed-SecurityHeadersPolicy).
    type: dict
    suboptions:
      hsts:
        description: Seconds for which browsers use HTTPS alone; 0 to not say so.
        type: int
        default: 31536000
      frames:
        description: Who may show the pages in a frame.
        type: str
        choices: [DENY, SAMEORIGIN]
        default: SAMEORIGIN
      referrer:
        description: What other sites learn of where a visitor came from.
        type: str
        default: strict-origin-when-cross-origin
      content_security_policy:
        description: The Content-Security-Policy. Left out, the origin's own.
        type: str
        default: ""
      cors:
        description: Which other sites may use the answers in scripts. Left out, what the origin says.
        type: dict
        suboptions:
          origins:
            description: The sites, as C(https://www.example.com); C(*) for all.
            type: list
            elements: str
            required: true
          methods:
            description: The methods that they may use.
            type: list
            elements: str
            default: [GET, HEAD, OPTIONS]
          headers:
            description: The request headers that they may send.
            type: list
            elements: str
            default: [Content-Type]
          expose:
            description: The headers of answers that their scripts may read.
            type: list
            elements: str
            default: []
          credentials:
            description: Whether they may send cookies. Then no list may have C(*).
            type: bool
            default: false
          max_age:
            description: Seconds for which a browser remembers this.
            type: int
            default: 600
      custom:
        description: Further headers, by name.
        type: dict
        default: {}
  functions:
    description: CloudFront functions, published as they are declared.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name, to which the stack's is added.
        type: str
        required: true
      code:
        description: Its source, JavaScript of at most 10 KB.
        type: str
        required: true
      runtime:
        description: The version of the runtime.
        type: str
        choices: [cloudfront-js-1.0, cloudfront-js-2.0]
        default: cloudfront-js-2.0
  aliases:
    description: The names under which viewers reach it, besides CloudFront's own.
    type: list
    elements: str
    default: []
  certificate:
    description:
      - The ARN of an ACM certificate in C(us-east-1), the only region that CloudFront takes them from, for the aliases.
      - Left out, the stack's, which has to be there; without aliases, CloudFront's own.
    type: str
  tls_policy:
    description: The predefined policy that says which versions and ciphers of TLS viewers may use.
    type: str
    default: TLSv1.2_2021
  web_acl:
    description:
      - The ARN of a web ACL of scope C(CLOUDFRONT), or C(stack) for the stack's (M(seamless.delivery.aws_waf)).
      - Left out, none.
    type: str
  http_version:
    description:
      - The highest versions of HTTP. Continuous deployment (M(seamless.delivery.cloudfront_split)) needs V(http2), for
        AWS does not allow it together with HTTP/3.
    type: str
    choices: [http1.1, http2, http3, http2and3]
    default: http2and3
  ipv6:
    description: Whether it is reached over IPv6 too.
    type: bool
    default: true
  price_class:
    description: Which of CloudFront's places are used, North America and Europe alone, most of them, or all.
    type: str
    choices: ["100", "200", All]
    default: "100"
  root_object:
    description: What a request for C(/) gets, as C(index.html).
    type: str
    default: ""
  cache_tag_header:
    description:
      - The header of the origin's answers with an object's cache tags, separated by commas, as C(x-cache-tag), or
        C(x-amz-meta-cache-tag) from a bucket. M(seamless.delivery.cloudfront_invalidation) invalidates by them.
      - Empty, CloudFront keeps no tags. What it has kept before has none until it is fetched anew.
      - Needs a botocore of April 2026 or newer, and is not there in AWS's regions in China.
    type: str
    default: ""
  errors:
    description: Answers for errors of the origin.
    type: list
    elements: dict
    default: []
    suboptions:
      status:
        description: The status that it is for.
        type: int
        required: true
      page:
        description: The path of what is answered instead, as C(/sorry.html).
        type: str
      answer:
        description: The status that viewers get with the page. Left out, the same.
        type: int
      ttl:
        description: Seconds for which the error is kept.
        type: int
        default: 10
  logs:
    description: Where a log of each request is kept. Left out, there is none.
    type: dict
    suboptions:
      bucket:
        description: The bucket's domain name, as C(shop-logs.s3.amazonaws.com). It has to allow ACLs.
        type: str
        required: true
      prefix:
        description: The folder in it.
        type: str
        default: ""
      cookies:
        description: Whether cookies are logged.
        type: bool
        default: false
  continuous_deployment:
    description:
      - Whether there is a staging distribution for the other color and a policy to send viewers to it, so that
        M(seamless.delivery.cloudfront_split) can. It begins with nobody.
      - It gets all that is declared here. What its origins have for the color is not touched after it was made.
      - The policies of buckets have to allow both distributions. While this is true, AWS refuses to give the
        distribution a first web ACL, or to take its last one away.
    type: bool
    default: false
  geo:
    description: Countries, as ISO 3166-1 codes of two letters. Left out, all may.
    type: dict
    suboptions:
      only:
        description: None but these may.
        type: list
        elements: str
        default: []
      never:
        description: All but these may.
        type: list
        elements: str
        default: []
"""
