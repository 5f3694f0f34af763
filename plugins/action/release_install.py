# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError

from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import digest
from ansible_collections.seamless.delivery.plugins.plugin_utils.release_action import ReleaseAction

MEGABYTE = 1 << 20


class ActionModule(ReleaseAction):
    """The action ``seamless.delivery.release_install``.

    Asks the host whether the artifact has to be brought; checks that it is the declared one, and that there is room
    for it, before it is.
    """

    def _act(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        args = dict(self._task.args)
        found = self._ask(task_vars)
        if args.get("incoming") or found.get("failed") or not found.get("changed"):
            return found
        host = (task_vars or {}).get("inventory_hostname", "?")
        wrong = _mismatch(Path(args["artifact"]), args["digest"]) or _no_room(args, found["free"], host)
        if wrong:
            return {"failed": True, "msg": wrong}
        if self._task.check_mode:
            return found
        try:
            return self._ask(task_vars, args={**args, "incoming": self._bring(args["artifact"])})
        except AnsibleConnectionFailure as error:
            return self._away(str(error), task_vars)
        except AnsibleError as error:
            return {"failed": True, "msg": _not_brought(args, found["free"], host, error)}

    def _bring(self, artifact: str) -> str:
        """Where the artifact is on the host now: among Ansible's temporary files, which end with this task."""
        folder = self._make_tmp_path()
        there: str = self._connection._shell.join_path(folder, "artifact")  # noqa: SLF001 - as Ansible's own copy does
        self._transfer_file(artifact, there)
        self._fixup_perms2((folder, there), execute=False)
        return there


def _mismatch(artifact: Path, declared: str) -> str | None:
    if not artifact.is_file():
        return f"Expected the artifact {artifact} on the controller, but there is no such file. Build it first."
    found = digest(artifact)
    if found == declared:
        return None
    return (
        f"Expected {artifact} to have the digest {declared}, but found {found}: it is not the artifact that was"
        " declared. Nothing was changed. Build it again, or declare the right digest."
    )


def _no_room(args: dict[str, Any], free: int, host: str) -> str | None:
    """As it arrives, as it is checked and as it stays, and room for the host to go on."""
    needed = 3 * Path(args["artifact"]).stat().st_size + int(args.get("spare_megabytes", 64)) * MEGABYTE
    if free >= needed:
        return None
    return (
        f"Expected {needed / MEGABYTE:.1f} MB free under {_home(args)} on {host}, but found {free / MEGABYTE:.1f} MB."
        " Nothing was changed. Make room there, or lower runtime.keep, then deploy again."
    )


def _not_brought(args: dict[str, Any], free: int, host: str, error: AnsibleError) -> str:
    return (
        f"{args['artifact']} could not be copied to {host}: {error}. What ran before still does."
        f" {free / MEGABYTE:.1f} MB were free under {_home(args)}: look at that file system, and at the one where"
        " Ansible puts its temporary files, then deploy again."
    )


def _home(args: dict[str, Any]) -> str:
    return f"{args.get('root', '/opt')}/{args['service']}"
