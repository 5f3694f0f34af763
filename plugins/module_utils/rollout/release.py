# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What identifies a release: its artifact's digest and its configuration, not its name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

IDENTITY_LENGTH = 8

#: The header in which every response of a service names the release that it came from.
RELEASE_HEADER = "X-Release"


def release_id(release: Mapping[str, Any]) -> str:
    """``<version>-<8 hex digits>``: the same for the same version, digest and environment, only.

    The digits are the start of the SHA-256 of those three as canonical JSON (sorted keys, values as
    text, since an environment variable is text). Secrets are left out: rotating one is no new release.
    Raises ValueError when version or digest is missing.
    """
    missing = [key for key in ("version", "digest") if not release.get(key)]
    if missing:
        raise ValueError(f"release: expected {' and '.join(missing)}, but found only {sorted(release)}")
    identity = {
        "version": str(release["version"]),
        "digest": str(release["digest"]).lower(),
        "environment": {str(k): str(v) for k, v in (release.get("environment") or {}).items()},
    }
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{release['version']}-{hashlib.sha256(text.encode()).hexdigest()[:IDENTITY_LENGTH]}"
