# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RDS answers when it is asked for a database or a cluster, and time that passes only while one is waited for."""

from __future__ import annotations

from typing import Any

from a_vendor import Answer, gives, refuses

PREFIX = "arn:aws:rds:eu-central-1:123456789012"


def instance(name: str = "shop", status: str = "available", **more: Any) -> Answer:
    one = {"DBInstanceIdentifier": name, "DBInstanceArn": f"{PREFIX}:db:{name}", "DBInstanceStatus": status, **more}
    return gives("rds", "describe_db_instances", {"DBInstances": [one]}, DBInstanceIdentifier=name)


def no_instance(name: str = "shop") -> Answer:
    return refuses("rds", "describe_db_instances", "DBInstanceNotFound", DBInstanceIdentifier=name)


def cluster(name: str = "shop", status: str = "available", **more: Any) -> Answer:
    one = {"DBClusterIdentifier": name, "DBClusterArn": f"{PREFIX}:cluster:{name}", "Status": status, **more}
    return gives("rds", "describe_db_clusters", {"DBClusters": [one]}, DBClusterIdentifier=name)


def no_cluster(name: str = "shop") -> Answer:
    return refuses("rds", "describe_db_clusters", "DBClusterNotFoundFault", DBClusterIdentifier=name)
