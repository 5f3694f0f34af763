# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an inventory's secrets come from, found without decrypting or showing any of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.parsing.vault import VaultHelper

_HEADER = re.compile(r"\$ANSIBLE_VAULT;1\.\d;\w+(?:;(?P<id>[\w.-]+))?")
_REFERENCE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_DEEPEST = 5
"""References from one variable to the next that are followed."""


def secret_sources(folders: Iterable[Path], variables: Mapping[str, Any]) -> dict[str, str]:
    """Vault ids, variable files by their real path, and what each release secret is made of: identity to name.

    Two inventories that have an identity in common can read each other's secrets, or have the same ones.
    """
    files = [file for folder in folders for file in _variable_files(folder)]
    found = {f"file:{file.resolve()}": f"the file {file.resolve()}" for file in files}
    for file in files:
        for header in _HEADER.finditer(file.read_text(encoding="utf-8", errors="replace")):
            label = header["id"] or "default"
            found[f"vault:{label}"] = f"the vault id {label}"
    environment = str(variables.get("service_environment"))
    secrets = variables.get("release_secrets")
    for name, value in secrets.items() if isinstance(secrets, Mapping) else ():
        if origin := _made_of(value, variables, environment):
            found[f"secret:{hashlib.sha256(origin.encode()).hexdigest()}"] = f"release_secrets.{name}"
    return found


def vault_header(file: Path) -> str | None:
    """The header of an encrypted file, None of any other."""
    try:
        with file.open(encoding="utf-8", errors="replace") as content:
            match = _HEADER.match(content.readline())
    except OSError:
        return None
    return match.group(0) if match else None


def _made_of(value: Any, variables: Mapping[str, Any], environment: str) -> str | None:
    """The text of a literal, the ciphertext of a vaulted value, or the expression that looks it up.

    None where it ends in a variable that is not there: it is in an encrypted file, which its vault id tells.
    """
    for _step in range(_DEEPEST):
        reference = _REFERENCE.fullmatch(value.strip()) if isinstance(value, str) else None
        if reference is None:
            break
        value = variables.get(reference[1])
    else:
        return None  # variables that refer to each other
    if value is None:
        return None
    if ciphertext := VaultHelper.get_ciphertext(value, with_tags=False):
        return str(ciphertext)
    # An expression with the environment's name in it looks at another place in each.
    return f"{environment if 'service_environment' in str(value) else ''}:{value}"


def _variable_files(folder: Path) -> Iterator[Path]:
    for name in ("group_vars", "host_vars"):
        yield from (path for path in (folder / name).rglob("*") if path.is_file())
