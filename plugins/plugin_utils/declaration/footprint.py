# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what an inventory stands on: hosts, addresses, ledger, sources of secrets. Asks for no password and no host.

Only static files are read. An inventory plugin or script would ask a cloud on behalf of an environment
that is not at hand, with the credentials of the one that is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.manager import VariableManager

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.aws_holds import aws_holds, stack_of
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.isolation import Footprint

from .secret_sources import secret_sources, vault_header


class _WithoutVaults(DataLoader):
    """Takes an encrypted file for an empty one: another environment's password must not be needed."""

    def load_from_file(self, file_name: str, *args: Any, **kwargs: Any) -> Any:
        """The content of a file that is not encrypted."""
        if vault_header(Path(file_name)):
            return {}
        return super().load_from_file(file_name, *args, **kwargs)


def siblings(sources: Iterable[str]) -> list[str]:
    """The inventory folders beside those of *sources*: folders with ``group_vars``."""
    own = {folder for source in sources if (folder := _folder(source))}
    beside = {path for folder in own for path in folder.parent.iterdir() if (path / "group_vars").is_dir()}
    return sorted(str(path) for path in beside - own)


def footprint(sources: Iterable[str]) -> Footprint | None:
    """What the inventory of these sources stands on; None where it declares no ``service_environment``.

    Raises AnsibleError when a source is missing or cannot be read.
    """
    paths = list(sources)
    files = [str(file) for source in paths for file in _static_files(source)]
    loader = _WithoutVaults()
    inventory = InventoryManager(loader=loader, sources=files)
    variables = VariableManager(loader=loader, inventory=inventory)
    hosts = inventory.get_hosts()
    # Where instances come and go by themselves no host is listed; the variables are the controller's then.
    every = [_resolved(loader, variables.get_vars(host=host)) for host in hosts or [inventory.localhost]]
    common = next((values for values in every if values("service_environment")), None)
    if common is None:
        return None
    service = common("service") or {}
    entry = service.get("entry") or {}
    on_aws = common("aws_environment") or {}
    # Not the whole stack: a secret of another environment would be looked up, with this one's credentials.
    stack = stack_of(common.raw)
    known = {key: common.template(stack[key]) for key in ("name", "network", "dns") if key in stack}
    holds = aws_holds(on_aws, {**stack, **known}, common.raw)
    origins = secret_sources(filter(None, map(_folder, paths)), common.raw)
    return Footprint(
        environment=str(common("service_environment")),
        inventory=", ".join(map(_short, paths)),
        holds={
            "hosts": {host.name: host.name for host in hosts},
            "addresses": {address: address for address in _addresses(every, entry)},
            "hostnames": {str(name).lower(): str(name) for name in entry.get("hostnames") or ()},
            "ledgers": _ledgers(service.get("ledger") or {}),
            **holds,
            "secrets": {**origins, **holds["secrets"]},
        },
        shares=frozenset(map(str, on_aws.get("shared") or ())),
    )


class _Values:
    """Variables of one host by name, templated; what cannot be templated is left as it was written."""

    def __init__(self, templar: Templar, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self._templar = templar

    def __call__(self, name: str) -> Any:
        return self.template(self.raw.get(name))

    def template(self, value: Any) -> Any:
        """A value that is not a variable by itself, or the part of one."""
        try:
            return self._templar.template(value)
        except AnsibleError:
            return value


def _resolved(loader: DataLoader, raw: Mapping[str, Any]) -> _Values:
    return _Values(Templar(loader=loader, variables=raw), raw)


def _addresses(every: Iterable[_Values], entry: Mapping[str, Any]) -> set[str]:
    """Loopback is everybody's own."""
    found = {str(values(name)) for values in every for name in ("ansible_host", "service_address") if values(name)}
    found |= {str(entry["address"])} if entry.get("address") else set()
    return {address for address in found if not re.match(r"127\.|::1$|localhost$", address)}


def _ledgers(ledger: Mapping[str, Any]) -> dict[str, str]:
    """The one on AWS, if it is; the same name with another profile's credentials is another account's."""
    store = ledger.get("table") or ledger.get("bucket")
    if not store:
        return {}
    parts = (ledger.get("type"), store, ledger.get("prefix"), ledger.get("region"), ledger.get("profile"))
    return {" ".join(str(part or "") for part in parts): f"{ledger.get('type')} {store}"}


def _folder(source: str) -> Path | None:
    path = Path(source).resolve()
    return path if path.is_dir() else path.parent if path.is_file() else None


def _static_files(source: str) -> Iterator[Path]:
    path = Path(source)
    if not path.exists():
        if "," in source:  # -i 'host1,host2': hosts on the command line, of no environment
            return
        raise AnsibleError(f"there is no inventory at {source}")
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        if not file.is_file() or file.name.startswith(".") or os.access(file, os.X_OK):
            continue
        if file.suffix in (".yml", ".yaml", ".ini", "") and not re.search(r"(?m)^plugin\s*:", _text(file)):
            yield file


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _short(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
