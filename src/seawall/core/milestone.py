"""How a decision that a view milestone brought names itself and the event it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX = "views:"
"""How `Decision.because` says so, before the count."""

_MARK = "#views="


def milestone_event(event_id: str, milestone: int) -> str:
    """The id of the event that a milestone makes of an earlier one.

    >>> milestone_event("e1", 1000)
    'e1#views=1000'
    """
    return f"{event_id}{_MARK}{milestone}"


def by_milestone(because: Iterable[str]) -> bool:
    """Whether a milestone brought a decision."""
    return any(each.startswith(PREFIX) for each in because)


def base_event(event_id: str, because: Iterable[str]) -> str:
    """The event that the event decided was made of: what happened once, however often it is decided.

    >>> base_event("e1#views=1000", ["views:1024"]), base_event("e1#views=1000", [])
    ('e1', 'e1#views=1000')
    """
    return event_id.rpartition(_MARK)[0] if by_milestone(because) and _MARK in event_id else event_id
