"""What the state answers to the requests of a batch, and how the answers of several owners become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from seawall.core.columns import Column, Numbers
from seawall.core.decision import Reading
from seawall.core.types import FieldType, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seawall.features.batch import Batch
    from seawall.features.model import Definition
    from seawall.features.request import Requests

NULLS = ("", "no_key", "warming", "late", "evicted", "absent", "overflow", "crowded")
"""Why a value is NULL, by its code; code 0 is a value that is known."""

NO_KEY, WARMING, LATE, EVICTED, ABSENT, OVERFLOW, CROWDED = range(1, len(NULLS))

_DTYPES = {Kind.INTEGER: np.int64, Kind.TIMESTAMP: np.int64, Kind.NUMBER: np.float64}


@dataclass(frozen=True, slots=True)
class Answer:
    """One feature of some events. Both arrays have the shape (events,).

    Attributes:
        values: int64 or float64; 0 where it is NULL.
        nulls: uint8, places in `NULLS`: why it is NULL, 0 where it is not.
        kind: what the values are.
    """

    values: NDArray[Any]
    nulls: NDArray[np.uint8]
    kind: Kind = Kind.INTEGER

    @property
    def column(self) -> Column:
        """The values as a column, for programs that work on columns."""
        return Column(FieldType(self.kind, nullable=True), numbers=Numbers(self.values, self.nulls == 0))

    def readings(self) -> list[Reading]:
        """The same, event by event.

        >>> readings = Answer(np.array([3, 0]), np.array([0, 1], np.uint8)).readings()
        >>> [(each.value, each.null) for each in readings]
        [(3, None), (None, 'no_key')]
        """
        return [
            NULL_READINGS[null] if null else Reading(value)
            for value, null in zip(self.values.tolist(), self.nulls.tolist(), strict=True)
        ]


Answers: TypeAlias = "dict[str, Answer]"
"""To requests: by fingerprint, one value per request."""

NULL_READINGS = tuple(Reading(null=name or None) for name in NULLS)


def merge(
    definitions: Sequence[Definition], batch: Batch, requests: Sequence[Requests], answers: Sequence[Answers]
) -> list[dict[str, Answer]]:
    """For each part of a batch, each feature of its type by name: one value per row of the part.

    Args:
        definitions: the features.
        batch: what was asked about.
        requests: of each owner, as `ask` made them.
        answers: of each owner, in the same order.
    """
    merged: list[dict[str, Answer]] = [{} for _ in batch.parts]
    for definition in definitions:
        spec = definition.spec
        values = np.zeros(len(batch.ts), _DTYPES[spec.kind])
        nulls = np.full(len(batch.ts), NO_KEY, np.uint8)
        for asked, answered in zip(requests, answers, strict=True):
            request = asked.by_feature.get(spec.fingerprint)
            if request is not None:
                answer = answered[spec.fingerprint]
                values[request.rows], nulls[request.rows] = answer.values, answer.nulls
        for part, named in zip(batch.parts, merged, strict=True):
            if part.columns.type in spec.on:
                named[spec.name] = Answer(values[part.rows], nulls[part.rows], spec.kind)
    return merged
