# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EC2 launch templates: a version is based on another, and made once for a token.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.types import Base64EncodedString
from moto.ec2.models import EC2Backend
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.responses.launch_templates import LaunchTemplates

_moto_version = LaunchTemplates.create_launch_template_version
_moto_make = LaunchTemplate.create_version
_moto_delete = EC2Backend.delete_launch_template


def _create_version(self: LaunchTemplates) -> ActionResult:
    params = self._get_params()
    if "LaunchTemplateId" in params:
        template = self.ec2_backend.get_launch_template(params["LaunchTemplateId"])
    else:
        template = self.ec2_backend.get_launch_template_by_name(params["LaunchTemplateName"])
    answers: dict[str, ActionResult] = template.__dict__.setdefault("answered", {})
    token = params.get("ClientToken", "")
    if not token or token not in answers:
        source = params.get("SourceVersion")
        template.based_on = template.get_version(source).data if source else {}
        answers[token] = _moto_version(self)
    return answers[token]


def _make(self: LaunchTemplate, data: dict[str, Any], description: str) -> LaunchTemplateVersion:
    """User data comes in the form that moto's instances expect; tags of the template itself are not in a version."""
    data = {**self.__dict__.pop("based_on", {}), **data}
    if isinstance(data.get("UserData"), str):
        data["UserData"] = Base64EncodedString(data["UserData"])
    specifications = data.get("TagSpecifications", ())
    data["TagSpecifications"] = [one for one in specifications if one["ResourceType"] != "launch-template"]
    return _moto_make(self, data, description)


def _delete(self: EC2Backend, name: str, tid: str | None) -> LaunchTemplate:
    """What is deleted is in no list any more."""
    deleted = _moto_delete(self, name, tid)
    self.launch_template_insert_order.remove(deleted.id)
    return deleted


EC2Backend.delete_launch_template = _delete
LaunchTemplates.create_launch_template_version = _create_version
LaunchTemplate.create_version = _make
