"""What a reader gives: a record that may become an event, or a dead letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from seawall.core.errors import EventError

KEPT = 64 * 1024
"""Characters of a refused record that its dead letter keeps."""


class Record(msgspec.Struct, frozen=True):
    """One record of the input, not yet looked at.

    Attributes:
        line: where it begins, counted from 1; the row number in a Parquet file.
        data: names and values as the input had them.
        raw: its text, where the format has one.
    """

    line: int
    data: dict[str, Any]
    raw: str | None = None


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A record that could not be taken: which field, why, the mend, and the record itself."""

    line: int | None
    field: str | None
    reason: str
    hint: str | None = None
    raw: str


def dead_letter(record: Record, error: EventError) -> DeadLetter:
    """The dead letter of a record that does not fit."""
    raw = record.raw
    if raw is None:
        raw = msgspec.json.encode(record.data, enc_hook=repr).decode("utf-8", "backslashreplace")
    return DeadLetter(
        line=record.line, field=error.field, reason=error.message, hint=error.hint, raw=kept(raw)
    )


def kept(raw: str | bytes, *, total: int | None = None) -> str:
    r"""As much of a refused record as a dead letter keeps, readable whatever bytes it held.

    >>> kept(b"caf\xe9")
    'caf\\xe9'
    """
    text = raw[:KEPT].decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw[:KEPT]
    text = text.encode("utf-8", "backslashreplace").decode()
    length = len(raw) if total is None else total
    return f"{text}... (cut; {length:,} in all)" if length > KEPT else text
