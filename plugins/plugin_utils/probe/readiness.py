# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a probe that was just started gets answers, and if not, why and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .config import Config

ENOUGH = 3
"""Failures of one kind, without one success, that make waiting any longer pointless."""

_HINTS = {
    "connect_refused": "Nothing listens there: check service.entry and that the load balancers run",
    "connect_timeout": "No answer from there: check service.entry.address, routes and firewalls",
    "dns": "The name does not resolve here: check service.entry.address",
    "tls_certificate": "Name the authority that signed the certificate in service.entry.ca_file; "
    "the certificate must be for the first of service.entry.hostnames",
    "tls_error": "Check that service.entry.port speaks TLS (or declare service.probe.tls: false)",
    "status_404": "Correct the path in service.probe.paths, or drop this kind from service.probe.mix",
    "status_503": "The load balancer has no server for it: check the pools' health",
    "timeout": "The service does not answer in service.probe.timeout seconds",
}


def wanted(config: Config) -> list[str]:
    """Return the kinds that the configuration asks for."""
    kinds = [kind for kind, weight in config.mix.items() if weight > 0]
    return kinds + ["stream"] * bool(config.streams) + ["websocket"] * bool(config.websockets)


def ready(config: Config, status: Mapping[str, Any]) -> bool:
    """Say whether each kind was answered, or is held open."""
    return all(_good(status, kind) for kind in wanted(config))


def hopeless(config: Config, status: Mapping[str, Any], enough: int = ENOUGH) -> str | None:
    """Return what is wrong with a kind that has only failed, at least `enough` times; None otherwise."""
    for kind in wanted(config):
        failed = status["kinds"].get(kind, {}).get("failed", 0)
        if failed >= enough and not _good(status, kind):
            return _explain(config, kind, failed, status["last_errors"][kind])
    return None


def overdue(config: Config, status: Mapping[str, Any] | None, seconds: float) -> str | None:
    """Return what is wrong when the time to wait is over; None when some were answered, and no kind only failed."""
    if status is None:
        return f"it wrote no status within {seconds:g} s"
    if problem := hopeless(config, status, enough=1):
        return problem
    if not any(_good(status, kind) for kind in wanted(config)):
        return f"no request to {config.address}:{config.port} was answered within {seconds:g} s"
    return None


def _good(status: Mapping[str, Any], kind: str) -> bool:
    counts = status["kinds"].get(kind, {})
    return bool(counts.get("ok") or counts.get("opened"))


def _explain(config: Config, kind: str, failed: int, error: Mapping[str, Any]) -> str:
    where = f"{config.address}:{config.port} (as {config.server_name})"
    paths = " ".join(config.paths[kind])
    reason, detail = error["reason"], error["detail"]
    hint = _HINTS.get(reason, "Ask for this path with another client")
    return f"all {failed} requests of kind {kind} for {paths} at {where} failed: {reason} ({detail}). {hint}"
