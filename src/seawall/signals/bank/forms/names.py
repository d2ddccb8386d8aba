"""Names of kinds of hash and of opinions, as others write them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.signals.bank.model import Opinion

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "pdq": "pdq",
        "hash_pdq": "pdq",
        "vpdq": "vpdq",
        "video_pdq": "vpdq",
        "md5": "md5",
        "hash_md5": "md5",
        "video_md5": "md5",
        "hash_video_md5": "md5",
        "sha1": "sha1",
        "hash_sha1": "sha1",
        "sha256": "sha256",
        "hash_sha256": "sha256",
    }
)

CATEGORIES: Mapping[str, Opinion] = MappingProxyType(
    {
        "POSITIVE_CLASS": Opinion.TRUE_POSITIVE,
        "INVESTIGATION_SEED": Opinion.UNCONFIRMED,
        "NEGATIVE_CLASS": Opinion.FALSE_POSITIVE,
        "DISPUTED": Opinion.DISPUTED,
    }
)
"""Opinions as python-threatexchange calls them."""

STATUSES: Mapping[str, Opinion] = MappingProxyType(
    {
        "MALICIOUS": Opinion.TRUE_POSITIVE,
        "SUSPICIOUS": Opinion.UNCONFIRMED,
        "UNKNOWN": Opinion.UNCONFIRMED,
        "NON_MALICIOUS": Opinion.FALSE_POSITIVE,
    }
)
"""What descriptors of ThreatExchange say."""

SPECIAL_TAGS = ("disputed", "false_positive", "true_positive")
"""Tags that are opinions, the strongest first."""


def kind_named(name: str) -> str | None:
    """The kind of hash that somebody calls so; None: one that no bank holds.

    >>> kind_named("HASH_PDQ"), kind_named("tlsh")
    ('pdq', None)
    """
    return _KINDS.get(name.lower())
