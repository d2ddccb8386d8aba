"""What must not be lost: journal, payloads, inbox, ledger, projector, lake, dead letters.

In: decided events, accepted raw events, controls, what people concluded, administrative acts. Out: the
same, found again by id, by filter, in order, as rows of the lake.
Never: decides anything, or tells anyone that something is kept before it is durable.
"""

from seawall.store.brief import Written
from seawall.store.canonical import Canonical, Shape
from seawall.store.decisions import Bulk
from seawall.store.entry import Aside, Control, Entry, Finding, Kind, Recorded, encode
from seawall.store.index import fingerprints
from seawall.store.journal import Journal
from seawall.store.ledger import Ledger
from seawall.store.limits import Limits
from seawall.store.recover import Recovery
from seawall.store.search import Filter, Page
from seawall.store.store import Store

__all__ = [
    "Aside",
    "Bulk",
    "Canonical",
    "Control",
    "Entry",
    "Filter",
    "Finding",
    "Journal",
    "Kind",
    "Ledger",
    "Limits",
    "Page",
    "Recorded",
    "Recovery",
    "Shape",
    "Store",
    "Written",
    "encode",
    "fingerprints",
]
