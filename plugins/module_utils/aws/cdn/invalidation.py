# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalidations: what CloudFront has to fetch anew.

API: Amazon CloudFront, version 2020-05-31, ``CreateInvalidation``, to which a tag is a path that begins with ``#``.
"""

from __future__ import annotations

import re
import urllib.parse
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..patience import until
from ..resource import StackError
from ..session import Aws
from .distribution import items, listed
from .found import pages

# Of one distribution, in progress at a time:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-invalidations
_MOST_PATHS = 3000
_MOST_WILDCARDS = 15
_LONGEST = 4000
_DONE = "Completed"
_BUSY = "TooManyInvalidationsInProgress"

# Visible ASCII but commas, in upper or lower case alike; a star is itself:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html
_TAG = re.compile(r"[!-+\--~]{1,256}")

# What a path has besides letters and digits; everything else is encoded, as viewers encode it.
_SAFE = "/*%-_.~!$&'()+,;=:@?"


@dataclass(frozen=True)
class Invalidation:
    """One that CloudFront knows; ``created_at`` in seconds since the epoch."""

    id: str
    status: str
    created_at: float
    paths: Sequence[str]
    reference: str

    @property
    def done(self) -> bool:
        """Whether all of CloudFront's places have heard of it."""
        return self.status == _DONE


def coalesced(paths: Iterable[str], tags: Iterable[str] = ()) -> list[str]:
    """The fewest of *paths*, encoded, and of *tags*, as ``#tag``, that cover all of them; sorted.

    Raises StackError for what AWS would refuse.
    """
    tagged = _tagged(tags)
    asked = sorted({urllib.parse.quote(path, safe=_SAFE) for path in paths})
    wrong = [path for path in asked if not path.startswith("/") or "*" in path[:-1] or len(path) > _LONGEST]
    if wrong or not (asked or tagged):
        raise StackError(
            f"paths: expected paths that begin with a slash, have '*' at their end alone and at most {_LONGEST}"
            f" characters, but found {', '.join(map(repr, wrong)) or 'none'}"
        )
    wide = [path for path in asked if path.endswith("*")]
    fewest = [path for path in asked if not any(covers(other, path) for other in wide if other != path)]
    wildcards = sum(path.endswith("*") for path in fewest)
    if len(fewest) + len(tagged) - wildcards > _MOST_PATHS or wildcards > _MOST_WILDCARDS:
        raise StackError(
            f"paths: expected at most {_MOST_PATHS} paths and tags, and {_MOST_WILDCARDS} paths with '*', but found"
            f" {len(fewest) + len(tagged) - wildcards} and {wildcards}: name a folder of them, as '/assets/*'"
        )
    return tagged + fewest


def _tagged(tags: Iterable[str]) -> list[str]:
    asked = sorted({tag.lower() for tag in tags})
    wrong = [tag for tag in asked if not _TAG.fullmatch(tag)]
    if wrong:
        raise StackError(
            "tags: expected tags of 1 to 256 visible ASCII characters, and no comma among them, but found"
            f" {', '.join(map(repr, wrong))}"
        )
    return [f"#{tag}" for tag in asked]


def covers(one: str, other: str) -> bool:
    """Whether the path or tag *one* says all that *other* says."""
    return one == other or (one.startswith("/") and one.endswith("*") and other.startswith(one[:-1]))


class Invalidations:
    """Those of one *distribution*, by its id."""

    def __init__(self, aws: Aws, distribution: str) -> None:
        self.aws = aws
        self.distribution = distribution

    def covering(self, paths: Sequence[str], since: float) -> Invalidation | None:
        """One that was made at or after *since*, and covers all the *paths*; the newest."""
        for one in self._since(since):
            if all(any(covers(its, path) for its in one.paths) for path in paths):
                return one
        return None

    def known_as(self, reference: str, paths: Sequence[str], since: float) -> Invalidation | None:
        """The one that was made with this *reference* at or after *since*. Raises StackError where its paths differ."""
        for one in self._since(since):
            if one.reference != reference:
                continue
            if sorted(one.paths) != sorted(paths):
                raise StackError(
                    f"reference: expected a new one for {', '.join(paths)}, but {reference!r} is {one.id}'s, which is"
                    f" for {', '.join(one.paths)}"
                )
            return one
        return None

    def keep_tags(self) -> None:
        """Raises StackError where the distribution keeps no tags: AWS would invalidate nothing, and not say so."""
        there = self.aws.call("cloudfront", "get_distribution_config", Id=self.distribution)
        if not (there["DistributionConfig"].get("CacheTagConfig") or {}).get("HeaderName"):
            raise StackError(
                f"tags: expected a distribution that keeps its objects' tags, but {self.distribution} reads them from"
                " no header: declare cache_tag_header of aws_cdn, with a botocore that knows CacheTagConfig"
            )

    def create(self, paths: Sequence[str], timeout: float, reference: str | None = None) -> Invalidation:
        """Make one; where too many are in progress, as soon as they are not, within *timeout* seconds.

        AWS answers with the one that there is where the *reference* has been given with these paths before.
        """
        batch = {"Paths": listed(paths), "CallerReference": reference or str(uuid.uuid4())}
        made = until(
            lambda: (
                self.aws.call(
                    "cloudfront",
                    "create_invalidation",
                    _BUSY,
                    DistributionId=self.distribution,
                    InvalidationBatch=batch,
                )
                or None
            ),
            f"room for another invalidation of {self.distribution}",
            timeout,
        )
        return _invalidation(made["Invalidation"])

    def wait(self, one: Invalidation, timeout: float) -> Invalidation:
        """It, once it is completed; asked every five seconds for *timeout* seconds. Raises StackError."""

        def look() -> Invalidation | None:
            seen = self._get(one.id)
            return seen if seen.done else None

        return one if one.done else until(look, f"invalidation {one.id} of {self.distribution}", timeout, pause=5)

    def _since(self, moment: float) -> Iterator[Invalidation]:
        """The newest first, as AWS lists them."""
        for summary in pages(self.aws, "list_invalidations", "InvalidationList", DistributionId=self.distribution):
            if summary["CreateTime"].timestamp() < moment:
                return
            yield self._get(summary["Id"])

    def _get(self, its_id: str) -> Invalidation:
        answer = self.aws.call("cloudfront", "get_invalidation", DistributionId=self.distribution, Id=its_id)
        return _invalidation(answer["Invalidation"])


def _invalidation(answer: dict[str, object]) -> Invalidation:
    return Invalidation(
        str(answer["Id"]),
        str(answer["Status"]),
        answer["CreateTime"].timestamp(),  # type: ignore[attr-defined]
        items(answer["InvalidationBatch"]["Paths"]),  # type: ignore[index]
        str(answer["InvalidationBatch"]["CallerReference"]),  # type: ignore[index]
    )
