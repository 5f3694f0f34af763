# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A launch template in the words of its declaration, to AWS and back.

API: Amazon EC2, version 2016-11-15, ``RequestLaunchTemplateData`` and ``ResponseLaunchTemplateData``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

_VOLUME = {
    "size": "VolumeSize",
    "type": "VolumeType",
    "iops": "Iops",
    "throughput": "Throughput",
    "kms_key": "KmsKeyId",
    "encrypted": "Encrypted",
}


def data(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What AWS is told."""
    volume, profile = properties["volume"], properties["instance_profile"]
    ebs = {name: volume[key] for key, name in _VOLUME.items() if key in volume}
    tags = [{"Key": key, "Value": value} for key, value in sorted(properties["tags"].items())]
    user_data = base64.b64encode(properties["user_data"].encode()).decode()
    return {
        "ImageId": properties["image"],
        "InstanceType": properties["instance_type"],
        "IamInstanceProfile": {"Arn" if profile.startswith("arn:") else "Name": profile},
        **({"UserData": user_data} if user_data else {}),
        "BlockDeviceMappings": [{"DeviceName": volume["device"], "Ebs": {**ebs, "DeleteOnTermination": True}}],
        "MetadataOptions": {
            "HttpEndpoint": "enabled",
            "HttpTokens": properties["metadata"]["tokens"],
            "HttpPutResponseHopLimit": properties["metadata"]["hops"],
        },
        "NetworkInterfaces": [
            {
                "DeviceIndex": 0,
                "Groups": sorted(properties["security_groups"]),
                "AssociatePublicIpAddress": properties["public_address"],
                "DeleteOnTermination": True,
            }
        ],
        "Monitoring": {"Enabled": properties["detailed_monitoring"]},
        # Instances have the tags of their group; volumes have them from here.
        "TagSpecifications": [{"ResourceType": "volume", "Tags": tags}],
    }


def in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """What AWS says of a version's data, as the declaration would say it."""
    device = (one.get("BlockDeviceMappings") or [{}])[0]
    ebs, metadata = device.get("Ebs", {}), one.get("MetadataOptions", {})
    interface = (one.get("NetworkInterfaces") or [{}])[0]
    profile = one.get("IamInstanceProfile", {})
    return {
        "image": one.get("ImageId"),
        "instance_type": one.get("InstanceType"),
        "instance_profile": profile.get("Arn") or profile.get("Name"),
        "user_data": _text(one.get("UserData", "")),
        "volume": {
            "device": device.get("DeviceName"),
            **{key: ebs[name] for key, name in _VOLUME.items() if name in ebs},
        },
        "metadata": {"tokens": metadata.get("HttpTokens"), "hops": metadata.get("HttpPutResponseHopLimit")},
        "security_groups": frozenset(interface.get("Groups", ())),
        "public_address": interface.get("AssociatePublicIpAddress"),
        "detailed_monitoring": one.get("Monitoring", {}).get("Enabled", False),
        "tags": {
            tag["Key"]: tag["Value"]
            for tags in one.get("TagSpecifications", ())
            if tags["ResourceType"] == "volume"
            for tag in tags["Tags"]
        },
    }


def _text(encoded: str) -> str:
    """User data as it was written; what is no text (a compressed script) stays as AWS has it."""
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return encoded
