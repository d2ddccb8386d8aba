"""One event on its way to a decision, and the batch of them that goes through the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.truth import NOT_BOUGHT
from seawall.decide.combine import targets

if TYPE_CHECKING:
    from seawall.core.decision import Decision, Reading
    from seawall.core.event import Event
    from seawall.core.truth import NotBought
    from seawall.core.types import Value
    from seawall.decide.combine import Targets
    from seawall.decide.model import Need
    from seawall.decide.plan import Plan

    Row = list[Value | NotBought]


class Case:
    """One event.

    Attributes:
        bought: signals bought, by name, whatever they said.
        failed: those of them that gave no answer.
        later: signals that this round does not wait for.
        fired: indexes of conditions that are certain.
        open: indexes of conditions that could still become true.
        began: `open` as it was before anything was bought.
        next: the signal to buy next.
        before: the decision of the round before.
        aside: whether it is looked at for its shadow strategies alone.
    """

    __slots__ = (
        "_aimed", "_doubtful", "_row", "aside", "audit", "before", "began", "bought", "event", "failed",
        "features", "fired", "holds", "later", "next", "open", "plan", "spent",
    )  # fmt: skip

    def __init__(self, plan: Plan, event: Event, features: dict[str, Reading], *, audit: bool) -> None:
        self.plan = plan
        self.event = event
        self.features = features
        self.audit = audit
        self.bought: dict[str, Reading] = {}
        self.failed: frozenset[str] = frozenset()
        self.later: frozenset[str] = frozenset()
        self.spent = 0.0
        self.holds = plan.in_scope(event.market, event.language, event.available_in)
        self.fired: list[int] = []
        self.open: list[int] = []
        self.began: list[int] = []
        self.next: str | None = None
        self.before: Decision | None = None
        self.aside = False
        self._row: Row | None = None
        self._doubtful: Row | None = None
        self._aimed: Targets | None = None

    def row(self) -> Row:
        """The values that conditions read; made when a condition is looked at, as many need none."""
        if self._row is None:
            self._row = self.plan.row(self.event, self.features)
        return self._row

    def row_of(self, index: int) -> Row:
        """The values one condition reads: to a strategy that says what a failure means, it tells nothing."""
        if not self.failed or index not in self.plan.careful:
            return self.row()
        if self._doubtful is None:
            self._doubtful = list(self.row())
            for name in self.failed:
                place = self.plan.place.get(name)
                if place is not None:
                    self._doubtful[place] = NOT_BOUGHT
        return self._doubtful

    def know(self, signal: str, reading: Reading, *, failed: bool) -> None:
        """Keep what a signal said."""
        self.bought[signal] = reading
        self.spent += self.plan.costs.get(signal, 0.0)
        if failed:
            self.failed |= {signal}
        self._doubtful = None
        place = self.plan.place.get(signal)
        if place is not None:
            self.row()[place] = reading.value

    @property
    def settled(self) -> frozenset[str]:
        """Signals that cannot be bought any more in this round."""
        return self.later.union(self.bought)

    @property
    def aimed(self) -> Targets:
        """Who and what can be acted on."""
        if self._aimed is None:
            self._aimed = targets(*self.subject_and_actor, self.event.parties)
        return self._aimed

    @property
    def subject_and_actor(self) -> tuple[str, str | None]:
        """What is judged, and who answers for it."""
        event_type, fields = self.plan.event_type, self.event.fields
        actor = None if event_type.actor is None else fields.get(event_type.actor)
        return str(fields[event_type.subject]), None if actor is None else str(actor)


class State:
    """A batch on its way through the machine. Made by `Engine.start`, not to be shared."""

    __slots__ = ("cases", "need", "now")

    def __init__(self, cases: list[Case], now: int | None) -> None:
        self.cases = cases
        self.now = now
        self.need: Need | None = None
