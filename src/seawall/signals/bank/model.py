"""The words of a bank of hashes: kinds of hash, opinions, entries, and what a look-up finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OWN = "own"
"""The source of what people of this platform added. Their opinion goes before anybody else's."""

FOREVER = 2**62
"""A time that does not come, microseconds."""


class Opinion(StrEnum):
    """What somebody thinks of a hash."""

    TRUE_POSITIVE = "true_positive"  # it is of what the bank is about
    UNCONFIRMED = "unconfirmed"  # it may be: somebody should look
    DISPUTED = "disputed"  # some say so, some say not
    FALSE_POSITIVE = "false_positive"  # it is not, though it may look so


class HashKind(NamedTuple):
    """A kind of hash.

    Attributes:
        name: what a bank's file calls it.
        bytes: of one.
        exact: two are the same or not; no distance between them means anything.
        framed: an entry is a sequence of frames, each a hash with its quality and time.
    """

    name: str
    bytes: int
    exact: bool = False
    framed: bool = False


HASH_KINDS: Mapping[str, HashKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            HashKind("pdq", 32),
            HashKind("vpdq", 32, framed=True),
            HashKind("sha256", 32, exact=True),
            HashKind("sha1", 20, exact=True),
            HashKind("md5", 16, exact=True),
        )
    }
)
"""By name."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a hash came from and what is thought of it: one source speaks of one hash, or video, once.

    Attributes:
        source: who says so: `own`, or the name of an exchange or partner.
        opinion: what they think.
        ref: what the source calls it; a video, and a picture in several turns, is found again by it.
        clause: the clause it breaks; empty: the bank's.
        tags: words of the source.
        added_at: microseconds.
        added_by: who added it here.
        expires: from when it no longer counts, microseconds.
        disabled_until: before when it does not count, microseconds.
        share: whether it may go to partners.
        hashes: how many hashes it has.
    """

    source: str = OWN
    opinion: Opinion = Opinion.TRUE_POSITIVE
    ref: str = ""
    clause: str = ""
    tags: tuple[str, ...] = ()
    added_at: int = 0
    added_by: str = ""
    expires: int = FOREVER
    disabled_until: int = 0
    share: bool = False
    hashes: int = 1

    def holds(self, now: int) -> bool:
        """Whether it counts at a time."""
        return self.disabled_until <= now < self.expires


@dataclass(frozen=True, slots=True)
class Hit:
    """One hash of a bank that lies near another.

    Attributes:
        hash: its bytes.
        distance: bits.
        entry: what is known of it.
        number: of the hash within the bank, for `entry_hashes`.
        quality: of its frame, 0 to 100; None where it is not known.
        at_ms: of its frame, milliseconds from the beginning of the video; None of a picture.
    """

    hash: bytes
    distance: int
    entry: Entry
    number: int
    quality: int | None = None
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up found.

    Attributes:
        hits: what is near and matches, the nearest first.
        others: what is near and does not match, for its opinion or its time.
        count: how many different entries match.
    """

    hits: tuple[Hit, ...] = ()
    others: tuple[Hit, ...] = ()
    count: int = 0

    @property
    def nearest(self) -> Hit | None:
        """The nearest that matches."""
        return self.hits[0] if self.hits else None


def opinion_of(entries: Iterable[Entry]) -> Opinion:
    """What is thought of one hash by everybody who says something: our own people decide, if they do.

    Else, one true and one false positive make a dispute, and otherwise the surest stands.

    >>> there, not_so = Entry(source="a"), Entry(source="b", opinion=Opinion.FALSE_POSITIVE)
    >>> opinion_of([there, not_so]).value, opinion_of([there, not_so, Entry()]).value
    ('disputed', 'true_positive')
    """
    said = list(entries)
    ours = {each.opinion for each in said if each.source == OWN}
    opinions = ours or {each.opinion for each in said}
    if Opinion.DISPUTED in opinions or (Opinion.FALSE_POSITIVE in opinions and len(opinions) > 1):
        return Opinion.DISPUTED
    return next(each for each in Opinion if each in opinions)
