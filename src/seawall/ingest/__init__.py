"""Anything to typed events: JSON lines, CSV, Parquet, the body of a request.

In: bytes and records from outside. Out: `Event`s that fit their type, or `DeadLetter`s with the reason.
Never: guesses a value, stops at one bad record, or holds more than a bounded piece of the input in memory.
"""

from seawall.ingest.intake import Intake
from seawall.ingest.mapping import Mapping
from seawall.ingest.model import DeadLetter, Record
from seawall.ingest.read import FORMATS, format_of, read
from seawall.ingest.validate import FUTURE_US, Validator

__all__ = [
    "FORMATS",
    "FUTURE_US",
    "DeadLetter",
    "Intake",
    "Mapping",
    "Record",
    "Validator",
    "format_of",
    "read",
]
