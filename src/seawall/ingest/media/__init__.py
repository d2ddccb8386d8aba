"""Media: from the pointer in an event to bytes, or the word for why not.

In: a `Media` and what the project allows. Out: `Fetched` bytes whose format was sniffed and whose digest was
checked, or a `Refusal`. Never: follows a link or a name out of what is allowed, believes a declared type, or
decodes anything.
"""

from seawall.core.media import Fetched, Format, Refusal
from seawall.ingest.media.fetch import Fetcher
from seawall.ingest.media.ports import Source
from seawall.ingest.media.sniff import sniff

__all__ = ["Fetched", "Fetcher", "Format", "Refusal", "Source", "sniff"]
