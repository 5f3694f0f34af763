# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which source a declaration means: one line for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.seamless.delivery.plugins.plugin_utils.sources import cloudwatch, queries
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.base import Source, SourceError
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.haproxy import HAProxySource
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.prometheus import PrometheusSource

_Maker = Callable[[Mapping[str, Any], Mapping[str, Any], Mapping[str, str], float], Source]


def _cloudwatch(
    declared: Mapping[str, Any], service: Mapping[str, Any], _addresses: Mapping[str, str], began: float
) -> Source:
    return cloudwatch.counting(declared, service["metrics"]["edges"], began)


def _haproxy(
    declared: Mapping[str, Any], service: Mapping[str, Any], addresses: Mapping[str, str], _began: float
) -> Source:
    origins = {name: f"{_host(address)}:{declared['port']}" for name, address in addresses.items()}
    return HAProxySource(service["name"], origins, service["metrics"]["edges"])


def _prometheus(
    declared: Mapping[str, Any], service: Mapping[str, Any], _addresses: Mapping[str, str], _began: float
) -> Source:
    asked = queries.declared(declared, service["name"])
    return PrometheusSource(declared["url"], asked, service["metrics"]["edges"], declared["ca_file"])


SOURCES: dict[str, _Maker] = {"haproxy": _haproxy, "prometheus": _prometheus, "cloudwatch": _cloudwatch}
"""Makers by the type of ``service.metrics.source``."""


def open_source(
    declared: Mapping[str, Any], service: Mapping[str, Any], addresses: Mapping[str, str], began: float
) -> Source:
    """The source of *declared* (``service.metrics.source``), for a *service* whose declaration was checked.

    *addresses* are those of the load balancers, by name. What is counted happened from *began* on (epoch seconds); a
    source whose counters are older may give them whole. Raises SourceError where there is none of this type.
    """
    maker = SOURCES.get(declared["type"])
    if maker is None:
        known = " or ".join(SOURCES)
        raise SourceError(f"service.metrics.source.type: expected {known}, found {declared['type']}")
    return maker(declared, service, addresses, began)


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address
