# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the split modules of all routers on AWS do: write, or clear notes, and say what was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from . import split_options
from .base import Observed, RouterError, Written


class Router(Protocol):
    """A router on AWS."""

    def read(self) -> tuple[Observed, list[dict[str, Any]]]:
        """What is in force, and the notes that were not imported yet, oldest first."""

    def write(self, **order: Any) -> Written:
        """Put a split in force (:func:`split_options.order`)."""

    def forget_notes(self, count: int, fence: int) -> None:
        """Drop the *count* oldest notes."""


def run(module: AnsibleAWSModule, router: Callable[[AnsibleAWSModule], Router], **more: Any) -> None:
    """Do what the *module* was asked for on its *router*; *more* are arguments of its own to ``write``."""
    params = module.params
    try:
        its = router(module)
        if params["split"] is None:
            answer = _clear(module, its)
        else:
            written = its.write(**split_options.order(params, module.check_mode), **more)
            answer = split_options.result(params, written)
    except (RouterError, ValueError) as error:
        module.fail_json(msg=str(error), reason=type(error).__name__)
    else:
        module.exit_json(**answer)


def _clear(module: AnsibleAWSModule, router: Router) -> dict[str, Any]:
    observed, notes = router.read()
    count = min(module.params["clear_notes"], len(notes))
    if not module.check_mode:
        router.forget_notes(count, module.params["fence"] or 0)
    return {"changed": count > 0, "notes_cleared": count, "fence": observed.fence}
