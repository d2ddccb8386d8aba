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

    from seawall.core.action import Action
    from seawall.decide.engine import Engine

MOST = 4_096
"""Outcomes that are remembered; an event with another is decided on its own."""

_SPANNED = (Kind.STRING, Kind.HASH, Kind.INTEGER, Kind.NUMBER, Kind.TIMESTAMP)
_HOLES = {
    "decision_id": ID, "ts": TS, "digest": DIGEST, "decided_at": DECIDED, "event_id": EVENT_ID,
    "market": MARKET, "language": LANGUAGE, "source": SOURCE, "subject": SUBJECT, "actor": ACTOR,
}  # fmt: skip
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
        self._literals: list[bytes] = []
        self._steps: list[tuple[int, int, int]] = []
        self._first: list[int] = []
        self._used = 0
        self._programs: Programs | None = None
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
        """The number of an outcome; -1 where there are too many.

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
            if len(self.decisions) >= MOST:
                return -1
            found = self._numbers[key] = len(self.decisions)
            self._add(self._decision(fired, market, language, audited=audited, acted=acted))
        return found

    @property
    def programs(self) -> Programs:
        """How the lines of all outcomes are written."""
        if self._programs is None:
            texts = [msgspec.json.encode(Reading(null=null or None)) for null in NULLS]
            packed = [msgspec.msgpack.encode(Reading(null=null or None)) for null in NULLS]
            sizes = [(len(text), len(pack)) for text, pack in zip(texts, packed, strict=True)]
            spans, at = list[tuple[int, int, int, int]](), 0
            for text, pack in sizes:
                spans.append((at, text, at + text, pack))
                at += text + pack
            both = b"".join([text + pack for text, pack in zip(texts, packed, strict=True)])
            self._programs = Programs(
                np.frombuffer(b"".join(self._literals), np.uint8),
                np.array(self._steps, np.int64).reshape(-1, 3),
                np.array(self._first, np.int64),
                np.frombuffer(both, np.uint8),
                np.array(spans, np.int64),
            )
        return self._programs

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
        self._programs = None
        self._first.append(len(self._steps))
        parts = _MARK.split(self._line(decision))
        holes = [*map(int, parts[1::2]), END]
        for literal, hole in zip(parts[::2], holes, strict=True):
            self._steps.append((self._used, len(literal), hole))
            self._literals.append(literal)
            self._used += len(literal)
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


def _mark(hole: int) -> str:
    return f"\0{hole}"


def _aimless(action: Action) -> Action:
    """An action on whoever an event names: its subject or its actor."""
    return msgspec.structs.replace(action, target_id=None)
