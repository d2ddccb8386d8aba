"""What decisions are asked for, and how a list of them is turned a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.errors import UsageError
from seawall.store.entry import Recorded

if TYPE_CHECKING:
    from seawall.core.decision import Decision

LARGEST_PAGE = 10_000


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Every criterion that is given must hold.

    Attributes:
        strategy: it fired live, or in shadow if `shadow`.
        shadow: look at shadow strategies; without `strategy`, any of them.
        since: the event happened at or after, microseconds.
        until: the event happened before, microseconds.
        reviewed: it was routed to people, or was not.
    """

    type: str | None = None
    market: str | None = None
    action: str | None = None
    strategy: str | None = None
    subject: str | None = None
    actor: str | None = None
    since: int | None = None
    until: int | None = None
    shadow: bool = False
    reviewed: bool | None = None

    def matches(self, decision: Decision) -> bool:
        """Whether a decision is asked for.

        >>> from seawall.core.decision import Decision
        >>> Filter(type="comment").matches(Decision(decision_id="d", event_id="e", type="video", ts=0))
        False
        """
        fired = decision.shadow if self.shadow else decision.fired
        return (
            (self.type is None or decision.type == self.type)
            and (self.market is None or decision.market == self.market)
            and (self.action is None or decision.action == self.action)
            and (self.subject is None or decision.subject == self.subject)
            and (self.actor is None or decision.actor == self.actor)
            and (self.since is None or decision.ts >= self.since)
            and (self.until is None or decision.ts < self.until)
            and (self.strategy is None or self.strategy in fired)
            and (self.strategy is not None or not self.shadow or bool(fired))
            and (self.reviewed is None or bool(decision.review) == self.reviewed)
        )


class Page(msgspec.Struct, frozen=True):
    """Decisions, the newest recorded first.

    Attributes:
        cursor: pass it to get the next page; None at the end.
        complete_to: every decision made before this time (microseconds) was looked at.
    """

    decisions: tuple[Recorded, ...]
    cursor: str | None
    complete_to: int


def parse_cursor(text: str | None) -> int | None:
    """The ordinal before which a page starts.

    Raises:
        UsageError: it is no cursor of ours.

    >>> parse_cursor("12f")
    303
    """
    if text is None:
        return None
    try:
        return int(text, 16)
    except ValueError:
        raise UsageError(
            f"{text!r} is no cursor", hint="pass on the one the last page gave, unchanged"
        ) from None


def format_cursor(ordinal: int) -> str:
    """The text a reader passes back.

    >>> format_cursor(303)
    '12f'
    """
    return f"{ordinal:x}"
