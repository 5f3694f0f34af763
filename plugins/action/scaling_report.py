# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the report of a scaling policy on the controller; documented in the module of the same name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.store import dump, put, stem
from ansible_collections.seamless.delivery.plugins.plugin_utils.scaling.document import build
from ansible_collections.seamless.delivery.plugins.plugin_utils.scaling.html import headline, render

_OPTIONS = {
    "scaling": {"type": "dict", "required": True},
    "traces": {"type": "dict", "default": {}},
    "service": {"type": "str", "default": "service"},
    "environment": {"type": "str"},
    "directory": {"type": "path", "default": "reports/scaling"},
    "refuse": {"type": "bool", "default": True},
}


class ActionModule(ActionBase):
    """`scaling_report`: options in, one document built, two files out; and a failure where the limit is not kept."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validated, options = self.validate_argument_spec(argument_spec=_OPTIONS)
        service, environment = options["service"], options["environment"] or None
        # As they were given: validation has made texts of some numbers' kin.
        scaling, traces = (plain(self._task.args.get(name) or {}) for name in ("scaling", "traces"))
        try:
            document = build(scaling, traces, service=service, environment=environment)
        except ValueError as error:
            raise AnsibleActionFail(f"scaling_report: {error}") from error
        found = document["reaction"]
        result.update(
            changed=False,
            headline=headline(document),
            seconds=found["seconds"],
            within=found["within"],
            lines=found["lines"],
            simulated=[
                {key: one[key] for key in one if key not in ("series", "changed")} for one in document["traces"]
            ],
        )
        if not self._task.check_mode:
            name = stem("-".join(part for part in (service, environment) if part))
            result.update(_write(document, name, Path(options["directory"]).absolute()))
        if options["refuse"] and found["refusal"]:
            result.update(failed=True, msg=found["refusal"])
        return result


def _write(document: dict[str, Any], name: str, folder: Path) -> dict[str, Any]:
    texts = {"json": dump(document), "html": render(document, name)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = {kind: put(folder / f"{name}.{kind}", text.encode()) for kind, text in texts.items()}
    except OSError as error:
        raise AnsibleActionFail(
            f"scaling_report: expected to write the report into {str(folder)!r}; found: {error}. "
            "Set 'directory' to one that the user who runs Ansible may write to."
        ) from error
    return {"changed": any(written.values()), **{kind: str(folder / f"{name}.{kind}") for kind in texts}}
