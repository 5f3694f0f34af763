#!/usr/bin/python
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: probe
short_description: Measure from outside what users of a service get
description:
  - Starts, stops and reads the probe, a client that sends a declared mix of requests through the service's entry point
    at a steady rate, and records for each of them what a user would have got.
  - The probe is an open loop. Requests are due at fixed times whatever became of those before, and latency counts from
    when a request was due, so that a service that is stuck cannot hide the requests that would have been slow.
  - The probe runs on the controller, where it needs nothing but Python, detached from Ansible. It outlives the play;
    a later play finds it again by its O(directory).
  - It is fit for production. It requests declared paths only, at no more than 2000 requests a second, says who it is
    in C(User-Agent), and ends by itself after C(max_seconds).
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
attributes:
  check_mode:
    description: Can run in check mode and says what it would change.
    support: full
    details: Starts and stops nothing. Evidence that is there is read.
  diff_mode:
    description: Returns details on what has changed.
    support: none
    details: What changes is a process.
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
    details: A probe that runs in O(directory) is adopted.
options:
  state:
    description:
      - V(started) starts the probe unless one runs in O(directory), and returns when each kind of request was
        answered. It fails, and stops the probe again, when one kind of request only fails.
      - V(stopped) stops it, lets requests under way end, and returns the analysis.
      - V(read) returns the analysis so far.
    type: str
    choices: [started, stopped, read]
    required: true
  directory:
    description: Directory on the controller for the record, status, configuration and log. One for each rollout.
    type: path
    required: true
  service:
    description:
      - The service's declaration, as docs/service-declaration.md describes it. C(entry) says where the probe connects
        and which name and authority it expects, C(clients.cookie) what a session is made of, C(probe) what it sends.
      - Required when O(state=started).
    type: dict
  renew:
    description:
      - With O(state=started), another probe follows one that runs in O(directory), or that ended by itself, and goes on
        with its record for another C(max_seconds). None follows one that died, since its evidence is not whole.
    type: bool
    default: false
  cutovers:
    description: When all users went from one release to another, as the load balancers' clocks had it.
    type: list
    elements: dict
    default: []
    suboptions:
      at:
        description: Epoch seconds.
        type: float
        required: true
      first:
        description: Where routers moved one by one, when the first did.
        type: float
      from:
        description: Id of the release before; none at a first release.
        type: str
      to:
        description: Id of the release after.
        type: str
  gate:
    description:
      - What must hold for the task to succeed. Without it, the task reports and does not judge.
      - With it, a probe that died or ended by itself fails the task, too. Missing evidence never passes.
    type: dict
    suboptions:
      max_failed:
        description: Failed requests.
        type: int
        default: 0
      max_slow_percent:
        description: Slow requests in percent of those sent.
        type: float
        default: 5.0
      min_sent:
        description: Requests that must have been sent.
        type: int
        default: 1
      max_wrong_release:
        description: Requests answered by the wrong release. Judged when given; meaningful with O(cutovers).
        type: int
  watch:
    description: With O(state=read), how many seconds to go on reading, while O(gate) holds.
    type: float
    default: 0.0
  tolerance_ms:
    description: Milliseconds around a cutover within which both releases are right, at least the clocks' distance.
    type: float
    default: 50.0
  slow_ms:
    description: Milliseconds after which an answer is slow.
    type: float
    default: 1000.0
  start_deadline:
    description: Seconds to wait for first answers.
    type: float
    default: 15.0
  stop_deadline:
    description: Seconds to wait for the probe to end. It is never killed.
    type: float
    default: 60.0
"""

EXAMPLES = r"""
- name: Watch what users get
  seamless.delivery.probe:
    state: started
    directory: reports/probe/storefront
    service:
      name: storefront
      entry:
        address: 10.111.0.10
        port: 443
        hostnames: [shop.example.test]
        ca_file: files/ca.pem
      clients:
        cookie: sid
      probe:
        rate: 100
        mix: {keep_alive: 70, new_connection: 20, slow: 2, post: 8}
        paths:
          keep_alive: [/, /products/1]
          slow: /slow?seconds=2
          post: /orders
          stream: /stream?seconds=30
          websocket: /ws
        streams: 4
        websockets: 4

- name: Go on only while users get what they ask for
  seamless.delivery.probe:
    state: read
    directory: reports/probe/storefront
    gate:
      max_failed: 0
      min_sent: 500

- name: Stop watching, and take the evidence
  seamless.delivery.probe:
    state: stopped
    directory: reports/probe/storefront
    cutovers:
      - at: 1790000000.25
        from: 1.0.0-1a2b3c4d
        to: 2.0.0-5e6f7a8b
  register: proof
"""

RETURN = r"""
directory:
  description: Absolute path of the directory.
  returned: always
  type: str
pid:
  description: The probe's process, none when it does not run.
  returned: always
  type: int
running:
  description: Whether it runs now.
  returned: always
  type: bool
adopted:
  description: Whether it ran already.
  returned: when O(state=started)
  type: bool
rows:
  description: "File with one line for each request: C(sent,ms,kind,status,release,error)."
  returned: always
  type: str
status:
  description: File with the probe's own view of itself, replaced twice a second.
  returned: always
  type: str
log:
  description: File with what the probe had to say; empty when all is well.
  returned: always
  type: str
died:
  description: Why the probe does not run although nobody stopped it; none when all is well.
  returned: when O(state) is V(read) or V(stopped)
  type: str
analysis:
  description: What the record adds up to; none when there is none (after V(stopped), or in check mode).
  returned: when O(state) is V(read) or V(stopped)
  type: dict
  contains:
    sent:
      description: Requests, streams and websockets.
      type: int
    failed:
      description: Those that a user would have seen fail.
      type: int
    slow:
      description: Those answered later than O(slow_ms).
      type: int
    wrong_release:
      description: Those answered by the release that should not have.
      type: int
    errors:
      description: Failures by reason.
      type: dict
    by_second:
      description: The same counts, releases and latency for each second.
      type: list
      elements: dict
    latency:
      description: Milliseconds C(p50), C(p95), C(p99) (within 1 percent) and C(max), C(before), C(during) (5 s
        from the cutover on) and C(after).
      type: dict
    last_from_ms:
      description: Milliseconds from the cutover to the last quick answer of the old release.
      type: float
    first_to_ms:
      description: Milliseconds from the cutover to the first quick answer of the new release.
      type: float
    long_lived:
      description: Streams and websockets C(opened) and C(broken).
      type: dict
    late_ms:
      description: How late the probe itself woke, so that a busy controller is not blamed on the service.
      type: dict
    unsent:
      description: Requests that were not sent because the probe was starved for longer than it may catch up.
      type: int
    silent_seconds:
      description: Seconds in which nothing was sent.
      type: int
    unreadable:
      description: Lines of the record that cannot be read.
      type: int
"""
