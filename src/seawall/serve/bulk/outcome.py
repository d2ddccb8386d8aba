"""What becomes of events, apart from what is each event's own: the same for thousands of them.

An outcome is known from the conditions that are true, where the event was posted, and whether it is audited,
as long as nothing is open and nothing is bought.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from seawall.core.decision import Decision, Reading
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.decide.model import Done, Looked
from seawall.features import NULLS
from seawall.serve.bulk.write_model import (
    ACTOR,
    DECIDED,
    DIGEST,
    END,
    EVENT_ID,
    FEATURES,
    ID,
    LANGUAGE,
    MARKET,
    SOURCE,
    SUBJECT,
    TS,
    Programs,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seawall.core.action import Action
    from seawall.decide.engine import Engine

MOST = 16_384
"""Outcomes that are remembered; an event with another is decided on its own."""

_SPANNED = (Kind.STRING, Kind.HASH, Kind.INTEGER, Kind.NUMBER, Kind.TIMESTAMP)
_HOLES = {
    "decision_id": ID, "ts": TS, "digest": DIGEST, "decided_at": DECIDED, "event_id": EVENT_ID,
    "market": MARKET, "language": LANGUAGE, "source": SOURCE, "subject": SUBJECT, "actor": ACTOR,
}  # fmt: skip
_TEXT_HOLES = (EVENT_ID, MARKET, LANGUAGE, SOURCE, SUBJECT, ACTOR)
_AT_ONCE = 1_024  # so many are remembered when they are first met; later ones, the second time
_MOST_MET = 65_536
_MARK = re.compile(rb'"\\u0000(\d+)"')
"""A hole in a line. No name in a project holds a NUL, and every other text of the line is a hole itself."""


class Outcomes:
    """The outcomes of one event type under one engine.

    Attributes:
        able: whether the type has any: no case must be made of each of its events.
        decisions: one of each, without what is an event's own.
        shared: the same in msgpack, as records refer to it.
    """

    def __init__(self, engine: Engine, event_type: str, features: Sequence[str]) -> None:
        self._engine = engine
        self._type = engine.project.events[event_type]
        self._plan = engine.plans[event_type]
        self._features = tuple(features)
        self._numbers: dict[tuple[Any, ...], int] = {}
        self.decisions: list[Decision] = []
        self.shared: list[bytes] = []
        self._met: set[tuple[Any, ...]] = set()
        self._literals = Grown(np.uint8)
        self._steps = Grown(np.int64, 3)
        self._first = Grown(np.int64)
        self._holes = Grown(np.int64, len(_TEXT_HOLES) + 1)
        self._nulls = _nulls()
        named = [self._type.subject] if self._type.actor is None else [self._type.subject, self._type.actor]
        types = [self._type.fields.get(name) for name in named]
        spanned = all(each is not None and each.kind in _SPANNED and not each.is_list for each in types)
        self.able = spanned and not self._type.version and engine.settled(event_type)

    @property
    def buys(self) -> bool:
        """Whether something is bought for an audited event, which has no outcome here then."""
        return bool(self._plan.audit)

    def of(
        self, true: Sequence[int], market: str | None, language: str | None, *, audited: bool, acted: bool
    ) -> int:
        """The number of an outcome; -1 where it is not remembered.

        Args:
            true: conditions that are, rising.
            market: where the event was posted.
            language: of its content.
            audited: whether it is in the audit sample.
            acted: whether it has an actor.
        """
        holds = self._plan.in_scope(market, language, ()) if true else frozenset[int]()
        fired = tuple([n for n in true if n in holds])
        key = (fired, market, language, audited, acted) if fired else (audited,)
        found = self._numbers.get(key)
        if found is None:
            count = len(self.decisions)
            if count >= MOST or (count >= _AT_ONCE and fired and key not in self._met):
                if len(self._met) < _MOST_MET:
                    self._met.add(key)
                return -1
            found = self._numbers[key] = len(self.decisions)
            self._add(self._decision(fired, market, language, audited=audited, acted=acted))
        return found

    @property
    def programs(self) -> Programs:
        """How the lines of all outcomes are written."""
        return Programs(self._literals.rows, self._steps.rows, self._first.rows, *self._nulls)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Of each outcome, the bytes of its literals and how often each text of the event is in its line."""
        return self._holes.rows

    def _decision(
        self, fired: tuple[int, ...], market: str | None, language: str | None, *, audited: bool, acted: bool
    ) -> Decision:
        """The decision on an event of nobody."""
        fields: dict[str, Any] = dict.fromkeys(self._type.fields)
        fields[self._type.subject] = _mark(SUBJECT)
        if self._type.actor is not None and acted:
            fields[self._type.actor] = _mark(ACTOR)
        event = Event(id="", type=self._type.name, ts=0, fields=fields, market=market, language=language)
        readings = {name: Reading() for name in self._features}
        engine = self._engine
        state = engine.start_columns([event], [readings], Looked([list(fired)], [[]]), audit=[audited])
        step = engine.step(state)
        assert isinstance(step, Done), step
        return step.decisions[0]

    def _add(self, decision: Decision) -> None:
        parts = _MARK.split(self._line(decision))
        holes = [*map(int, parts[1::2]), END]
        self._first.add([len(self._steps.rows)])
        starts = len(self._literals.rows) + np.cumsum([0, *map(len, parts[:-2:2])])
        self._literals.add(np.frombuffer(b"".join(parts[::2]), np.uint8))
        self._steps.add(list(zip(starts.tolist(), map(len, parts[::2]), holes, strict=True)))
        self._holes.add([(sum(map(len, parts[::2])), *map(holes.count, _TEXT_HOLES))])
        own = dict.fromkeys(("market", "language", "source", "subject", "actor"))
        shared = msgspec.structs.replace(
            decision, decision_id="", event_id="", digest="", decided_at=0,
            actions=tuple(map(_aimless, decision.actions)),
            beneath=tuple(map(_aimless, decision.beneath)),
            **own,
        )  # fmt: skip
        self.decisions.append(shared)
        self.shared.append(msgspec.msgpack.encode(shared))

    def _line(self, decision: Decision) -> bytes:
        """The JSON line with a mark for every hole."""
        document = msgspec.structs.asdict(decision)
        document.update({name: _mark(hole) for name, hole in _HOLES.items()})
        document["features"] = {name: _mark(FEATURES + nth) for nth, name in enumerate(self._features)}
        return msgspec.json.encode(document) + b"\n"


