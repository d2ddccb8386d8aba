"""What people decide, as columns that a feature can count: one table for each source.

`seawall.features.people` fills them from the findings in the journal. Columns are only ever added.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.types import FieldType, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = FieldType(Kind.STRING)
_MAYBE = FieldType(Kind.STRING, nullable=True)
_TRUTH = FieldType(Kind.BOOLEAN)
_ABOUT = {
    "actor": _MAYBE,
    "surface": _TEXT,
    "subject": _TEXT,
    "content_version": _TEXT,
    "clause": _TEXT,
    "policy": _TEXT,
}

PEOPLE: Mapping[str, Mapping[str, FieldType]] = MappingProxyType(
    {
        "verdicts": {
            **_ABOUT,
            "outcome": _TEXT,
            "violates": _TRUTH,
            "purpose": _TEXT,
            "reviewer": _TEXT,
        },
        "labels": {**_ABOUT, "violates": _TRUTH, "purpose": _TEXT, "reviewer": _TEXT},
        "strikes": {**_ABOUT, "severity": _TEXT, "weight": FieldType(Kind.INTEGER)},
        "appeals": {
            **_ABOUT,
            "outcome": _TEXT,
            "upheld": _TRUTH,
            "reduced": _TRUTH,
            "overturned": _TRUTH,
            "reviewer": _TEXT,
        },
    }
)
"""By source, the columns beside `ts`, `market` and `language`."""

AMONG = ("strikes", "labels", "verdicts")
"""What the company that an account keeps can be looked up in."""

SHARED_KEYS = ("market", "language")
"""Parts of the envelope that events and what people decide have in common."""
