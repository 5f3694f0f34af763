# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""moto's server behind a door of ours: each call gets a name, a line in the log, and, where asked for, trouble.

Below ``/emulator``: ``GET calls`` (the log), ``GET seen`` (which operations there ever were), ``GET state`` (what is
there), ``GET balancer/NAME`` and ``GET distribution/ALIAS`` (where they forward), ``PUT trouble`` (see trouble.py), and
``POST reset``.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from moto import backends
from moto.core.base_backend import BackendDict
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

from . import BY_TESTS, extend
from .balancer import balancer
from .distribution import distribution
from .names import body_of, named
from .state import state
from .trouble import Trouble, Unanswered

Environ = dict[str, Any]
Answer = Iterable[bytes]
Start = Callable[..., Any]


class Handler(MotoRequestHandler):
    """Connections are kept, as AWS keeps them, and an answer's headers and body are sent at once."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def handle_expect_100(self) -> bool:
        """Say at once that a body may follow."""
        said: bool = super().handle_expect_100()
        self.wfile.flush()
        return said

    def log_request(self, *_: Any) -> None:
        """The log is the emulator's own."""


@dataclass(frozen=True)
class Call:
    """One call: to which service, which operation, whether it may have written, and the status it was answered with.

    ``claim`` is what it sent to a table under a condition, empty for other calls. A claim has a token of its own (see
    module_utils/routers/fence_table.py), so that the same one is the same call, made again for want of an answer.
    """

    service: str
    operation: str
    writes: bool
    status: int
    seconds: float
    claim: str


class Emulator:
    """The WSGI application."""

    def __init__(self) -> None:
        self.inner = DomainDispatcherApplication(create_backend_app)
        self.calls: list[Call] = []
        #: Which operations were ever called, but for those of tests themselves (``harness.Emulator.client``).
        self.seen: set[str] = set()
        self.trouble = Trouble()
        self._one_write = threading.Lock()  # moto's backends were not made for threads

    def __call__(self, environ: Environ, start: Start) -> Answer:
        """Answer a request."""
        path = environ["PATH_INFO"]
        if path.startswith("/emulator/"):
            return self._asked(environ, path.removeprefix("/emulator/"), start)
        if path.startswith("/moto-api"):
            return self.inner(environ, start)
        return self._called(environ, start)

    def _called(self, environ: Environ, start: Start) -> Answer:
        began = time.monotonic()
        call = named(environ)
        claim = body_of(environ).decode() if (call.service, call.operation) == ("dynamodb", "UpdateItem") else ""
        seen: list[int] = []

        def note(status: str, headers: Any, *error: Any) -> Any:
            seen.append(int(status[:3]))
            return start(status, headers, *error)

        def perform(start: Start) -> Answer:
            with self._one_write:
                return list(self.inner(environ, start))

        try:
            return self.trouble.meet(call, _question(environ), perform, note)
        except Unanswered:
            seen.append(0)
            start("500 Nobody", [("Content-Length", "0")])
            return []
        finally:
            if BY_TESTS not in environ.get("HTTP_USER_AGENT", ""):
                self.seen.add(f"{call.service}:{call.operation}")
            if status := seen[-1]:
                took = time.monotonic() - began
                self.calls.append(Call(call.service, call.operation, call.writes, status, took, claim))

    def _asked(self, environ: Environ, what: str, start: Start) -> Answer:
        said = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or "null")
        answer: Any = None
        if what == "calls":
            answer = [asdict(call) for call in self.calls]
        elif what == "seen":
            answer = sorted(self.seen)
        elif what == "held":
            answer = self.trouble.held
        elif what == "past":
            answer = self.trouble.told_of_the_past
        elif what == "state":
            answer = state()
        elif what.startswith("balancer/"):
            with self._one_write:
                answer = balancer(what.removeprefix("balancer/"))
        elif what.startswith("distribution/"):
            with self._one_write:
                answer = distribution(what.removeprefix("distribution/"))
        elif what == "trouble":
            self.trouble.expect(**(said or {}))
        elif what == "reset":
            self.trouble.expect()
            with self._one_write:
                _empty()
            self.calls.clear()
        body = json.dumps(answer).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def _empty() -> None:
    """Leave nothing, not even what a service makes anew while it is reset: those that it stands on."""
    services = BackendDict._instances
    for service in services:  # those that are made anew are at the end
        for account in list(service.values()):
            for backend in list(account.values()):
                backend.reset()
    for service in services:
        service.clear()
    services.clear()
    extend.reset()


def _question(environ: Environ) -> bytes:
    """What tells a call from another one to the same operation: its address and its body."""
    return f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')} ".encode() + body_of(environ)


def application() -> Emulator:
    """The emulator with every extension."""
    extend.load()
    modules = tuple(backends.list_of_moto_modules())  # moto would look through its folder for each call
    backends.list_of_moto_modules = lambda: modules
    return Emulator()