def _nulls() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """`nulls` and `spans` of programs."""
    both = [
        (msgspec.json.encode(reading), msgspec.msgpack.encode(reading))
        for reading in (Reading(null=null or None) for null in NULLS)
    ]
    spans, at = list[tuple[int, int, int, int]](), 0
    for text, packed in both:
        spans.append((at, len(text), at + len(text), len(packed)))
        at += len(text) + len(packed)
    joined = b"".join([text + packed for text, packed in both])
    return np.frombuffer(joined, np.uint8), np.array(spans, np.int64)


class Grown:
    """An array that rows are added to; it is made anew only when it must be twice as large.

    >>> grown = Grown(np.int64)
    >>> grown.add([1, 2])
    >>> grown.rows.tolist()
    [1, 2]
    """

    def __init__(self, dtype: Any, *width: int) -> None:
        self._array: NDArray[Any] = np.empty((64, *width), dtype)
        self._count = 0

    @property
    def rows(self) -> NDArray[Any]:
        """What was added, in order."""
        return self._array[: self._count]

    def add(self, rows: Any) -> None:
        """Add some."""
        end = self._count + len(rows)
        if end > len(self._array):
            array = np.empty((2 * end, *self._array.shape[1:]), self._array.dtype)
            array[: self._count] = self.rows
            self._array = array
        self._array[self._count : end] = rows
        self._count = end


def _mark(hole: int) -> str:
    return f"\0{hole}"


def _aimless(action: Action) -> Action:
    """An action on whoever an event names: its subject or its actor."""
    return msgspec.structs.replace(action, target_id=None)
