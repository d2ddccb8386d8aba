"""What is true of a simulated day, for whoever plays the people in it. Nothing that decides sees this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seawall.simulate import Truth


class Truths:
    """Truths of events, found by the event, by the decision on it, and by what was judged."""

    def __init__(self) -> None:
        self._events: dict[str, Truth] = {}
        self._decisions: dict[str, Truth] = {}
        self._subjects: dict[str, Truth] = {}

    def add(self, truth: Truth, decision: dict[str, Any]) -> None:
        """Take the truth of an event and the decision on it."""
        self._events[truth.event_id] = truth
        self._decisions[decision["decision_id"]] = truth
        if decision["subject"] is not None:
            self._subjects[decision["subject"]] = truth

    def of(self, *, event_id: str | None, decision_id: str | None, subject: str | None) -> Truth | None:
        """What is true of something, by the first of its names that is known; None: it is everyday."""
        return (
            self._events.get(event_id or "")
            or self._decisions.get(decision_id or "")
            or self._subjects.get(subject or "")
        )
