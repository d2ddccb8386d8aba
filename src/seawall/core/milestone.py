"""How a decision that a milestone of views or reports brought names itself and the event it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

VIEWS_FIELD = "views"
CLUSTERS_FIELD = "report_clusters"

PREFIXES = {VIEWS_FIELD: "views:", CLUSTERS_FIELD: "reports:"}
"""How `Decision.because` says so, before the count, by the field that has it."""


def milestone_event(event_id: str, field: str, milestone: int) -> str:
    """The id of the event that a milestone makes of an earlier one.

    >>> milestone_event("e1", "views", 1000)
    'e1#views=1000'
    """
    return f"{event_id}#{field}={milestone}"


def by_milestone(because: Iterable[str], field: str | None = None) -> bool:
    """Whether a milestone, of any field unless one is named, brought a decision."""
    prefixes = tuple(PREFIXES.values()) if field is None else (PREFIXES[field],)
    return any(each.startswith(prefixes) for each in because)


def base_event(event_id: str, because: Iterable[str]) -> str:
    """The event that the event decided was made of: what happened once, however often it is decided.

    >>> base_event("e1#views=1000", ["views:1024"]), base_event("e1#views=1000", [])
    ('e1', 'e1#views=1000')
    >>> base_event("e1#report_clusters=3", ["reports:3"])
    'e1'
    """
    why = tuple(because)
    for field in PREFIXES:
        if by_milestone(why, field) and f"#{field}=" in event_id:
            return event_id.rpartition(f"#{field}=")[0]
    return event_id
