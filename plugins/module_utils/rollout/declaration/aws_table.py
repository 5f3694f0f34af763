# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every part of a declaration that lives on AWS has in common."""

from __future__ import annotations

from .containers import Key
from .kinds import Text

STACK = Text(r"[a-z][a-z0-9_-]{0,31}", "a name of up to 32 lower-case letters, digits, - and _, such as storefront")
REGION = Text(r"[a-z]{2}(-[a-z]+)+-[0-9]", "a region such as eu-west-1")
WORD = Text(r"\S+", "a name without spaces")
URL = Text(r"https?://[^\s/]+/?", "a URL such as https://aws.example.com")

ON_AWS = {
    "region": Key(REGION, "Its region, the same from wherever a rollout is run."),
    "profile": Key(WORD, "The profile whose credentials are used; null: those of the environment.", None),
    "endpoint_url": Key(URL, "Another address of the API, such as a VPC endpoint's; null: AWS's own.", None),
}
