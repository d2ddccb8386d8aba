"""Which events belong to the audit sample: always the same ones, and not to be foreseen from outside."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seawall.core.event import Event
    from seawall.decide.model import Sample

_ALL = float(2**64)


def drawn(sample: Sample, event: Event) -> bool:
    """Whether the event is in the sample.

    The draw depends on salt, source and id alone, so that replaying an event draws it again.
    """
    key = f"{sample.salt}\0{event.source or ''}\0{event.id}".encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") / _ALL < sample.probability
