"""Where the bytes of a pointer may come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from seawall.core.media import Refusal


class Source(Protocol):
    """One kind of address."""

    scheme: str

    def read(self, uri: str, *, most: int) -> bytes | Refusal:
        """The bytes behind an address of its scheme, or why not; at most `most` of them. Never raises."""
        ...
