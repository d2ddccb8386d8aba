"""The registrable domain of a host, by the edition of the public suffix list that tldextract carries."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from tldextract import TLDExtract

RESERVED = ("example", "test", "invalid")
"""Endings for documentation (RFC 2606), which the list does not have."""


class Parts(NamedTuple):
    """A host taken apart.

    Attributes:
        label: the part that is registered, without its ending.
        suffix: the public suffix; empty where there is none.
    """

    label: str
    suffix: str

    @property
    def registrable(self) -> str:
        """Who answers for the host; empty where nobody registered it."""
        return f"{self.label}.{self.suffix}" if self.label and self.suffix else ""


@cache
def _extract() -> TLDExtract:
    return TLDExtract(
        suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True, extra_suffixes=RESERVED
    )


@lru_cache(maxsize=65_536)
def parts_of(host: str) -> Parts:
    """The parts of a host, private suffixes (`github.io`) counted as public ones.

    >>> [parts_of(host).registrable for host in ("a.shop.co.uk", "me.github.io", "v1.2")]
    ['shop.co.uk', 'me.github.io', '']
    """
    found = _extract()(host)
    return Parts(found.domain, found.suffix)
