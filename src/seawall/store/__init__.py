"""What must not be lost: journal, payloads, inbox, ledger, projector, lake, dead letters.

In: decided events, accepted raw events, controls, what people concluded, administrative acts. Out: the
same, found again by id, by filter, in order, as rows of the lake.
Never: decides anything, or tells anyone that something is kept before it is durable.
"""

from seawall.store.entry import Control, Entry, Finding, Recorded
from seawall.store.journal import Journal
from seawall.store.ledger import Ledger
from seawall.store.limits import Limits
from seawall.store.recover import Recovery
from seawall.store.search import Filter, Page
from seawall.store.store import Store

__all__ = [
    "Control",
    "Entry",
    "Filter",
    "Finding",
    "Journal",
    "Ledger",
    "Limits",
    "Page",
    "Recorded",
    "Recovery",
    "Store",
]
