# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules of a stack have in common: options, connection, result.

The connection's options are amazon.aws's own (``AnsibleAWSModule``), so that its documentation, environment variables
and module_defaults hold here as well.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any

try:
    # What a run loads are AWS's models, which stay: Python would look through them for garbage hundreds of times.
    gc.set_threshold(100_000)
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError
except ImportError:
    pass  # AnsibleAWSModule says so

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .declared import checked_name
from .ledger.declared import TABLE
from .lock import Lock
from .resource import Address, Concern, Readable, StackError
from .sections import Options, checked
from .session import Aws
from .stack import converge
from .tags import checked_tags

#: The options that every module of a stack has (documentation fragment ``stack``).
ARGUMENTS: dict[str, dict[str, Any]] = {
    "stack": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "tags": {"type": "dict", "default": {}},
    "deletion_protection": {"type": "bool", "default": True},
    "lock": {"type": "dict", "options": {"table": {"type": "str", "required": True}, "takeover": {"type": "str"}}},
}

# Throttled and failed calls are tried again with growing pauses, as AWS recommends (botocore's "standard" mode).
_PATIENT = {"retries": {"mode": "standard", "total_max_attempts": 10}, "max_pool_connections": 40}


def connection(
    module: AnsibleAWSModule, config: Mapping[str, Any] | None = None, asked_in: str | None = None
) -> Callable[[str], Any]:
    """What makes a client for a service's name; all of one session, which reads each of AWS's models once.

    ``wafv2@us-east-1`` is a service in another region than the module's.
    *config* replaces the way in which failed calls are tried again; the module's own ``aws_config`` comes last.
    *asked_in* is a region that replaces the module's own, for which then nobody asks.
    """
    region, endpoint, how = get_aws_connection_info(module)
    region = asked_in or region
    how = dict(how)
    merged = Config(**{**_PATIENT, **(config or {})}).merge(how.pop("aws_config", None) or Config())
    try:
        session = boto3.session.Session(profile_name=how.pop("profile_name", None))
    except BotoCoreError as error:
        module.fail_json(msg=f"profile: {error}")
    if not (region or session.region_name):
        module.fail_json(msg="region: expected one, here, in AWS_REGION or in the profile, but found none")

    def client(service: str) -> Any:
        name, _at, elsewhere = service.partition("@")
        return session.client(name, region_name=elsewhere or region, endpoint_url=endpoint, config=merged, **how)

    return client


def run(
    arguments: Mapping[str, Mapping[str, Any]],
    concerns: Callable[[Aws, Mapping[str, Any]], Sequence[Concern]],
    beside: Callable[[Aws], Sequence[Readable]] | None = None,
    sections: Mapping[str, Options] | None = None,
    **how: Any,
) -> None:
    """Run a module with *arguments* of its own, which converges *concerns*; those *beside* are only read.

    *sections* are those of its options that hold the options of another module.
    """
    # Of sections, Ansible does not know what is secret when it writes an invocation into the system's log.
    how = {"no_log": True, **how} if sections else how
    module = AnsibleAWSModule(argument_spec={**ARGUMENTS, **arguments}, supports_check_mode=True, **how)
    params = module.params
    try:
        params = {**params, **_checked(module, sections or {})}
        aws = Aws(checked_name(params["stack"]), connection(module), checked_tags(params["tags"]))
        with closing(aws):
            outcome = converge(
                concerns(aws, params),
                beside(aws) if beside else (),
                present=params["state"] == "present",
                protected=params["deletion_protection"],
                dry_run=module.check_mode,
                **(_locked(aws, params["lock"]) if params["lock"] else {}),
            )
    except StackError as error:
        module.fail_json(msg=f"stack {params['stack']}: {error}")
    else:
        gc.freeze()  # nor look through them once more at the end
        module.exit_json(**outcome.as_result())


def _locked(aws: Aws, declared: Mapping[str, Any]) -> dict[str, Any]:
    return {"lock": Lock(aws, **declared), "locked_in": Address(TABLE, declared["table"])}


def _checked(module: AnsibleAWSModule, sections: Mapping[str, Options]) -> dict[str, Any]:
    """The *sections* that are declared, with their defaults. Raises StackError, naming every mistake."""
    found, wrong = {}, []
    for name, options in sections.items():
        if module.params[name] is not None:
            read = checked(name, module.params[name], options, module.params["state"])
            module.no_log_values.update(read.secrets)
            wrong += read.mistakes
            found[name] = {**read.given, "deletion_protection": module.params["deletion_protection"]}
    if sections and not found and not wrong:
        wrong = [f"expected at least one of {', '.join(sections)}, for a section that is left out is not touched"]
    if wrong:
        raise StackError("; ".join(wrong))
    return found
