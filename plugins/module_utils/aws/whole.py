# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole stack: every concern, in the order in which they build on one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .backup.concern import Backup
from .backup.declared import ARGUMENTS as BACKUP
from .backup.declared import CHECKS as BACKUP_CHECKS
from .cache.concern import Caches
from .cache.options import ARGUMENTS as CACHE
from .cache.options import CHECKS as CACHE_CHECKS
from .cdn.concern import Cdn
from .cdn.options import ARGUMENTS as CDN
from .cdn.options import CHECKS as CDN_CHECKS
from .certificate.concern import Certificates
from .certificate.declared import ARGUMENTS as CERTIFICATE
from .certificate.declared import CHECKS as CERTIFICATE_CHECKS
from .compute.concern import Compute
from .compute.declared import ARGUMENTS as COMPUTE
from .compute.declared import CHECKS as COMPUTE_CHECKS
from .cost.concern import Cost
from .cost.declared import ARGUMENTS as COST
from .cost.declared import CHECKS as COST_CHECKS
from .database.concern import Databases
from .database.options import ARGUMENTS as DATABASE
from .database.options import CHECKS as DATABASE_CHECKS
from .dns.concern import Dns
from .dns.declared import ARGUMENTS as DNS
from .ledger.concern import Ledger
from .ledger.declared import ARGUMENTS as LEDGER
from .load_balancing.concern import LoadBalancing
from .load_balancing.declared import ARGUMENTS as LOAD_BALANCER
from .load_balancing.declared import CHECKS as LOAD_BALANCER_CHECKS
from .network.concern import Network
from .network.declared import ARGUMENTS as NETWORK
from .observability.concern import Observability
from .observability.declared import ARGUMENTS as OBSERVABILITY
from .resource import Concern, Others, StackError, Wanted
from .security.concern import Security
from .security.declared import ARGUMENTS as SECURITY
from .session import Aws
from .waf.concern import Waf
from .waf.declared import ARGUMENTS as WAF


class Section(NamedTuple):
    """One section of a stack's declaration: what makes its concern, its options, and what holds between them."""

    concern: Callable[[Aws, Mapping[str, Any]], Concern]
    arguments: Mapping[str, Mapping[str, Any]]
    checks: Mapping[str, Any] = {}


class InStack:
    """The concern of a section *name*, whose mistakes are told under that name."""

    def __init__(self, name: str, concern: Concern) -> None:
        self.kinds = concern.kinds
        self.read = concern.read
        self._name = name
        self._concern = concern

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """As the concern has it. Raises StackError."""
        try:
            return self._concern.wanted(others)
        except StackError as error:
            raise StackError(f"{self._name}: {error}") from error


SECTIONS: dict[str, Section] = {
    "network": Section(Network, NETWORK),
    "ledger": Section(Ledger, LEDGER),
    "dns": Section(Dns, DNS),
    "certificate": Section(Certificates, CERTIFICATE, CERTIFICATE_CHECKS),
    "load_balancer": Section(LoadBalancing, LOAD_BALANCER, LOAD_BALANCER_CHECKS),
    "waf": Section(Waf, WAF),
    "compute": Section(Compute, COMPUTE, COMPUTE_CHECKS),
    "database": Section(Databases, DATABASE, DATABASE_CHECKS),
    "cache": Section(Caches, CACHE, CACHE_CHECKS),
    "cdn": Section(Cdn, CDN, CDN_CHECKS),
    "observability": Section(Observability, OBSERVABILITY),
    "backup": Section(Backup, BACKUP, BACKUP_CHECKS),
    "cost": Section(Cost, COST, COST_CHECKS),
    "security": Section(Security, SECURITY),
}
