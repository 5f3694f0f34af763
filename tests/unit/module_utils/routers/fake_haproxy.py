# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bench for the HAProxy router: HAProxy's side of its admin socket, and a clock that moves when somebody sleeps."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy import HAProxyRouter

MAP = "/etc/haproxy/seamless/split.map"


class FakeHAProxy:
    """A HAProxy that answers on *path* until closed; ``servers`` maps (backend, server) to (status, last check).

    ``sessions`` maps a session to its backend, or to backend/server; ``told`` maps (backend, server) to the state that
    it was put into. ``refuse`` is an answer that whoever sets something gets instead; ``forget`` makes maps silently
    keep what they have, as in a worker that is about to be replaced; ``commands`` is all that was asked.
    """

    def __init__(self, path: Path) -> None:
        self.entries = {"other": "1000"}
        self.servers = {
            (f"shop_{color}", f"{color}{number}"): ("UP", "L7OK") for color in ("blue", "green") for number in (1, 2)
        }
        self.sessions: dict[str, str] = {}
        self.told: dict[tuple[str, str], str] = {}
        self.commands: list[str] = []
        self.refuse = ""
        self.forget = 0
        self.map_path = MAP
        self.path = str(path)
        fake = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                line = self.rfile.readline().decode().strip()
                if line:
                    self.wfile.write(fake.answer(line).encode() + b"\n")

        self._server = socketserver.ThreadingUnixStreamServer(self.path, Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        Path(self.path).unlink(missing_ok=True)

    def answer(self, command: str) -> str:
        self.commands.append(command)
        words = command.split()
        if words[:2] == ["show", "map"]:
            return self._show_map(words[2])
        if words[1:2] == ["map"]:
            return self._change(words[0], words[3], words[4])
        if words == ["show", "stat"]:
            return self._show_stat()
        if words == ["show", "sess"]:
            return "".join(
                f"{name}: proto=tcpv4 src=10.0.0.9:1 fe=https be={where.partition('/')[0]}"
                f" srv={where.partition('/')[2] or 'a'} ts=00\n"
                for name, where in self.sessions.items()
            )
        if words[:3] == ["show", "servers", "state"]:
            return self._show_servers(words[3])
        if words[:2] == ["set", "server"]:
            return self._tell(words[2], words[4])
        if words[:2] == ["shutdown", "session"]:
            self.sessions.pop(words[2])
            return ""
        return "Unknown command."

    def _show_servers(self, backend: str) -> str:
        flags = {"ready": 0, "maint": 1, "drain": 8}
        lines = ["1", "# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state"]
        for number, (owner, server) in enumerate(self.servers):
            if owner == backend:
                lines.append(f"3 {owner} {number} {server} 10.0.0.1 2 {flags[self.told.get((owner, server), 'ready')]}")
        return "\n".join(lines) + "\n"

    def _tell(self, where: str, state: str) -> str:
        if self.refuse:
            return self.refuse
        backend, _slash, server = where.partition("/")
        self.told[backend, server] = state
        return ""

    def _show_map(self, path: str) -> str:
        if path != self.map_path:
            return "Unknown map identifier. Please use #<id> or <file>."
        return "".join(f"0x55d0 {key} {value}\n" for key, value in self.entries.items())

    def restart(self) -> None:
        """What a restart or a reboot does: memory becomes what is on file."""
        lines = Path(self.map_path).read_text(encoding="utf-8").splitlines()
        self.entries = dict(line.split() for line in lines)

    def _change(self, verb: str, key: str, value: str) -> str:
        if self.refuse:
            return self.refuse
        if self.forget:
            self.forget -= 1
            return ""
        if verb == "set" and key not in self.entries:
            return "entry not found."
        self.entries[key] = value
        return ""

    def _show_stat(self) -> str:
        lines = ["# pxname,svname,scur,status,check_status,", "https,FRONTEND,3,OPEN,,"]
        for backend in sorted({backend for backend, _server in self.servers}):
            for (owner, server), (status, check) in self.servers.items():
                if owner == backend:
                    told = self.told.get((owner, server), "ready")
                    shown = "MAINT" if told == "maint" else "DRAIN" if told == "drain" and status == "UP" else status
                    mine = list(self.sessions.values()).count(f"{backend}/{server}")
                    lines.append(f"{backend},{server},{mine},{shown},{check},")
            busy = sum(where.partition("/")[0] == backend for where in self.sessions.values())
            lines.append(f"{backend},BACKEND,{busy},UP,,")
        return "\n".join(lines) + "\n"


class Clock:
    """Starts at epoch second 1000; ``events`` are run when the time they name is reached.

    Somebody who sets the wall clock changes ``set_by``: the monotonic one goes on.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.set_by = 0.0
        self.events: list[tuple[float, Callable[[], object]]] = []

    def time(self) -> float:
        return self.now + self.set_by

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        for event in [one for one in self.events if one[0] <= self.now]:
            self.events.remove(event)
            event[1]()


@dataclass
class Bench:
    """One service, ``shop``, with two members in each pool and everything on blue."""

    haproxy: FakeHAProxy
    router: HAProxyRouter
    clock: Clock
    map: Path
    state: Path

    def untouched(self) -> bool:
        """Whether file, memory and bookkeeping are as a fresh installation leaves them."""
        return (
            self.map.read_text() == "other 1000\n"
            and self.haproxy.entries == {"other": "1000"}
            and not [path for path in self.state.glob("*") if path.suffix != ".lock"]
        )

    def green(self) -> tuple[str | None, bool]:
        """Green's buckets in memory, and whether the file says the same."""
        value = self.haproxy.entries.get("shop")
        return value, (f"shop {value}" in self.map.read_text().splitlines())
