"""What the writing of decisions is given; see `write_kernel`."""

from __future__ import annotations

from typing import Any, NamedTuple

Ints = Any
"""An array."""

END, ID, TS, DIGEST, DECIDED = range(5)
TEXTS = 5
EVENT_ID, MARKET, LANGUAGE, SOURCE, SUBJECT, ACTOR = range(TEXTS, TEXTS + 6)
FEATURES = TEXTS + 6
"""Holes: nothing more, the decision's id, when it happened, the digest, when it was decided; then texts of
the event, in the order in which a record has them; then features."""


class Programs(NamedTuple):
    """The lines of outcomes.

    Attributes:
        literals: uint8, end to end.
        steps: where a literal starts there, how long it is, and the hole behind it; shape (steps, 3).
        first: of each outcome, its first step; the last one has the hole `END`.
        nulls: what a feature that is NULL says, by its code: JSON one after the other, then msgpack.
        spans: of each code, start and length of its JSON and of its msgpack; shape (codes, 4).
    """

    literals: Ints
    steps: Ints
    first: Ints
    nulls: Ints
    spans: Ints


class Filling(NamedTuple):
    """What fills the holes. The last axis is that of the rows, but of `data`, `ids`, `hashes` and `real`.

    Attributes:
        data: where texts lie.
        bound: a text that lies before has no escapes.
        at: where a text starts, shape (6, rows).
        size: how long it is, -1 where it is NULL.
        ids: of decisions, shape (rows, 16).
        hashes: of events, shape (rows, 32).
        ts: when it happened.
        decided: when it was decided.
        values: of features, shape (features, rows); doubles by their bits.
        nulls: why they are NULL, likewise.
        real: which of them are doubles, shape (features,).
        written: the JSON of doubles, uint8.
        places: start and length of each there, shape (features, 2, rows).
    """

    data: Ints
    bound: int
    at: Ints
    size: Ints
    ids: Ints
    hashes: Ints
    ts: Ints
    decided: Ints
    values: Ints
    nulls: Ints
    real: Ints
    written: Ints
    places: Ints
