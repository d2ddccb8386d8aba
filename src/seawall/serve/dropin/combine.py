"""From readings of signals to one score."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seawall.core.decision import Reading

OF_FILES = frozenset(
    {
        *("not_allowed", "unreachable", "empty_file", "unsupported", "undecodable", "too_large", "too_long"),
        *("too_many_pixels", "too_many_streams", "too_slow", "crashed"),
    }
)
"""Reasons of a NULL that lie in a file that a caller named."""

NOT_MEANT = frozenset({"absent", "not_applicable", "too_short", "unsupported_language", "unsure"})
"""Reasons of a NULL that lie in the text, not in a signal that should have answered."""


class Score(NamedTuple):
    """What a text scores.

    Attributes:
        value: from 0 to 1; None: there is no score.
        null: why not: a reason of a signal.
        missing: a signal that should have answered did not, so that there is no score to rely on.
    """

    value: float | None = None
    null: str = ""
    missing: str = ""


def combine(names: Iterable[str], readings: Mapping[str, Reading]) -> Score:
    """The highest of the signals that have a value; none if one of them failed.

    A signal that does not know the text's language does not lower what the others say.

    >>> from seawall.core.decision import Reading
    >>> combine(["a", "b"], {"a": Reading(0.25), "b": Reading(null="unsupported_language")})
    Score(value=0.25, null='', missing='')
    >>> combine(["a", "b"], {"a": Reading(0.9), "b": Reading(null="timeout")})
    Score(value=None, null='timeout', missing='b')
    """
    highest: float | None = None
    null = ""
    for name in names:
        reading = readings[name]
        if isinstance(reading.value, int | float):
            value = min(1.0, max(0.0, float(reading.value)))
            highest = value if highest is None else max(highest, value)
        elif reading.null in NOT_MEANT:
            null = null or reading.null or ""
        else:
            return Score(null=reading.null or "failed", missing=name)
    return Score(highest) if highest is not None else Score(null=null)
