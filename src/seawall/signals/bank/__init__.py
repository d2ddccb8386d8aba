"""Banks of hashes with provenance, and what of an upload they know.

In: hashes, and changes that the journal names. Out: what is near and matches, how far, how many, of which
clause; files for others to read. Never: writes a journal, sends anything, or lets half a change be seen.
"""

from seawall.signals.bank.bank import HashBank, State
from seawall.signals.bank.banks import Banks, version_of
from seawall.signals.bank.model import HASH_KINDS, OWN, Entry, Found, HashKind, Hit, Opinion
from seawall.signals.bank.signal import hash_bank_kind

__all__ = [
    "HASH_KINDS",
    "OWN",
    "Banks",
    "Entry",
    "Found",
    "HashBank",
    "HashKind",
    "Hit",
    "Opinion",
    "State",
    "hash_bank_kind",
    "version_of",
]
