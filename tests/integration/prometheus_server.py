# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Prometheus on a host of a lab, which scrapes what it is told to, every second."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from haproxy_lab import Lab

PORT = 9090
INTERVAL = 1  # seconds

# JSON is YAML too.
_START = f"""
set -e
systemctl stop prometheus-test 2>/dev/null || true
rm -rf /run/prometheus-test && mkdir /run/prometheus-test && cat > /run/prometheus-test/prometheus.yml
systemd-run --quiet --collect --unit=prometheus-test prometheus --config.file=/run/prometheus-test/prometheus.yml \
    --storage.tsdb.path=/run/prometheus-test/data --web.listen-address=0.0.0.0:{PORT}
for _ in $(seq 100); do
    curl --silent --fail --output /dev/null http://127.0.0.1:{PORT}/-/ready && exit 0
    sleep 0.1
done
journalctl --unit=prometheus-test >&2
exit 1
"""


def start(lab: Lab, host: str, targets: Mapping[str, str], *paths: str) -> None:
    """Scrapes *paths* of each of *targets* (``address:port`` by the name that its series get as ``instance``)."""
    jobs: list[dict[str, Any]] = [
        {
            "job_name": path,
            "metrics_path": path,
            "static_configs": [{"targets": [its], "labels": {"instance": name}} for name, its in targets.items()],
        }
        for path in paths
    ]
    timing = {"scrape_interval": f"{INTERVAL}s", "scrape_timeout": f"{INTERVAL}s"}
    lab.sh(host, _START, stdin=json.dumps({"global": timing, "scrape_configs": jobs}))
