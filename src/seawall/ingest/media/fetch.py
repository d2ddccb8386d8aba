"""A pointer to bytes: by the source of its scheme, of a format that is looked at, with the digest it says."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from seawall.core.media import Fetched, Refusal
from seawall.ingest.media.sniff import sniff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.core.types import Media
    from seawall.ingest.media.ports import Source


class Fetcher:
    """Everything a project may read. Any thread may ask it."""

    def __init__(self, sources: Sequence[Source], *, largest: int) -> None:
        """Put the sources together.

        Args:
            sources: one per scheme.
            largest: bytes that one file may have.
        """
        self._sources = {source.scheme: source for source in sources}
        self._largest = largest

    def fetch(self, media: Media) -> Fetched | Refusal:
        """The file, or why not. What the event says of its type is not believed.

        >>> from seawall.core.types import Media
        >>> Fetcher([], largest=1).fetch(Media("ftp://host/a.png")).reason
        'not_allowed'
        """
        source = self._sources.get(media.uri.partition(":")[0])
        if source is None:
            return Refusal("not_allowed", "the project reads no addresses of this scheme")
        data = source.read(media.uri, most=self._largest)
        if isinstance(data, Refusal):
            return data
        if not data:
            return Refusal("empty_file")
        digest = hashlib.sha256(data).hexdigest()
        if media.sha256 is not None and media.sha256 != digest:
            return Refusal("wrong_digest", f"it is {digest[:16]}...")
        format_ = sniff(data)
        if format_ is None:
            return Refusal("unsupported", "its first bytes are of no format that is looked at")
        return Fetched(data, format_, digest)
